//! Words are where they belong: every message that is asked for exists, every one that exists is
//! asked for with the arguments it names, and no template holds words of its own.

mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast;
use fluent_syntax::parser;

use super::embedded::EMBEDDED;
use super::*;

/// Templates that still hold words of their own. It only ever gets shorter.
const NOT_YET: &[&str] = &[];

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
    for (_, text) in EMBEDDED.iter().filter(|(tag, _)| *tag == language) {
        let resource = parser::parse(*text).unwrap_or_else(|(_, faults)| panic!("{faults:?}"));
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
    files.retain(|path| !path.to_string_lossy().contains("wording/tests"));
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
        .filter(|id| !used.contains(id))
        .collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}

#[test]
fn another_language_says_what_english_says() {
    let english = messages("en");
    let tags: BTreeSet<&str> = EMBEDDED.iter().map(|(tag, _)| *tag).collect();
    for tag in tags.into_iter().filter(|tag| *tag != "en") {
        for (id, names) in messages(tag) {
            let known = english.get(&id);
            let fits = known.is_some_and(|known| names.is_subset(known));
            assert!(fits, "{tag}: `{id}` with {names:?}, in English {known:?}");
        }
    }
}

#[test]
fn no_template_holds_words_of_its_own() {
    let folder = here("templates");
    let (mut faults, mut clean) = (Vec::new(), Vec::new());
    for path in below(&folder, "html") {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let words = scan::words(&fs::read_to_string(&path).unwrap());
        match (words.is_empty(), NOT_YET.contains(&name.as_str())) {
            (false, false) => faults.push(format!("{name}: {words:?}")),
            (true, true) => clean.push(name),
            _ => {}
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(clean.is_empty(), "no longer to be excepted: {clean:?}");
}

#[test]
fn every_resource_is_in_the_program() {
    let files = below(&here("locales"), "ftl");
    let texts: BTreeSet<&str> = EMBEDDED.iter().map(|(_, text)| *text).collect();
    assert_eq!(files.len(), EMBEDDED.len());
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        assert!(texts.contains(text.as_str()), "{}", path.display());
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
    assert_eq!(scan::words("<pre>not this</pre><code>nor this</code> ·"), [""; 0]);
}

fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("nl")).unwrap();
    fs::write(folder.path().join("nl/list.ftl"), text).unwrap();
    folder
}

#[test]
fn a_language_is_a_file_and_what_it_lacks_is_said_in_english() {
    let folder = folder("list-any = alle\n");
    let locales = Locales::load(Some(folder.path()), "en").unwrap();
    let none = FluentArgs::new();
    assert_eq!(locales.message("nl", "list-any", &none), "alle");
    assert_eq!(locales.message("nl", "list-newest", &none), "Newest");
    assert_eq!(locales.message("xx", "list-any", &none), "any");
    assert_eq!(locales.message("nl", "no-such-thing", &none), "no-such-thing");
}

#[test]
fn a_broken_file_is_named_at_the_start() {
    let folder = folder("list-any = { $\n");
    let error = Locales::load(Some(folder.path()), "en").err().unwrap();
    assert!(error.to_string().contains("list.ftl"), "{error}");
}

#[test]
fn the_browser_is_believed_by_weight_and_a_region_is_its_language() {
    let folder = folder("list-any = alle\n");
    let locales = Locales::load(Some(folder.path()), "nl").unwrap();
    assert_eq!(locales.accepted("en;q=0.5, nl-BE;q=0.8"), "nl");
    assert_eq!(locales.accepted("en, nl;q=0.8"), "en");
    assert_eq!(locales.accepted("nl;q=0, xx"), "nl");
    assert_eq!(locales.accepted("nl;q=0, en;q=0.1"), "en");
    assert_eq!(locales.accepted(""), "nl");
}

#[test]
fn no_argument_makes_an_element() {
    let said = rich("ledger-no-such-leaf-on-this")
        .link("/a\"b")
        .to_string();
    assert!(said.contains("<a href=\"/a&#34;b\">"), "{said}");
    let said = rich("public-policy-answered-for-by-questions-to")
        .a("controller", "<b>x</b>")
        .a("contact", "<script>")
        .a("version", "1")
        .to_string();
    assert!(!said.contains("<b>") && !said.contains("<script>"), "{said}");
    assert!(said.contains("&#60;script&#62;"), "{said}");
}
