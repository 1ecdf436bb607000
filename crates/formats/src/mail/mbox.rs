//! Mailbox files as a stream: one message in memory at a time, and of the threads only the
//! words, within a budget.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::io::BufRead;

use sha2::{Digest, Sha256};

use crate::{FormatError, Hints, Incoming};

use super::letter::Letter;
use super::thread::Thread;

/// Words of open threads that are held; past this the thread that was silent longest is
/// handed out, and what answers it later is a further part of the same thread by its source id.
const HELD: usize = 32 * 1024 * 1024;

/// Largest message, attachments included; the rest of a larger one is skipped.
const LARGEST: usize = 64 * 1024 * 1024;

/// Reads a mailbox file thread by thread. A message that is there twice is taken once.
pub fn mbox_threads<R: BufRead>(reader: R, hints: &Hints) -> MailThreads<R> {
    MailThreads {
        messages: Messages {
            reader,
            pending: false,
            done: false,
        },
        hints: hints.clone(),
        open: BTreeMap::new(),
        threads: HashMap::new(),
        seen: HashSet::new(),
        touched: 0,
        held: 0,
        ready: VecDeque::new(),
    }
}

/// The threads of a mailbox file; see [`mbox_threads`].
pub struct MailThreads<R> {
    messages: Messages<R>,
    hints: Hints,
    /// By the time they were last touched.
    open: BTreeMap<u64, Open>,
    /// Which open thread an id belongs to.
    threads: HashMap<Id, u64>,
    seen: HashSet<Id>,
    touched: u64,
    held: usize,
    ready: VecDeque<Result<Incoming, FormatError>>,
}

/// A Message-ID, shortened: 128 bits do not meet by chance.
type Id = [u8; 16];

#[derive(Default)]
struct Open {
    thread: Thread,
    ids: Vec<Id>,
}

impl<R: BufRead> Iterator for MailThreads<R> {
    type Item = Result<Incoming, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            match self.messages.next() {
                Some(Ok(bytes)) => self.take(&bytes),
                Some(Err(error)) => return Some(Err(FormatError::Io(error))),
                None => {
                    let (_, open) = self.open.pop_first()?;
                    return Some(open.thread.finish(&self.hints));
                }
            }
        }
    }
}

impl<R> MailThreads<R> {
    fn take(&mut self, bytes: &[u8]) {
        let Some(letter) = Letter::read(bytes) else {
            return;
        };
        let own = letter.id.as_deref().map(id);
        if own.is_some_and(|own| !self.seen.insert(own)) {
            return;
        }
        let mut ids: Vec<Id> = letter.references.iter().map(|text| id(text)).collect();
        ids.extend(own);
        let mut open = Open::default();
        for id in &ids {
            let at = self.threads.get(id);
            // Two threads that this message joins become one.
            if let Some(other) = at.and_then(|at| self.open.remove(at)) {
                self.held = self.held.saturating_sub(other.thread.size());
                open.thread.absorb(other.thread);
                open.ids.extend(other.ids);
            }
        }
        open.thread.add(letter);
        open.ids.extend(ids);
        open.ids.sort_unstable();
        open.ids.dedup();
        self.touched += 1;
        for id in &open.ids {
            self.threads.insert(*id, self.touched);
        }
        self.held += open.thread.size();
        self.open.insert(self.touched, open);
        self.hand_out();
    }

    fn hand_out(&mut self) {
        while self.held > HELD {
            let Some((_, open)) = self.open.pop_first() else {
                return;
            };
            self.held = self.held.saturating_sub(open.thread.size());
            for id in open.ids {
                self.threads.remove(&id);
            }
            self.ready.push_back(open.thread.finish(&self.hints));
        }
    }
}

fn id(text: &str) -> Id {
    let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let mut short = [0; 16];
    for (to, from) in short.iter_mut().zip(hash) {
        *to = from;
    }
    short
}

/// Splits at `From ` lines that follow an empty line, and takes the guard off quoted ones.
struct Messages<R> {
    reader: R,
    /// The `From ` line of the next message was read.
    pending: bool,
    done: bool,
}

impl<R: BufRead> Messages<R> {
    fn next(&mut self) -> Option<std::io::Result<Vec<u8>>> {
        let mut message = Vec::new();
        let mut line = Vec::new();
        let mut after_blank = true;
        while !self.done {
            line.clear();
            match self.line(&mut line) {
                Ok(true) => {}
                Ok(false) => self.done = true,
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
            if after_blank && line.starts_with(b"From ") {
                if self.pending {
                    return Some(Ok(message));
                }
                self.pending = true;
                continue;
            }
            after_blank = line.iter().all(u8::is_ascii_whitespace);
            let guarded = line.iter().position(|byte| *byte != b'>').filter(|at| {
                *at > 0
                    && line
                        .get(*at..)
                        .is_some_and(|rest| rest.starts_with(b"From "))
            });
            let plain = line
                .get(usize::from(guarded.is_some())..)
                .unwrap_or_default();
            if message.len() + plain.len() <= LARGEST {
                message.extend_from_slice(plain);
            }
        }
        let last = std::mem::take(&mut self.pending);
        last.then_some(Ok(message))
    }

    /// One line, or as much of it as a message may have; `false` at the end.
    fn line(&mut self, line: &mut Vec<u8>) -> std::io::Result<bool> {
        use std::io::Read as _;
        let most = u64::try_from(LARGEST).unwrap_or(u64::MAX);
        Ok(self.reader.by_ref().take(most).read_until(b'\n', line)? > 0)
    }
}
