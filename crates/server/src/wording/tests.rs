//! Loading, choosing and falling back; what is written where is looked at in `tests/wording.rs`.

use std::fs;

use super::*;

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
    assert_eq!(
        locales.message("nl", "no-such-thing", &none),
        "no-such-thing"
    );
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
    assert!(
        !said.contains("<b>") && !said.contains("<script>"),
        "{said}"
    );
    assert!(said.contains("&#60;script&#62;"), "{said}");
}

#[test]
fn a_sentence_follows_its_number_also_where_it_is_known_within_bounds() {
    let found = |total| {
        rich("search-the-words-of-were-looked")
            .a("total", total)
            .a("examined", 3_usize)
            .to_string()
    };
    let of = |at_least, at_most, about| app::Total {
        at_least,
        at_most,
        about,
    };
    assert_eq!(
        found(of(1, Some(1), None)),
        "<b>1</b> interaction matches; the words of 3 were looked at"
    );
    assert_eq!(
        found(of(5, None, Some(9))),
        "<b>at least 5, about 9</b> interactions match; the words of 3 were looked at"
    );
}
