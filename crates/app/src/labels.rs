//! Labels that people put on interactions, and what they do with many at once.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use domain::{DataCategory, InteractionId, Millis, Purpose, Secret, Stage, TenantId, Timestamp};
use policy::{Read, Scope};
use store::{TagKey, TagUse};
use zip::write::SimpleFileOptions;

use crate::app::App;
use crate::error::AppError;
use crate::exporting::ExportFormat;

/// A label longer than this is a note, not a label.
const LONGEST_LABEL: usize = 40;
/// How long counted labels are taken as they are: to count them, every one is read.
const FRESH: Millis = Millis(60_000);

/// Labels of each tenant with when they were counted.
pub(crate) type LabelsRead = BTreeMap<TenantId, (Timestamp, Vec<TagUse>)>;

impl App {
    /// Puts a label on interactions and says on how many.
    ///
    /// # Errors
    /// [`AppError::Input`] for an empty or long label; [`AppError::Denied`].
    pub async fn label(
        &self,
        scope: &Scope,
        ids: &[InteractionId],
        label: &Secret,
    ) -> Result<usize, AppError> {
        let text = label.expose().trim();
        if text.is_empty() || text.chars().count() > LONGEST_LABEL {
            return Err(AppError::Input(format!(
                "a tag has 1 to {LONGEST_LABEL} characters"
            )));
        }
        let label = Secret::new(text);
        for id in ids {
            let permit = self
                .ask::<Read>(scope, *id, &[DataCategory::InteractionMetadata])
                .await?;
            self.store.add_tag(&permit, &label).await?;
        }
        self.labels_changed(scope.tenant(), None).await;
        Ok(ids.len())
    }

    /// Takes a label off an interaction.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn unlabel(
        &self,
        scope: &Scope,
        id: InteractionId,
        key: &TagKey,
    ) -> Result<(), AppError> {
        let permit = self
            .ask::<Read>(scope, id, &[DataCategory::InteractionMetadata])
            .await?;
        self.store.remove_tag(&permit, key).await?;
        self.labels_changed(scope.tenant(), None).await;
        Ok(())
    }

    /// Labels in use, the most used first; their counts are of this minute.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn labels(&self, scope: &Scope) -> Result<Vec<TagUse>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let permit = self
            .ask_to_find(&scope, &[DataCategory::InteractionMetadata])
            .await?;
        let (tenant, now) = (permit.tenant(), self.clock.now());
        let known = self.labels.lock().await.get(&tenant).cloned();
        if let Some((at, labels)) = known
            && now.since(at) < FRESH
        {
            return Ok(labels);
        }
        let labels = self.store.tags(&permit).await?;
        let known = (now, labels.clone());
        self.labels.lock().await.insert(tenant, known);
        Ok(labels)
    }

    /// Forgets a tenant's counted labels; after one label was put on, only where it is a new one.
    pub(crate) async fn labels_changed(&self, tenant: TenantId, put: Option<&Secret>) {
        let mut all = self.labels.lock().await;
        let known = all.get(&tenant).is_some_and(|(_, labels)| {
            let same = |one: &TagUse| put.is_some_and(|put| one.label.expose() == put.expose());
            labels.iter().any(same)
        });
        if !known {
            all.remove(&tenant);
        }
    }

    /// The labels of those of some interactions that bear any.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn labels_of(
        &self,
        scope: &Scope,
        ids: &[InteractionId],
    ) -> Result<BTreeMap<InteractionId, Vec<TagUse>>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let permit = self
            .ask_to_find(&scope, &[DataCategory::InteractionMetadata])
            .await?;
        Ok(self.store.tags_of(&permit, ids).await?)
    }

    /// Redacted interactions in one ZIP archive, a file each, named by their ids. What is not
    /// ready is left out.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn export_many(
        &self,
        scope: &Scope,
        ids: &[InteractionId],
        format: ExportFormat,
    ) -> Result<Vec<u8>, AppError> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        let failed = |error: zip::result::ZipError| AppError::Io {
            what: "write the archive".to_owned(),
            source: std::io::Error::other(error),
        };
        for id in ids {
            let bytes = match self.export(scope, *id, format).await {
                Ok(bytes) => bytes,
                Err(AppError::Withheld(_)) => continue,
                Err(other) => return Err(other),
            };
            let name = format!("{id}.{}", format.extension());
            archive.start_file(name, options).map_err(failed)?;
            archive
                .write_all(&bytes)
                .map_err(AppError::io("write the archive"))?;
        }
        Ok(archive.finish().map_err(failed)?.into_inner())
    }

    /// Processes interactions again from their first stage.
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::NotFound`].
    pub async fn process_again(
        &self,
        scope: &Scope,
        ids: &[InteractionId],
    ) -> Result<usize, AppError> {
        let scope = scope.for_purpose(Purpose::Storage);
        for id in ids {
            let permit = self
                .ask::<Read>(&scope, *id, &[DataCategory::InteractionMetadata])
                .await?;
            let first = Stage::first_on(self.store.summary(&permit).await?.channel);
            self.store.replay_from(permit.tenant(), *id, first).await?;
        }
        Ok(ids.len())
    }
}
