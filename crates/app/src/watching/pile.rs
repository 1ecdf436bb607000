//! What lies in a folder and is ready to be taken in.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What a mail server calls the folder of new messages, and that of those that somebody has read.
const NEW: &str = "new";
const READ: &str = "cur";
/// Says in a message's name that it was read.
const SEEN: &str = ":2,S";

/// How a folder is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filling {
    /// By somebody who writes files, in any folder below it.
    Files,
    /// By a mail server, message by message (Maildir, <https://cr.yp.to/proto/maildir.html>).
    Mail,
}

/// Length and time of change: the same twice, and whoever writes the file is done.
type Stamp = (u64, Option<SystemTime>);

/// Files of a folder, those that were not taken and those that were.
#[derive(Debug)]
pub struct Pile {
    folder: PathBuf,
    filling: Filling,
    waiting: HashMap<PathBuf, Stamp>,
    taken: HashMap<PathBuf, Stamp>,
}

impl Pile {
    /// Everything in a folder and below it. Hidden files and links are left alone: a link could
    /// lead to what is not meant to be taken in.
    #[must_use]
    pub fn of_files(folder: &Path) -> Self {
        Self::new(folder, Filling::Files)
    }

    pub(super) fn new(folder: &Path, filling: Filling) -> Self {
        Self {
            folder: folder.to_owned(),
            filling,
            waiting: HashMap::new(),
            taken: HashMap::new(),
        }
    }

    /// Files that stood still since the last look, in the order of their names. Each is given once,
    /// and once more where it changed.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn ready(&mut self) -> io::Result<Vec<PathBuf>> {
        let mut there = Vec::new();
        match self.filling {
            Filling::Files => below(&self.folder, &mut there)?,
            Filling::Mail => files_in(&self.folder.join(NEW), &mut there, &mut Vec::new())?,
        }
        there.sort();
        let mut ready = Vec::new();
        let (mut waiting, mut taken) = (HashMap::new(), HashMap::new());
        for (path, stamp) in there {
            if self.taken.get(&path) == Some(&stamp) {
                taken.insert(path, stamp);
            } else if self.filling == Filling::Mail || self.waiting.get(&path) == Some(&stamp) {
                // A mail server moves a message in when it is whole.
                taken.insert(path.clone(), stamp);
                ready.push(path);
            } else {
                waiting.insert(path, stamp);
            }
        }
        (self.waiting, self.taken) = (waiting, taken);
        Ok(ready)
    }

    pub(super) const fn filling(&self) -> Filling {
        self.filling
    }

    /// Gives a file back, to be given again.
    pub(super) fn put_back(&mut self, path: &Path) {
        self.taken.remove(path);
    }

    /// Says that a file was taken in. A message goes to those that were read, as a mail program
    /// would put it.
    pub(super) fn done(&self, path: &Path) -> io::Result<()> {
        let (Filling::Mail, Some(name)) = (self.filling, path.file_name()) else {
            return Ok(());
        };
        let read = self.folder.join(READ);
        std::fs::create_dir_all(&read)?;
        let mut name = name.to_owned();
        name.push(SEEN);
        std::fs::rename(path, read.join(name))
    }
}

/// A folder as a mail server makes it.
pub(super) fn is_mailbox(folder: &Path) -> bool {
    folder.join(NEW).is_dir()
}

fn below(folder: &Path, found: &mut Vec<(PathBuf, Stamp)>) -> io::Result<()> {
    let mut folders = Vec::new();
    files_in(folder, found, &mut folders)?;
    for one in folders {
        match below(&one, found) {
            // It was removed since.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}

fn files_in(
    folder: &Path,
    found: &mut Vec<(PathBuf, Stamp)>,
    folders: &mut Vec<PathBuf>,
) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        // Of the entry itself: a link is neither a file nor a folder.
        let Ok(meta) = entry.metadata() else {
            continue;
        };
        if meta.is_dir() {
            folders.push(entry.path());
        } else if meta.is_file() {
            found.push((entry.path(), (meta.len(), meta.modified().ok())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &[PathBuf]) -> Vec<String> {
        let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        files.iter().map(name).collect()
    }

    #[test]
    fn a_file_is_ready_once_it_stands_still_and_again_when_it_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.csv");
        std::fs::create_dir(folder.path().join("of today")).unwrap();
        std::fs::write(&path, "half").unwrap();
        std::fs::write(folder.path().join("of today/a.csv"), "whole").unwrap();
        std::fs::write(folder.path().join(".hidden"), "x").unwrap();
        let mut pile = Pile::of_files(folder.path());
        assert!(pile.ready().unwrap().is_empty(), "nobody knows who writes");
        std::fs::write(&path, "half and more").unwrap();
        assert_eq!(names(&pile.ready().unwrap()), ["a.csv"]);
        assert_eq!(names(&pile.ready().unwrap()), ["b.csv"]);
        assert!(pile.ready().unwrap().is_empty(), "each is given once");
        std::fs::write(&path, "half and more and the rest").unwrap();
        assert!(pile.ready().unwrap().is_empty());
        assert_eq!(names(&pile.ready().unwrap()), ["b.csv"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        std::fs::write(elsewhere.path().join("secret"), "x").unwrap();
        let link = |from: &Path, to: &str| {
            std::os::unix::fs::symlink(from, folder.path().join(to)).unwrap();
        };
        link(&elsewhere.path().join("secret"), "file");
        link(elsewhere.path(), "folder");
        let mut pile = Pile::of_files(folder.path());
        pile.ready().unwrap();
        assert!(pile.ready().unwrap().is_empty());
    }

    #[test]
    fn a_message_is_moved_to_those_that_were_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_mailbox(folder.path()));
        for name in ["tmp", "new", "cur"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        assert!(is_mailbox(folder.path()));
        std::fs::write(folder.path().join("tmp/1.host"), "half").unwrap();
        std::fs::write(folder.path().join("new/2.host"), "whole").unwrap();
        let mut pile = Pile::new(folder.path(), Filling::Mail);
        let ready = pile.ready().unwrap();
        assert_eq!(names(&ready), ["2.host"]);
        pile.put_back(&ready[0]);
        assert_eq!(pile.ready().unwrap(), ready, "it was given back");
        pile.done(&ready[0]).unwrap();
        assert!(folder.path().join("cur/2.host:2,S").is_file());
        assert!(pile.ready().unwrap().is_empty());
    }
}
