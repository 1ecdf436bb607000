//! Candidates from tantivy: one folder per tenant, one field of keyed hashes.
//!
//! The writer lives for one batch only, because its lock shuts other processes out. A batch that
//! cannot get the lock in time fails and stays marked in the database for the next one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::query::TokenId;
use domain::{InteractionId, TenantId};
use tantivy::collector::DocSetCollector;
use tantivy::directory::MmapDirectory;
use tantivy::query::{BooleanQuery, EmptyQuery, Query, TermQuery, TermSetQuery};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term};
use uuid::Uuid;

use super::Candidates;
use super::source::{CandidateSource, Entry};
use crate::StoreError;

/// Memory of a writer, in bytes.
const BUDGET: usize = 30_000_000;
/// How long a batch waits for another process's writer.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

/// The folder with one index per tenant.
pub(crate) struct Folder {
    root: PathBuf,
    open: Mutex<HashMap<TenantId, Arc<Shelf>>>,
}

/// One tenant's index.
struct Shelf {
    index: Index,
    reader: IndexReader,
    fields: Fields,
}

#[derive(Clone, Copy)]
struct Fields {
    id: Field,
    high: Field,
    low: Field,
    tokens: Field,
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            open: Mutex::new(HashMap::new()),
        }
    }

    fn path(&self, tenant: TenantId) -> PathBuf {
        self.root.join(tenant.as_uuid().simple().to_string())
    }

    /// The tenant's index; `None` where there is none and none is to be made.
    fn shelf(&self, tenant: TenantId, make: bool) -> Result<Option<Arc<Shelf>>, StoreError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shelf) = open.get(&tenant) {
            return Ok(Some(Arc::clone(shelf)));
        }
        let path = self.path(tenant);
        if !make && !path.exists() {
            return Ok(None);
        }
        std::fs::create_dir_all(&path).map_err(|source| StoreError::Io {
            during: "make the index folder",
            path: path.clone(),
            source,
        })?;
        let shelf = Arc::new(Shelf::open(&path).map_err(StoreError::index("opening"))?);
        open.insert(tenant, Arc::clone(&shelf));
        Ok(Some(shelf))
    }

    async fn with<T: Send + 'static>(
        &self,
        tenant: TenantId,
        make: bool,
        during: &'static str,
        work: impl FnOnce(&Shelf) -> Result<T, TantivyError> + Send + 'static,
    ) -> Result<Option<T>, StoreError> {
        let Some(shelf) = self.shelf(tenant, make)? else {
            return Ok(None);
        };
        let done = tokio::task::spawn_blocking(move || work(&shelf)).await;
        let done = done.map_err(|_| StoreError::Stopped)?;
        done.map(Some).map_err(StoreError::index(during))
    }
}

#[async_trait]
impl CandidateSource for Folder {
    async fn put(&self, tenant: TenantId, entries: Vec<Entry>) -> Result<(), StoreError> {
        self.with(tenant, true, "adding", move |shelf| shelf.put(&entries))
            .await?;
        Ok(())
    }

    async fn find(
        &self,
        tenant: TenantId,
        plan: &Candidates,
    ) -> Result<Vec<InteractionId>, StoreError> {
        let plan = plan.clone();
        let found = self
            .with(tenant, false, "searching", move |shelf| shelf.find(&plan))
            .await?;
        Ok(found.unwrap_or_default())
    }

    async fn remove(&self, tenant: TenantId, id: InteractionId) -> Result<(), StoreError> {
        self.with(tenant, false, "removing", move |shelf| shelf.remove(id))
            .await?;
        Ok(())
    }

    async fn clear(&self, tenant: TenantId) -> Result<(), StoreError> {
        let cleared = |shelf: &Shelf| -> Result<(), TantivyError> {
            let mut writer = shelf.writer()?;
            writer.delete_all_documents()?;
            writer.commit()?;
            writer.garbage_collect_files().wait()?;
            writer.wait_merging_threads()
        };
        self.with(tenant, false, "clearing", cleared).await?;
        Ok(())
    }

    fn place(&self) -> &'static str {
        "search index folder"
    }
}

