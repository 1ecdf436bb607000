//! The languages that an installation has: those inside the program, and those in its folder.

use std::collections::BTreeMap;
use std::path::Path;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::{CharacterDirection, LanguageIdentifier};

use super::embedded::EMBEDDED;

/// The language that every message exists in.
pub(crate) const REFERENCE: &str = "en";

type Bundle = FluentBundle<FluentResource>;

/// Every language with its messages.
#[derive(Default)]
pub(crate) struct Locales {
    reference: Option<Bundle>,
    /// By tag, without the reference.
    others: BTreeMap<String, Bundle>,
    fallback: String,
}

/// Why a folder of languages cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LocaleError {
    /// A folder or file cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The folder or file.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A folder's name is no language tag.
    #[error("`{0}` is not a language tag such as `de` or `pt-BR`")]
    Tag(String),
    /// A file is no Fluent resource.
    #[error("`{path}` is not a Fluent resource: {detail}")]
    Form {
        /// The file.
        path: String,
        /// What is wrong first.
        detail: String,
    },
}

impl Locales {
    /// The languages in the program, and over them those of `folder`: `de/list.ftl` and so on.
    /// `fallback` is the language of whoever asks for none.
    ///
    /// # Errors
    /// [`LocaleError`], naming the file.
    pub(crate) fn load(folder: Option<&Path>, fallback: &str) -> Result<Self, LocaleError> {
        let mut bundles: BTreeMap<String, Bundle> = BTreeMap::new();
        for (tag, text) in EMBEDDED {
            add(&mut bundles, tag, text, tag)?;
        }
        if let Some(folder) = folder {
            for (tag, path) in files(folder)? {
                let text = read(&path)?;
                add(&mut bundles, &tag, &text, &path.display().to_string())?;
            }
        }
        let reference = bundles.remove(REFERENCE);
        let fallback = if bundles.contains_key(fallback) {
            fallback
        } else {
            REFERENCE
        };
        Ok(Self {
            reference,
            others: bundles,
            fallback: fallback.to_owned(),
        })
    }

    /// A message in a language, else in English; the id itself where English lacks it too.
    pub(crate) fn message(&self, language: &str, id: &str, args: &FluentArgs<'_>) -> String {
        let own = self.others.get(language);
        own.and_then(|bundle| said(bundle, id, args))
            .or_else(|| said(self.reference.as_ref()?, id, args))
            .unwrap_or_else(|| id.to_owned())
    }

    /// Tags of all languages.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &str> {
        std::iter::once(REFERENCE).chain(self.others.keys().map(String::as_str))
    }

    /// The tag that stands for a wish such as `de-AT`: itself, or the language without its region.
    pub(crate) fn known(&self, wish: &str) -> Option<&str> {
        let exact = self.tags().find(|tag| tag.eq_ignore_ascii_case(wish));
        let wide = wish.split('-').next().unwrap_or_default();
        exact.or_else(|| self.tags().find(|tag| tag.eq_ignore_ascii_case(wide)))
    }

    /// The language of an `Accept-Language` header (RFC 9110, 12.5.4), else the installation's.
    pub(crate) fn accepted(&self, header: &str) -> &str {
        let mut wishes: Vec<(u16, &str)> = header.split(',').filter_map(wish).collect();
        wishes.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let mut known = wishes.iter().filter_map(|(_, tag)| self.known(tag));
        known.next().unwrap_or(&self.fallback)
    }
}

/// Which way a language is written: `ltr` or `rtl`.
pub(crate) fn direction(tag: &str) -> &'static str {
    let parsed: Option<LanguageIdentifier> = tag.parse().ok();
    match parsed.map(|id| id.character_direction()) {
        Some(CharacterDirection::RTL) => "rtl",
        _ => "ltr",
    }
}

fn said(bundle: &Bundle, id: &str, args: &FluentArgs<'_>) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(args), &mut faults);
    if !faults.is_empty() {
        tracing::warn!(id, "a message does not fit its arguments");
    }
    Some(text.into_owned())
}

/// One wish of the header: its weight in thousandths and its tag. A weight of nothing is a refusal.
fn wish(part: &str) -> Option<(u16, &str)> {
    let mut pieces = part.split(';');
    let tag = pieces.next()?.trim();
    let weight = pieces
        .find_map(|piece| piece.trim().strip_prefix("q="))
        .map_or(Some(1_000), thousandths)?;
    (weight > 0 && !tag.is_empty()).then_some((weight, tag))
}

fn thousandths(text: &str) -> Option<u16> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    let weight = whole.parse::<u16>().ok()?.checked_mul(1_000)?;
    weight.checked_add(digits.parse().ok()?)
}

fn bundle(tag: &str) -> Result<Bundle, LocaleError> {
    let id: LanguageIdentifier = tag.parse().map_err(|_| LocaleError::Tag(tag.to_owned()))?;
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Marks that isolate an argument's direction are needed only where the sentence runs from
    // right to left; in others they would be invisible characters in everything that is copied.
    bundle.set_use_isolating(direction(tag) == "rtl");
    Ok(bundle)
}

fn add(
    bundles: &mut BTreeMap<String, Bundle>,
    tag: &str,
    text: &str,
    path: &str,
) -> Result<(), LocaleError> {
    let resource =
        FluentResource::try_new(text.to_owned()).map_err(|(_, faults)| LocaleError::Form {
            path: path.to_owned(),
            detail: faults.first().map(ToString::to_string).unwrap_or_default(),
        })?;
    let mut bundle = match bundles.remove(tag) {
        Some(bundle) => bundle,
        None => bundle(tag)?,
    };
    bundle.add_resource_overriding(resource);
    bundles.insert(tag.to_owned(), bundle);
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<(String, std::path::PathBuf)>, LocaleError> {
    let mut found = Vec::new();
    for language in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        let name = language.file_name().unwrap_or_default();
        let tag = name.to_string_lossy().into_owned();
        for file in entries(&language)? {
            if file.extension().is_some_and(|kind| kind == "ftl") {
                found.push((tag.clone(), file));
            }
        }
    }
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<std::path::PathBuf>, LocaleError> {
    let wrong = |source| LocaleError::Read {
        path: folder.display().to_string(),
        source,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        paths.push(entry.map_err(wrong)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String, LocaleError> {
    std::fs::read_to_string(path).map_err(|source| LocaleError::Read {
        path: path.display().to_string(),
        source,
    })
}
