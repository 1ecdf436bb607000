//! Words are where they belong: every message that is asked for exists, every one that exists is
//! asked for with the arguments it names, and no template holds words of its own.

#![cfg(test)]

#[path = "wording/scan.rs"]
mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast;
use fluent_syntax::parser;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn below(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(below(&path, kind));
        } else if path.extension().is_some_and(|known| known == kind) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Id of each message of a language, and the arguments it names.
fn messages(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut known = BTreeMap::new();
    for path in below(&here("locales").join(language), "ftl") {
        let text = fs::read_to_string(&path).unwrap();
        let resource =
            parser::parse(text.as_str()).unwrap_or_else(|(_, faults)| panic!("{faults:?}"));
        for entry in resource.body {
            if let ast::Entry::Message(message) = entry {
                let mut names = BTreeSet::new();
                arguments(message.value.as_ref().unwrap(), &mut names);
                let again = known.insert(message.id.name.to_owned(), names);
                assert!(again.is_none(), "`{}` is there twice", message.id.name);
            }
        }
    }
    known
}

fn arguments(pattern: &ast::Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            match expression {
                ast::Expression::Select { selector, variants } => {
                    inline(selector, names);
                    for variant in variants {
                        arguments(&variant.value, names);
                    }
                }
                ast::Expression::Inline(expression) => inline(expression, names),
            }
        }
    }
}

fn inline(expression: &ast::InlineExpression<&str>, names: &mut BTreeSet<String>) {
    if let ast::InlineExpression::VariableReference { id } = expression {
        names.insert(id.name.to_owned());
    }
}

fn uses() -> Vec<(PathBuf, scan::Use)> {
    let mut files = below(&here("templates"), "html");
    files.extend(below(&here("src"), "rs"));
    files.retain(|path| !path.ends_with("wording/tests.rs"));
    let each = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        scan::uses(&text)
            .into_iter()
            .map(move |one| (path.clone(), one))
            .collect::<Vec<_>>()
    };
    files.into_iter().flat_map(each).collect()
}

#[test]
fn every_message_that_is_asked_for_is_there_with_its_arguments() {
    let known = messages("en");
    let mut faults = Vec::new();
    for (path, used) in uses() {
        match known.get(&used.id) {
            None => faults.push(format!("{}: no `{}`", path.display(), used.id)),
            Some(names) if *names != used.arguments => faults.push(format!(
                "{}: `{}` names {names:?} and is given {:?}",
                path.display(),
                used.id,
                used.arguments
            )),
            Some(_) => {}
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_message_is_asked_for() {
    let used: BTreeSet<String> = uses().into_iter().map(|(_, one)| one.id).collect();
    let idle: Vec<String> = messages("en")
        .into_keys()
        // Each language is asked for its own name.
        .filter(|id| !used.contains(id) && id != "common-language")
        .collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}

#[test]
fn another_language_says_what_english_says() {
    let english = messages("en");
    for folder in fs::read_dir(here("locales")).unwrap() {
        let tag = folder.unwrap().file_name().into_string().unwrap();
        for (id, names) in messages(&tag) {
            let known = english.get(&id);
            let fits = known.is_some_and(|known| names.is_subset(known));
            assert!(fits, "{tag}: `{id}` with {names:?}, in English {known:?}");
        }
    }
}

/// A page is in one language: where a language says some of it, it says all of it.
#[test]
fn a_page_that_another_language_has_is_whole_in_it() {
    let ids = |path: &Path| -> BTreeSet<String> {
        let text = fs::read_to_string(path).unwrap();
        let lines = text.lines().filter_map(|line| line.split_once(" ="));
        lines
            .map(|(id, _)| id.to_owned())
            .filter(|id| !id.starts_with([' ', '#', '}']))
            .collect()
    };
    let mut faults = Vec::new();
    for path in below(&here("locales"), "ftl") {
        let name = path.file_name().unwrap();
        let english = ids(&here("locales/en").join(name));
        let lacking: Vec<String> = english.difference(&ids(&path)).cloned().collect();
        if !lacking.is_empty() {
            faults.push(format!("{}: {lacking:?}", path.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_template_holds_words_of_its_own() {
    let mut faults = Vec::new();
    for path in below(&here("templates"), "html") {
        let words = scan::words(&fs::read_to_string(&path).unwrap());
        if !words.is_empty() {
            faults.push(format!("{}: {words:?}", path.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_resource_is_in_the_program() {
    let listed = fs::read_to_string(here("src/wording/embedded.rs")).unwrap();
    let files = below(&here("locales"), "ftl");
    assert_eq!(listed.matches("include_str!").count(), files.len());
    for path in files {
        let name = path.strip_prefix(here("locales")).unwrap();
        let path = format!("../../locales/{}", name.display());
        assert!(listed.contains(&path), "{path}");
    }
}

#[test]
fn the_check_sees_what_it_looks_for() {
    let text = r#"<p title="Two words">A{% if x %} word{% endif %} {{ crate::t("a-b").a("n", f(")", 1)).a("m", 2) }}</p>"#;
    let used = scan::uses(text);
    assert_eq!(used.len(), 1);
    let one = used.first().unwrap();
    assert_eq!(one.id, "a-b");
    assert_eq!(one.arguments, ["m", "n"].map(str::to_owned).into());
    assert_eq!(scan::words(text), ["Two words", " word"]);
    assert_eq!(
        scan::words("<pre>not this</pre><code>nor this</code> ·"),
        [""; 0]
    );
}
