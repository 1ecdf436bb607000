//! Files that come in part by part: begun with what is declared about them, continued after a
//! broken connection where they were left, taken in when the last byte is there.

use domain::{
    Channel, DataCategory, InteractionId, Millis, Purpose, Secret, TenantId, Timestamp, UploadId,
};
use policy::{Interactions, Permit, Scope, Seal};
use serde::{Deserialize, Serialize};
use store::{Appended, NewUpload, Upload};

use crate::app::{App, standing_facts};
use crate::error::AppError;
use crate::intake::{IntakeOrder, Outcome};

/// Bytes that are sealed as one part, at most.
pub const PART: usize = 4 << 20;
/// An upload to which nothing came for so long is forgotten.
const KEPT: Millis = Millis(24 * 60 * 60 * 1_000);
/// Longer declarations are refused.
const LONGEST_LABELS: usize = 8 * 1_024;

const WHAT: &[DataCategory] = &[
    DataCategory::RawContent,
    DataCategory::Voice,
    DataCategory::Contact,
    DataCategory::InteractionMetadata,
];

/// What is declared about a file; kept sealed while it is on its way.
#[derive(Debug, Clone, Default)]
pub struct UploadLabels {
    /// The file's own name, for whoever sends it.
    pub file: Option<Secret>,
    /// As for any intake.
    pub order: IntakeOrder,
}

/// An upload as whoever began it sees it.
#[derive(Debug, Clone)]
pub struct UploadView {
    /// Which.
    pub id: UploadId,
    /// Bytes in all.
    pub length: u64,
    /// Bytes that are here.
    pub received: u64,
    /// When it is forgotten.
    pub until: Timestamp,
    /// The file's own name.
    pub file: Option<Secret>,
    /// What became of it, once it has ended.
    pub outcomes: Option<Vec<Outcome>>,
}

#[derive(Serialize, Deserialize)]
struct LabelsV1 {
    v: u16,
    file: Option<String>,
    agent: Option<String>,
    consumer: Option<String>,
    agent_channel: Option<u16>,
    started: Option<i64>,
    metadata: Vec<(String, String)>,
    key: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct OutcomesV1 {
    v: u16,
    outcomes: Vec<OutcomeV1>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum OutcomeV1 {
    Taken {
        id: String,
        channel: String,
        warnings: Vec<String>,
    },
    Known {
        id: String,
    },
    Continued {
        id: String,
        messages: usize,
    },
    Refused {
        reason: String,
        sentence: String,
    },
}

impl App {
    /// Begins an upload of `length` bytes.
    ///
    /// # Errors
    /// [`AppError::Input`] where it is too large, or the tenant's open uploads are; the labels
    /// too long; [`AppError::Denied`].
    pub async fn begin_upload(
        &self,
        scope: &Scope,
        length: u64,
        labels: &UploadLabels,
    ) -> Result<UploadView, AppError> {
        let megabytes = |bytes: u64| bytes.div_ceil(1_048_576);
        if length == 0 || length > self.config.largest {
            return Err(AppError::Input(format!(
                "a file has 1 byte to {} MB",
                megabytes(self.config.largest)
            )));
        }
        let text = written(labels)?;
        let permit = self.may_upload(scope, self.store.new_upload_id()?).await?;
        let new = NewUpload {
            length,
            labels: text,
            until: self.now().plus(KEPT),
            quota: self.config.uploads,
        };
        let begun = self.store.begin_upload(&permit, &new).await?;
        let begun = begun.ok_or_else(|| {
            AppError::Input(format!(
                "files on their way in may have {} MB together; finish or give up another first",
                megabytes(self.config.uploads)
            ))
        })?;
        view(begun)
    }

    /// An upload of whoever asks. One that is complete but not taken in yet, because the program
    /// or the connection ended just then, is taken in now.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where it is another's or was forgotten.
    pub async fn upload(&self, scope: &Scope, id: UploadId) -> Result<UploadView, AppError> {
        let permit = self.may_upload(scope, id).await?;
        let found = self.store.upload(&permit).await?;
        if found.received < found.length || found.outcome.is_some() {
            return view(found);
        }
        let order = read_labels(&found.labels)?.order;
        let bytes = self.store.received(&permit).await?;
        let outcomes = self.take_in(scope, bytes.to_vec(), &order).await?;
        self.store.end_upload(&permit, &told(&outcomes)?).await?;
        Ok(UploadView {
            outcomes: Some(outcomes),
            ..view(found)?
        })
    }

    /// The uploads of whoever asks that have not ended, oldest first.
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::Store`].
    pub async fn open_uploads(&self, scope: &Scope) -> Result<Vec<UploadView>, AppError> {
        let facts = self.collecting(scope).await?;
        let scope = scope.for_purpose(Purpose::Storage);
        let permit = self.decide(&scope, Interactions, WHAT, &facts).await?;
        let open = self.store.open_uploads(&permit).await?;
        open.into_iter().map(view).collect()
    }

    /// How many bytes of an upload are here.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn upload_offset(&self, scope: &Scope, id: UploadId) -> Result<UploadView, AppError> {
        let permit = self.may_upload(scope, id).await?;
        view(self.store.upload(&permit).await?)
    }

    /// Seals a part, at most [`PART`] bytes, that begins after `offset` bytes; durable when it
    /// returns.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Store`].
    pub async fn append_upload(
        &self,
        scope: &Scope,
        id: UploadId,
        offset: u64,
        bytes: &[u8],
    ) -> Result<Appended, AppError> {
        let permit = self.may_upload(scope, id).await?;
        let until = self.now().plus(KEPT);
        Ok(self
            .store
            .append_upload(&permit, offset, bytes, until)
            .await?)
    }

    /// Gives an upload up: nothing of it stays.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn drop_upload(&self, scope: &Scope, id: UploadId) -> Result<(), AppError> {
        let permit = self.may_upload(scope, id).await?;
        Ok(self.store.drop_upload(&permit).await?)
    }

