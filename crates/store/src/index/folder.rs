//! Candidates from tantivy: one folder per tenant, a field of words' keyed hashes with their turned
//! places, and one of the marks of what is known beside them.
//!
//! Every segment is sorted, the newest start first, so that a page reads no more than it shows.
//! The writer lives for one batch only, because its lock shuts other processes out. A batch that
//! cannot get the lock in time fails and stays marked in the database for the next one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::{InteractionId, TenantId};
use tantivy::directory::MmapDirectory;
use tantivy::index::SegmentId;
use tantivy::indexer::LogMergePolicy;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{
    Index, IndexReader, IndexSettings, IndexSortByField, IndexWriter, Opstamp, Order, ReloadPolicy,
    Searcher, TantivyDocument, TantivyError, Term,
};

use super::source::{CandidateSource, Count, Entry, Plan};
use super::{Spot, segments, written};
use crate::StoreError;

/// Memory of a writer, in bytes; of one that adds many at once.
const BUDGET: usize = 100_000_000;
const LARGE_BUDGET: usize = 300_000_000;
/// So many entries are many.
const MANY: usize = 2_000;
/// How long a batch waits for another process's writer.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);
/// Segments of more documents are not merged further.
const LARGE: usize = 100_000;
/// Name of the folder's form; another form stands beside it and is made anew.
const FORM: &str = "4";

/// The folder with one index per tenant.
pub(crate) struct Folder {
    root: PathBuf,
    open: Mutex<HashMap<TenantId, Arc<Shelf>>>,
}

/// One tenant's index.
struct Shelf {
    index: Index,
    reader: IndexReader,
    /// The segments that the reader has.
    read: Mutex<Option<Segments>>,
    fields: Fields,
}

/// Each segment with its latest deletion.
type Segments = Vec<(SegmentId, Option<Opstamp>)>;

