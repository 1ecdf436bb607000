//! What a query may say, how it is refused, and how it is written back.

use analysis::search::{
    CandidatePlan, FieldKind, FieldSet, FieldSpec, Resolved, candidates, completions, evaluate,
    explain, follow, format, parse, parse_with,
};
use domain::query::{Fields, TokenId, WordStream};
use proptest::prelude::*;

/// Query and its standard form.
const STANDARD: &[(&str, &str)] = &[
    ("cancel", "cancel"),
    ("Cancel my plan", "cancel AND my AND plan"),
    ("a and b or c", "a AND b OR c"),
    ("a & (b | c)", "a AND (b OR c)"),
    ("-refund order", "NOT refund AND order"),
    ("not (a near b)", "NOT a NEAR:5 b"),
    ("a NEAR:.5 b", "a NEAR:0.5 b"),
    ("a before:10W b after:2.50s c", "a BEFORE:10w b AFTER:2.5 c"),
    ("a NOT NEAR (b OR c)", "a NOT NEAR:5 (b OR c)"),
    (
        "problem NOTIN \"not a problem\"",
        "problem NOTIN \"not a problem\"",
    ),
    ("\u{201c}thank you\u{201d}~2", "\"thank you\"~2"),
    ("\"twenty five dollars\"", "\"25 dollars\""),
    ("well-known", "\"well known\""),
    ("\"and\"", "\"and\""),
    (
        "[refund, \"money back\", [CARD]]",
        "[refund, \"money back\", [CARD]]",
    ),
    ("[card]", "[card]"),
    ("\"number is [CARD]\"", "\"number is [CARD]\""),
    ("cancel~ refund*", "cancel~ AND refund*"),
    ("\"want to cancel~\"", "\"want to cancel~\""),
    (r"/colou?r/ /a\/b/", r"/colou?r/ AND /a\/b/"),
    ("agent:(sorry OR apolog*)", "agent:(sorry OR apolog*)"),
    (
        "consumer:\"speak to a manager\"",
        "consumer:\"speak to a manager\"",
    ),
    ("speaker2:hello", "speaker2:hello"),
    ("first:30(hello)", "first:30s(hello)"),
    ("LAST:12.5%(bye)", "last:12.5%(bye)"),
    ("first:20w(agent:(a b))", "first:20w(agent:(a AND b))"),
    (
        "CAT:[Retention.Cancel intent]",
        "CAT:[Retention.Cancel intent]",
    ),
    ("channel:voice", "channel:voice"),
    ("agent = \"Ann B\"", "agent=\"Ann B\""),
    ("duration > 5m", "duration>300"),
    ("duration:60..2m", "duration:60..120"),
    ("talk_ratio>=60%", "talk_ratio>=0.6"),
    ("sentiment<-0.5", "sentiment<-0.5"),
    ("score.greeting!=80", "score.greeting!=80"),
    ("started:2026-11-24", "started:2026-11-24"),
    ("started>2026-11-24", "started>=2026-11-25"),
    ("started<=2026-11-24T10:30Z", "started<2026-11-24T10:31"),
    (
        "started:2026-11-01..2026-11-30",
        "started:2026-11-01..2026-11-30",
    ),
    ("started!=2026-11-24", "started!=2026-11-24"),
    ("(a (b c))", "a AND (b AND c)"),
    ("near:", ""),
];

#[test]
fn queries_have_a_standard_form_that_reads_back() {
    for (text, standard) in STANDARD {
        let Ok(query) = parse(text) else {
            assert_eq!(*standard, "", "{text}: {}", parse(text).unwrap_err());
            continue;
        };
        assert_eq!(format(&query), *standard, "{text}");
        assert_eq!(parse(standard).as_ref(), Ok(&query), "{text}");
    }
}