    /// Forgets uploads whose time is over; says how many.
    pub(crate) async fn forget_uploads(&self) -> Result<usize, AppError> {
        let mut forgotten = 0;
        for tenant in self.store.tenants().await? {
            let permit = self.may_sweep(tenant.id).await?;
            forgotten += self.store.sweep_uploads(&permit).await?;
        }
        Ok(forgotten)
    }

    async fn may_upload(
        &self,
        scope: &Scope,
        id: UploadId,
    ) -> Result<Permit<Seal, UploadId>, AppError> {
        let facts = self.collecting(scope).await?;
        self.decide(&scope.for_purpose(Purpose::Storage), id, WHAT, &facts)
            .await
    }

    async fn may_sweep(&self, tenant: TenantId) -> Result<Permit<Seal, Interactions>, AppError> {
        let scope = self.pipeline_scope(tenant, Purpose::Storage);
        let facts = self.collecting(&scope).await?;
        self.decide(&scope, Interactions, WHAT, &facts).await
    }

    /// The tenant's standing facts, for what is collected now.
    async fn collecting(&self, scope: &Scope) -> Result<policy::Facts, AppError> {
        Ok(policy::Facts {
            collected_under: Some(self.policy().version().to_owned()),
            collected_at: Some(self.now()),
            ..standing_facts(&self.tenant_of(scope).await?)
        })
    }
}

fn view(upload: Upload) -> Result<UploadView, AppError> {
    let outcomes = upload
        .outcome
        .map(|text| read_outcomes(&text))
        .transpose()?;
    Ok(UploadView {
        id: upload.id,
        length: upload.length,
        received: upload.received,
        until: upload.until,
        file: read_labels(&upload.labels)?.file,
        outcomes,
    })
}

fn written(labels: &UploadLabels) -> Result<Secret, AppError> {
    let text = |secret: &Option<Secret>| secret.as_ref().map(|one| one.expose().to_owned());
    let order = &labels.order;
    let kept = LabelsV1 {
        v: 1,
        file: text(&labels.file),
        agent: text(&order.agent),
        consumer: text(&order.consumer),
        agent_channel: order.agent_channel,
        started: order.started.map(|at| at.0),
        metadata: order
            .metadata
            .iter()
            .map(|(key, value)| (key.clone(), value.expose().to_owned()))
            .collect(),
        key: order.idempotency_key.clone(),
    };
    let written = serde_json::to_string(&kept).map_err(|_| AppError::Stopped)?;
    if written.len() > LONGEST_LABELS {
        return Err(AppError::Input(
            "what is declared about the file is too long".to_owned(),
        ));
    }
    Ok(Secret::new(written))
}

fn read_labels(text: &Secret) -> Result<UploadLabels, AppError> {
    let kept: LabelsV1 = serde_json::from_str(text.expose()).map_err(|_| unreadable())?;
    if kept.v != 1 {
        return Err(unreadable());
    }
    Ok(UploadLabels {
        file: kept.file.map(Secret::new),
        order: IntakeOrder {
            agent: kept.agent.map(Secret::new),
            consumer: kept.consumer.map(Secret::new),
            agent_channel: kept.agent_channel,
            started: kept.started.map(Timestamp),
            metadata: kept
                .metadata
                .into_iter()
                .map(|(key, value)| (key, Secret::new(value)))
                .collect(),
            idempotency_key: kept.key,
        },
    })
}

