//! What must not compile.

/// P18, P98: no permit by hand, none from another deed, no scope from an id, no new deeds.
#[test]
fn misuse_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/*.rs");
}
