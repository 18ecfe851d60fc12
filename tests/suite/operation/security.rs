//! docs/SECURITY.md promises nothing without a test, and each test that it names is there.
use super::named;

const SECURITY: &str = include_str!("../../../docs/SECURITY.md");

/// The names in backquotes behind the arrow of a line.
fn names(line: &str) -> Vec<&str> {
    let Some((_, tests)) = line.split_once(" → ") else { return Vec::new() };
    tests.split('`').skip(1).step_by(2).collect()
}

/// Statements: list items, and rows of tables below their heads.
fn statements() -> impl Iterator<Item = &'static str> {
    let below = SECURITY.lines().skip(1).chain([""]);
    let lines = SECURITY.lines().zip(below).filter(|(_, next)| !next.starts_with("| ---"));
    lines
        .map(|(line, _)| line)
        .filter(|line| line.starts_with("- ") || (line.starts_with("| ") && !line.starts_with("| ---")))
}

#[test]
fn every_statement_names_a_test() {
    let bare: Vec<_> = statements().filter(|line| names(line).is_empty()).collect();
    assert!(bare.is_empty(), "\n{}", bare.join("\n"));
    assert!(statements().count() > 30);
}

#[test]
fn every_named_test_is_there() {
    let missing = named::missing(statements().flat_map(names));
    assert!(missing.is_empty(), "{missing:?}");
}