fn told(outcomes: &[Outcome]) -> Result<Secret, AppError> {
    let kept = OutcomesV1 {
        v: 1,
        outcomes: outcomes.iter().map(kept).collect(),
    };
    let text = serde_json::to_string(&kept).map_err(|_| AppError::Stopped)?;
    Ok(Secret::new(text))
}

fn kept(outcome: &Outcome) -> OutcomeV1 {
    match outcome {
        Outcome::Taken {
            id,
            channel,
            warnings,
        } => OutcomeV1::Taken {
            id: id.to_string(),
            channel: channel.key().to_owned(),
            warnings: warnings.clone(),
        },
        Outcome::Known { id } => OutcomeV1::Known { id: id.to_string() },
        Outcome::Continued { id, messages } => OutcomeV1::Continued {
            id: id.to_string(),
            messages: *messages,
        },
        Outcome::Refused { reason, sentence } => OutcomeV1::Refused {
            reason: reason.clone(),
            sentence: sentence.clone(),
        },
    }
}

fn read_outcomes(text: &Secret) -> Result<Vec<Outcome>, AppError> {
    let kept: OutcomesV1 = serde_json::from_str(text.expose()).map_err(|_| unreadable())?;
    if kept.v != 1 {
        return Err(unreadable());
    }
    let id = |text: &str| text.parse::<InteractionId>();
    let outcomes: Result<Vec<Outcome>, domain::IdError> = kept
        .outcomes
        .into_iter()
        .map(|one| {
            Ok(match one {
                OutcomeV1::Taken {
                    id: which,
                    channel,
                    warnings,
                } => Outcome::Taken {
                    id: id(&which)?,
                    channel: channel.parse::<Channel>()?,
                    warnings,
                },
                OutcomeV1::Known { id: which } => Outcome::Known { id: id(&which)? },
                OutcomeV1::Continued {
                    id: which,
                    messages,
                } => Outcome::Continued {
                    id: id(&which)?,
                    messages,
                },
                OutcomeV1::Refused { reason, sentence } => Outcome::Refused { reason, sentence },
            })
        })
        .collect();
    Ok(outcomes?)
}

fn unreadable() -> AppError {
    AppError::Input("what is kept of the upload is of a newer program".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_outcomes_survive_their_stored_form() {
        let mut labels = UploadLabels {
            file: Some(Secret::new("call.wav")),
            ..UploadLabels::default()
        };
        labels.order.agent = Some(Secret::new("Nora"));
        labels.order.started = Some(Timestamp(7));
        labels
            .order
            .metadata
            .insert("case".to_owned(), Secret::new("9"));
        let read = read_labels(&written(&labels).unwrap()).unwrap();
        assert_eq!(read.file.unwrap().expose(), "call.wav");
        assert_eq!(read.order.agent.unwrap().expose(), "Nora");
        assert_eq!(read.order.started, Some(Timestamp(7)));
        assert_eq!(read.order.metadata["case"].expose(), "9");
        let outcomes = vec![
            Outcome::Known {
                id: "int_00000000000000000000000000000001".parse().unwrap(),
            },
            Outcome::Refused {
                reason: "zip".to_owned(),
                sentence: "no".to_owned(),
            },
        ];
        assert_eq!(read_outcomes(&told(&outcomes).unwrap()).unwrap(), outcomes);
        labels.file = Some(Secret::new("x".repeat(LONGEST_LABELS)));
        assert!(written(&labels).is_err());
    }

    /// Version 1 as it was first written: it must stay readable.
    #[test]
    fn version_1_stays_readable() {
        let labels = r#"{"v":1,"file":"a","agent":null,"consumer":null,"agent_channel":0,
            "started":5,"metadata":[["k","v"]],"key":"x"}"#;
        let read = read_labels(&Secret::new(labels)).unwrap();
        assert_eq!(read.order.idempotency_key.as_deref(), Some("x"));
        let outcomes = r#"{"v":1,"outcomes":[{"outcome":"taken",
            "id":"int_00000000000000000000000000000001","channel":"voice","warnings":[]}]}"#;
        assert_eq!(read_outcomes(&Secret::new(outcomes)).unwrap().len(), 1);
    }
}