impl Shelf {
    fn open(path: &Path) -> Result<Self, TantivyError> {
        let mut schema = Schema::builder();
        schema.add_bytes_field("id", INDEXED);
        schema.add_u64_field("high", FAST);
        schema.add_u64_field("low", FAST);
        schema.add_u64_field("tokens", INDEXED);
        let index = Index::open_or_create(MmapDirectory::open(path)?, schema.build())?;
        let schema = index.schema();
        let fields = Fields {
            id: schema.get_field("id")?,
            high: schema.get_field("high")?,
            low: schema.get_field("low")?,
            tokens: schema.get_field("tokens")?,
        };
        // Reloaded by hand before each search, so that other processes' commits are seen.
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(Self {
            index,
            reader,
            fields,
        })
    }

    fn writer(&self) -> Result<IndexWriter, TantivyError> {
        let begun = Instant::now();
        loop {
            match self.index.writer_with_num_threads(1, BUDGET) {
                Err(TantivyError::LockFailure(..)) if begun.elapsed() < PATIENCE => {
                    std::thread::sleep(PAUSE);
                }
                other => return other,
            }
        }
    }

    fn term_of(&self, id: InteractionId) -> Term {
        Term::from_field_bytes(self.fields.id, id.as_uuid().as_bytes())
    }

    fn put(&self, entries: &[Entry]) -> Result<(), TantivyError> {
        let mut writer = self.writer()?;
        for entry in entries {
            writer.delete_term(self.term_of(entry.id));
            let (high, low) = entry.id.as_uuid().as_u64_pair();
            let mut doc = TantivyDocument::default();
            doc.add_bytes(self.fields.id, entry.id.as_uuid().as_bytes());
            doc.add_u64(self.fields.high, high);
            doc.add_u64(self.fields.low, low);
            for token in &entry.tokens {
                doc.add_u64(self.fields.tokens, token.0);
            }
            writer.add_document(doc)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()
    }

    fn find(&self, plan: &Candidates) -> Result<Vec<InteractionId>, TantivyError> {
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        let places = searcher.search(&*self.query(plan), &DocSetCollector)?;
        let mut columns = Vec::new();
        for segment in searcher.segment_readers() {
            let fast = segment.fast_fields();
            columns.push((fast.u64("high")?, fast.u64("low")?));
        }
        let mut found = Vec::with_capacity(places.len());
        for place in places {
            let at = usize::try_from(place.segment_ord).unwrap_or(usize::MAX);
            let pair = columns.get(at).and_then(|(high, low)| {
                Some((high.first(place.doc_id)?, low.first(place.doc_id)?))
            });
            if let Some((high, low)) = pair {
                found.push(InteractionId::from_uuid(Uuid::from_u64_pair(high, low)));
            }
        }
        Ok(found)
    }

    /// Deletes and rewrites the segments that held the entry: a deleted document's hashes would
    /// stay in its segment's file.
    fn remove(&self, id: InteractionId) -> Result<(), TantivyError> {
        let mut writer = self.writer()?;
        writer.delete_term(self.term_of(id));
        writer.commit()?;
        for segment in self.index.searchable_segment_metas()? {
            if segment.num_deleted_docs() > 0 {
                writer.merge(&[segment.id()]).wait()?;
            }
        }
        writer.garbage_collect_files().wait()?;
        writer.wait_merging_threads()
    }

    fn query(&self, plan: &Candidates) -> Box<dyn Query> {
        match plan {
            Candidates::Token(token) => {
                let term = self.term(*token);
                Box::new(TermQuery::new(term, IndexRecordOption::Basic))
            }
            Candidates::And(parts) => {
                let parts = parts.iter().map(|part| self.query(part)).collect();
                Box::new(BooleanQuery::intersection(parts))
            }
            Candidates::Or(parts) => match Candidates::only_tokens(parts) {
                Some(tokens) => Box::new(TermSetQuery::new(
                    tokens.into_iter().map(|token| self.term(token)),
                )),
                None => {
                    let parts = parts.iter().map(|part| self.query(part)).collect();
                    Box::new(BooleanQuery::union(parts))
                }
            },
            // The caller answers these two without the index.
            Candidates::All | Candidates::None => Box::new(EmptyQuery),
        }
    }

    fn term(&self, token: TokenId) -> Term {
        Term::from_field_u64(self.fields.tokens, token.0)
    }
}
