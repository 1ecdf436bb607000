//! Forms that carry a file: bound to their session like every other.

use axum::extract::{FromRequest, Multipart, Request};
use domain::Secret;

use crate::door::{Person, is_ours};
use crate::pages::Oops;
use crate::pages::forms::not_ours;
use crate::problem::Problem;
use crate::t;

/// Room for the largest file that the desk takes: a message with its attachments, a pack.
pub(super) const LARGEST: usize = 64 * 1024 * 1024;

/// The fields and files of a form that came from one of our pages.
pub(super) struct Upload {
    fields: Vec<(String, String)>,
    files: Vec<(String, Vec<u8>)>,
}

impl Upload {
    /// Reads a form whose files stand in the named field.
    pub(super) async fn read(person: &Person, request: Request, file: &str) -> Result<Self, Oops> {
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|error| Problem::input(error.body_text()))?;
        let unread =
            |error: axum::extract::multipart::MultipartError| Problem::input(error.body_text());
        let mut read = Self {
            fields: Vec::new(),
            files: Vec::new(),
        };
        while let Some(part) = parts.next_field().await.map_err(unread)? {
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(unread)?;
            if name != file {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                read.fields.push((name, text));
            } else if !bytes.is_empty() {
                read.files.push((name, bytes.to_vec()));
            }
        }
        if is_ours(&person.token, read.get("csrf")) {
            Ok(read)
        } else {
            Err(not_ours().into())
        }
    }

    /// The first value of a field without the blanks around it; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// A field as something that hides itself.
    pub(super) fn secret(&self, name: &str) -> Secret {
        Secret::new(self.get(name))
    }

    /// Every file that is not empty.
    pub(super) fn files(&self) -> impl Iterator<Item = &[u8]> {
        self.files.iter().map(|(_, bytes)| bytes.as_slice())
    }

    /// The one file that the form asks for.
    pub(super) fn file(&self) -> Result<&[u8], Oops> {
        let mut all = self.files();
        all.next()
            .ok_or_else(|| Problem::input(t("problem-choose-the-file")).into())
    }
}