/// Query, column, a piece of what was expected, and the nearest form.
const REFUSED: &[(&str, usize, &str, &str)] = &[
    ("", 1, "a word", ""),
    (
        "\"thank you",
        1,
        "a quote that closes this one",
        "\"thank you\"",
    ),
    ("(a OR b", 1, "a `)` for this `(`", "(a OR b)"),
    ("a) b", 2, "a word or the end", ""),
    ("a AND", 6, "a word, a quoted phrase", ""),
    ("OR b", 1, "a word, a quoted phrase", "\"or\""),
    ("a NEAR:x b", 8, "an amount such as 5", "NEAR:5"),
    ("a NEAR:2m b", 8, "seconds (`s`) or words (`w`)", "NEAR:120"),
    ("a NEAR:1.5w b", 8, "a whole number of words", "NEAR:10w"),
    ("a NEAR/5 b", 7, "`:` and an amount", "NEAR:5"),
    ("a NEAR:100000 b", 8, "at most a day", "NEAR:86400"),
    ("a NEAR (NOT b)", 8, "words on both sides", ""),
    ("channel:voice NEAR b", 1, "words on both sides", ""),
    ("a NOT IN b", 3, "a part to exclude", "NOTIN"),
    ("durtion>5", 1, "the name of a field or scope", "duration:"),
    (
        "customer:hello",
        1,
        "the name of a field or scope",
        "consumer:",
    ),
    (
        "channel>voice",
        9,
        "`:`, `=` or `!=` and a word",
        "channel:voice",
    ),
    ("duration>long", 10, "a length of time", "duration:90s"),
    (
        "started>2026-02-30",
        9,
        "a day or minute",
        "started:2026-11-24",
    ),
    ("[CRAD]", 2, "a kind of redaction", "[CARD]"),
    ("[credit card]", 9, "`,` or `]`", ""),
    ("a*", 1, "at least two letters", ""),
    ("/(a/", 1, "a regular expression", ""),
    ("/(((a{99}){99}){99})/", 1, "a smaller pattern", ""),
    ("/abc", 1, "a `/` that closes the pattern", "/abc/"),
    (
        "first:30s hello",
        11,
        "`(` and what to look for there",
        "first:30s(…)",
    ),
    (
        "first:120%(a)",
        7,
        "a share from 0% to 100%",
        "first:10%(…)",
    ),
    (
        "CAT:Retention",
        5,
        "`[` and a category's name",
        "CAT:[Folder.Name]",
    ),
    (
        "CAT:[Retention",
        1,
        "a `]` that closes the name",
        "CAT:[Folder.Name]",
    ),
    ("cancel~2", 8, "a quoted phrase before", "\"cancel …\"~2"),
    (
        "\"a b\"~x",
        7,
        "how many words may stand between",
        "\"…\"~2",
    ),
    ("\"\"", 1, "words between the quotes", ""),
    ("NOT NOT a", 1, "one `NOT`", "NOT (NOT …)"),
];

#[test]
fn refusals_name_the_column_and_the_nearest_form() {
    for (text, column, expected, nearest) in REFUSED {
        let error = parse(text).expect_err(text);
        assert_eq!(error.column, *column, "{text}: {error}");
        assert!(error.expected.contains(expected), "{text}: {error}");
        assert_eq!(
            error.nearest.as_deref().unwrap_or_default(),
            *nearest,
            "{text}: {error}"
        );
    }
}

#[test]
fn several_faults_are_told_at_once() {
    let error = parse("durtion>5 AND (a NEAR:x b OR [CRAD]) AND custmer:x").expect_err("refused");
    let columns: Vec<usize> = error.all().map(|fault| fault.column).collect();
    assert_eq!(columns, [1, 23, 31, 42]);
}

#[test]
fn depth_and_length_are_bounded() {
    for text in ["(", "[", "agent:", "first:1s("] {
        let deep = text.repeat(3_000);
        assert!(parse(&deep).is_err());
    }
    let long = vec!["a"; 9_000].join(" ");
    assert!(parse(&long).is_ok());
    assert!(parse(&"a ".repeat(20_000)).is_err());
    assert!(parse(&vec!["a"; 30].join(" NEAR ")).is_err());
}

#[test]
fn categories_as_deep_as_allowed_are_matched_and_deeper_ones_refused() {
    let open = "(a OR NOT ".repeat(17);
    let close = ")".repeat(17);
    let level = |name: &str, last: u32| {
        let level: u32 = name.parse().ok()?;
        let inner = if level >= last {
            "a".to_owned()
        } else {
            format!("CAT:[{}]", level + 1)
        };
        parse(&format!("{open}{inner}{close}")).ok()
    };
    let query = parse("CAT:[1]").expect("a query");
    let followed = follow(&query, &|name| level(name, 8)).expect("eight levels");
    let mut resolved = Resolved::default();
    resolved.word("a", TokenId(1));
    let found = evaluate(
        &followed,
        &resolved,
        &WordStream::default(),
        &Fields::default(),
    );
    // Eight times seventeen negations of a word that is not there.
    assert_eq!(found, None);
    assert!(explain(&followed).contains("the category 1"));
    let deeper = follow(&query, &|name| level(name, 9)).expect_err("nine levels");
    assert!(deeper.expected.contains("at most 8 categories"), "{deeper}");
}

