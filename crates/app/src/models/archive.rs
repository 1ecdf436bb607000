//! Takes pinned files out of archives: whole members, or one symbol of a shared object.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use engine::catalogue::{ModelFile, Part};
use object::{Object, ObjectSection, ObjectSymbol};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::ModelsError;

/// Larger members than this are not looked into for symbols.
const LARGEST_OBJECT: u64 = 256 * 1024 * 1024;

/// Joins a file's parts from their archives into `scratch`, checks it and moves it to `target`.
/// `archives` stand in the order of the file's parts.
pub(super) fn unpack(
    file: &ModelFile,
    archives: &[PathBuf],
    scratch: &Path,
    target: &Path,
) -> Result<(), ModelsError> {
    let made = File::create(scratch).map_err(|source| ModelsError::io(scratch, source))?;
    let mut sink = Hashing::new(made, file.bytes);
    for (part, archive) in file.parts.iter().zip(archives) {
        copy_part(part, archive, &mut sink)?;
    }
    let last = archives.last().map_or(scratch, PathBuf::as_path);
    settle(file, sink, last, scratch, target)
}

/// Copies an already unpacked file from a folder, with the same check.
pub(super) fn adopt(
    file: &ModelFile,
    from: &Path,
    scratch: &Path,
    target: &Path,
) -> Result<(), ModelsError> {
    let mut given = File::open(from).map_err(|source| ModelsError::io(from, source))?;
    let made = File::create(scratch).map_err(|source| ModelsError::io(scratch, source))?;
    let mut sink = Hashing::new(made, file.bytes);
    io::copy(&mut given, &mut sink).map_err(|source| ModelsError::io(from, source))?;
    settle(file, sink, from, scratch, target)
}

/// SHA-256 of a file in lower-case hexadecimal.
pub(super) fn digest_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut sink = Hashing::new(io::sink(), u64::MAX);
    io::copy(&mut file, &mut sink)?;
    Ok(sink.finish().1)
}

fn settle(
    file: &ModelFile,
    sink: Hashing<File>,
    from: &Path,
    scratch: &Path,
    target: &Path,
) -> Result<(), ModelsError> {
    let (made, found) = sink.finish();
    if found != file.sha256 {
        fs::remove_file(scratch).map_err(|source| ModelsError::io(scratch, source))?;
        return Err(ModelsError::Mismatch {
            file: file.path,
            archive: from.to_path_buf(),
            expected: file.sha256,
            found,
        });
    }
    made.sync_all()
        .and_then(|()| fs::rename(scratch, target))
        .map_err(|source| ModelsError::io(target, source))
}

fn copy_part(part: &Part, archive: &Path, sink: &mut Hashing<File>) -> Result<(), ModelsError> {
    let broken = |error: &dyn std::error::Error| ModelsError::archive(archive, error.to_string());
    let file = File::open(archive).map_err(|source| ModelsError::io(archive, source))?;
    let mut zip = ZipArchive::new(file).map_err(|error| broken(&error))?;
    let mut member = zip.by_name(part.member).map_err(|error| {
        ModelsError::archive(
            archive,
            format!("no readable member `{}` ({error})", part.member),
        )
    })?;
    let copied = match part.symbol {
        None => io::copy(&mut member, sink).map(|_| ()),
        Some(symbol) => {
            let mut bytes = Vec::new();
            member
                .take(LARGEST_OBJECT)
                .read_to_end(&mut bytes)
                .map_err(|error| broken(&error))?;
            let data = symbol_bytes(&bytes, symbol).ok_or_else(|| {
                ModelsError::archive(
                    archive,
                    format!("`{}` holds no data under `{symbol}`", part.member),
                )
            })?;
            sink.write_all(data)
        }
    };
    copied.map_err(|error| broken(&error))
}

/// The bytes that a dynamic symbol of a shared object stands for.
fn symbol_bytes<'a>(object: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let parsed = object::File::parse(object).ok()?;
    let symbol = parsed
        .dynamic_symbols()
        .find(|symbol| symbol.name() == Ok(name))?;
    let section = parsed.section_by_index(symbol.section_index()?).ok()?;
    section
        .data_range(symbol.address(), symbol.size())
        .ok()
        .flatten()
}

/// Writes through, hashing; refuses more than the file may hold, so that an archive that
/// unpacks to anything else cannot fill the disk.
struct Hashing<W> {
    inner: W,
    hash: Sha256,
    left: u64,
}

impl<W> Hashing<W> {
    fn new(inner: W, most: u64) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            left: most,
        }
    }

    fn finish(self) -> (W, String) {
        (self.inner, hex::encode(self.hash.finalize()))
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        let counted = u64::try_from(written).unwrap_or(u64::MAX);
        self.left = self
            .left
            .checked_sub(counted)
            .ok_or_else(|| io::Error::other("larger than the pinned file"))?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_is_found_in_a_shared_object_only() {
        assert_eq!(symbol_bytes(b"no object at all", "name"), None);
        let own = fs::read("/proc/self/exe").unwrap();
        assert_eq!(symbol_bytes(&own, "there is no such symbol"), None);
    }

    #[test]
    fn more_than_the_pinned_size_is_refused() {
        let mut sink = Hashing::new(io::sink(), 3);
        assert!(sink.write_all(b"abc").is_ok());
        assert!(sink.write_all(b"d").is_err());
    }
}
