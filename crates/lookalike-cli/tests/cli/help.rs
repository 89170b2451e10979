//! Every help text, as a snapshot in `tests/help`. `TRYCMD=overwrite` renews them.

#[test]
fn help_texts_are_as_reviewed() {
    trycmd::TestCases::new().env("COLUMNS", "100").env("NO_COLOR", "1").case("tests/help/*.trycmd");
}
