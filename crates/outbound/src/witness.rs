//! Showing the log's checkpoint to a witness (C2SP tlog-witness, `add-checkpoint`).

use domain::{DataCategory, Secret, Timestamp};
use policy::{Desk, Permit, Seal};

use crate::gateway::Gateway;
use crate::{OutboundError, webhook};

/// A witness answers with a few lines; what is longer is none of its answers.
const LONGEST: usize = 64 * 1024;

/// What a witness answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WitnessAnswer {
    /// Lines of its cosignatures, to be checked.
    Cosigned(String),
    /// It saw a checkpoint of another size last: so many leaves.
    Elsewhere(u64),
    /// It refused, with this status.
    Refused(u16),
}

impl Gateway {
    /// Shows a witness a checkpoint: sizes, hashes and signatures of the log, nothing of anybody.
    /// `prefix` is the witness's address without `/add-checkpoint`.
    ///
    /// # Errors
    /// [`OutboundError::Permit`] and [`OutboundError::Endpoint`] before anything leaves;
    /// [`OutboundError::Http`] where the witness cannot be reached;
    /// [`OutboundError::Answer`] where it answers in no known form.
    pub async fn show_witness(
        &self,
        permit: &Permit<Seal, Desk>,
        prefix: &str,
        body: String,
        now: Timestamp,
    ) -> Result<WitnessAnswer, OutboundError> {
        permit.check(DataCategory::InteractionMetadata, now)?;
        let url = format!("{}/add-checkpoint", prefix.trim_end_matches('/'));
        let address = webhook::address(&Secret::new(url))?;
        let fault = |source: reqwest::Error| OutboundError::Http(Box::new(source.without_url()));
        let mut answer = self
            .client()
            .post(address)
            .header("content-type", "text/plain; charset=utf-8")
            .body(body)
            .send()
            .await
            .map_err(fault)?;
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(fault)? {
            bytes.extend_from_slice(&part);
            if bytes.len() > LONGEST {
                return Err(OutboundError::Answer("it is too long"));
            }
        }
        let text = String::from_utf8(bytes).map_err(|_| OutboundError::Answer("it is no text"));
        match answer.status().as_u16() {
            200 => Ok(WitnessAnswer::Cosigned(text?)),
            409 => {
                let size = text?.trim_end().parse();
                let size = size.map_err(|_| OutboundError::Answer("it names no size"))?;
                Ok(WitnessAnswer::Elsewhere(size))
            }
            status => Ok(WitnessAnswer::Refused(status)),
        }
    }
}