#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    id: Field,
    high: Field,
    low: Field,
    length: Field,
    spread: Field,
    opening: Field,
    pub(super) started: Field,
    pub(super) words: Field,
    pub(super) marks: Field,
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
        let above = self.path(tenant);
        let path = above.join(FORM);
        if !path.exists() {
            // What another form left behind: the database says that its entries are to be made.
            remove_folder(&above)?;
            if !make {
                return Ok(None);
            }
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

    async fn page(
        &self,
        tenant: TenantId,
        plan: &Plan,
        after: Option<Spot>,
        limit: usize,
    ) -> Result<Vec<Spot>, StoreError> {
        let plan = plan.clone();
        let work =
            move |shelf: &Shelf| segments::page(&shelf.level()?, shelf.fields, &plan, after, limit);
        let found = self.with(tenant, false, "searching", work).await?;
        Ok(found.unwrap_or_default())
    }

    async fn count(
        &self,
        tenant: TenantId,
        plan: &Plan,
        patience: Duration,
    ) -> Result<Count, StoreError> {
        let plan = plan.clone();
        let work =
            move |shelf: &Shelf| segments::count(&shelf.level()?, shelf.fields, &plan, patience);
        let counted = self.with(tenant, false, "counting", work).await?;
        Ok(counted.unwrap_or(Count::exactly(0)))
    }

    async fn remove(&self, tenant: TenantId, id: InteractionId) -> Result<(), StoreError> {
        self.with(tenant, false, "removing", move |shelf| shelf.remove(id))
            .await?;
        Ok(())
    }

    async fn clear(&self, tenant: TenantId) -> Result<(), StoreError> {
        let cleared = |shelf: &Shelf| -> Result<(), TantivyError> {
            let mut writer = shelf.writer(BUDGET)?;
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
        schema.add_i64_field("started", FAST);
        schema.add_u64_field("length", FAST);
        schema.add_u64_field("spread", FAST);
        schema.add_u64_field("opening", FAST);
        let placed = TextFieldIndexing::default()
            .set_tokenizer(written::NAME)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        schema.add_text_field("words", TextOptions::default().set_indexing_options(placed));
        schema.add_u64_field("marks", INDEXED);
        let newest_first = IndexSortByField {
            field: "started".to_owned(),
            order: Order::Desc,
        };
        let settings = IndexSettings {
            sort_by_field: Some(newest_first),
            ..IndexSettings::default()
        };
        let index = Index::builder()
            .schema(schema.build())
            .settings(settings)
            .open_or_create(MmapDirectory::open(path)?)?;
        index.tokenizers().register(written::NAME, written::Words);
        let schema = index.schema();
        let fields = Fields {
            id: schema.get_field("id")?,
            high: schema.get_field("high")?,
            low: schema.get_field("low")?,
            started: schema.get_field("started")?,
            length: schema.get_field("length")?,
            spread: schema.get_field("spread")?,
            opening: schema.get_field("opening")?,
            words: schema.get_field("words")?,
            marks: schema.get_field("marks")?,
        };
        // Reloaded by hand before each search, so that other processes' commits are seen.
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(Self {
            index,
            reader,
            read: Mutex::new(None),
            fields,
        })
    }

    /// The reader, level with what is on disk. Opening every segment again takes longer than many
    /// a search, so that it is done only where another process or a batch changed them.
    fn level(&self) -> Result<Searcher, TantivyError> {
        let metas = self.index.load_metas()?;
        let segments = metas.segments.iter();
        let now: Segments = segments
            .map(|segment| (segment.id(), segment.delete_opstamp()))
            .collect();
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.as_ref() != Some(&now) {
            self.reader.reload()?;
            *read = Some(now);
        }
        Ok(self.reader.searcher())
    }

    fn writer(&self, budget: usize) -> Result<IndexWriter, TantivyError> {
        let begun = Instant::now();
        loop {
            match self.index.writer_with_num_threads(1, budget) {
                Err(TantivyError::LockFailure(..)) if begun.elapsed() < PATIENCE => {
                    std::thread::sleep(PAUSE);
                }
                Ok(writer) => {
                    let mut policy = LogMergePolicy::default();
                    policy.set_max_docs_before_merge(LARGE);
                    writer.set_merge_policy(Box::new(policy));
                    return Ok(writer);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn term_of(&self, id: InteractionId) -> Term {
        Term::from_field_bytes(self.fields.id, id.as_uuid().as_bytes())
    }

    fn put(&self, entries: &[Entry]) -> Result<(), TantivyError> {
        let budget = if entries.len() > MANY {
            LARGE_BUDGET
        } else {
            BUDGET
        };
        let mut writer = self.writer(budget)?;
        for entry in entries {
            let id = entry.spot.id;
            writer.delete_term(self.term_of(id));
            let (high, low) = id.as_uuid().as_u64_pair();
            let mut doc = TantivyDocument::default();
            doc.add_bytes(self.fields.id, id.as_uuid().as_bytes());
            doc.add_u64(self.fields.high, high);
            doc.add_u64(self.fields.low, low);
            doc.add_i64(self.fields.started, entry.spot.started.0);
            doc.add_u64(self.fields.length, u64::from(entry.places.length));
            for most in entry.places.spread {
                doc.add_u64(self.fields.spread, u64::from(most));
            }
            for words in entry.places.opening {
                doc.add_u64(self.fields.opening, u64::from(words));
            }
            doc.add_text(self.fields.words, written::lines(&entry.places));
            for mark in &entry.marks {
                doc.add_u64(self.fields.marks, mark.0);
            }
            writer.add_document(doc)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()
    }

    /// Deletes and rewrites the segments that held the entry: a deleted document's hashes would
    /// stay in its segment's file.
    fn remove(&self, id: InteractionId) -> Result<(), TantivyError> {
        let mut writer = self.writer(BUDGET)?;
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
}

/// Removes a folder with everything in it; one that is not there is no error.
pub(super) fn remove_folder(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::Io {
            during: "remove the index folder",
            path: path.to_owned(),
            source: error,
        }),
        _ => Ok(()),
    }
}