#[test]
fn what_is_not_resolved_matches_nothing() {
    let stream = WordStream::default();
    for text in ["NOT a", "NOT ab*", "NOT CAT:[x]"] {
        let query = parse(text).expect(text);
        let none = Resolved::default();
        assert_eq!(
            evaluate(&query, &none, &stream, &stream.fields),
            None,
            "{text}"
        );
        assert_eq!(candidates(&query, &none), CandidatePlan::None, "{text}");
    }
}

#[test]
fn declared_fields_are_known_and_others_are_not() {
    let mut fields = FieldSet::standard();
    let spec = FieldSpec {
        kind: FieldKind::Number,
        about: "order total".to_owned(),
        values: Vec::new(),
    };
    fields.declare("Order_Total", spec);
    assert!(parse("order_total>100").is_err());
    assert!(parse_with("order_total>100", &fields).is_ok());
}

#[test]
fn queries_are_told_in_plain_english() {
    let told = |text: &str| explain(&parse(text).expect(text));
    assert_eq!(
        told("agent:refund NEAR:10 [CARD] AND NOT first:60s(\"recorded line\")"),
        "Interactions where there is \"refund\" said by the agent with at most 10 s between it and \
         something redacted as [CARD], and it is not so that there is the phrase \"recorded\" \"line\" \
         in the first 60 s of the interaction.\n\
         Looked up first: interactions with \"refund\" and something redacted as [CARD]."
    );
    assert!(told("NOT hello").contains("every interaction"));
}

#[test]
fn editors_get_names_and_values() {
    let fields = FieldSet::standard();
    let offer = |text: &str| -> Vec<String> {
        let categories = ["Retention.Cancel".to_owned(), "Sales.Offer".to_owned()];
        let all = completions(text, text.chars().count(), &fields, &categories);
        all.into_iter().map(|completion| completion.text).collect()
    };
    assert_eq!(offer("a NE"), ["NEAR:5"]);
    assert_eq!(offer("channel:v"), ["voice"]);
    assert_eq!(offer("CAT:[ret"), ["Retention.Cancel]"]);
    assert_eq!(offer("dur"), ["duration:"]);
    assert!(offer("\"dur").is_empty());
}

fn words() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "refund",
        "OR",
        "AND",
        "NOT",
        "NEAR",
        "NEAR:5",
        "BEFORE:3w",
        "after",
        "NOTIN",
        "(",
        ")",
        "[",
        "]",
        ",",
        "\"",
        "~",
        "~2",
        "-",
        "agent:",
        "first:10%(",
        "last:5s(",
        "CAT:[x.y]",
        "duration>5",
        "channel:voice",
        "[CARD]",
        "/re+/",
        "wild*",
        "twenty",
        "five",
        "|",
        "&",
        ":",
        "=",
        "*",
        "é",
        "\u{201c}",
        "started:2026-11-24",
    ];
    let piece = proptest::sample::select(pieces.to_vec());
    proptest::collection::vec((piece, any::<bool>()), 0..24).prop_map(|pieces| {
        pieces
            .into_iter()
            .map(|(piece, space)| format!("{piece}{}", if space { " " } else { "" }))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_breaks_the_parser(text in any::<String>()) {
        if let Ok(query) = parse(&text) {
            prop_assert_eq!(parse(&format(&query)), Ok(query));
        }
    }

    #[test]
    fn no_mixture_of_operators_breaks_the_parser(text in words()) {
        match parse(&text) {
            Ok(query) => {
                let standard = format(&query);
                prop_assert_eq!(parse(&standard), Ok(query.clone()));
                prop_assert_eq!(format(&query), standard);
                prop_assert!(!explain(&query).is_empty());
            }
            Err(error) => {
                let length = text.chars().count();
                prop_assert!(error.all().all(|fault| fault.column <= length + 1));
            }
        }
    }
}
