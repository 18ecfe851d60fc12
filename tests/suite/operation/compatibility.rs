//! docs/COMPATIBILITY.md promises nothing without a test, and each test that it names is there.
use super::named;
use convene::config::Config;
use std::collections::HashSet;
use std::fs;

const COMPATIBILITY: &str = include_str!("../../../docs/COMPATIBILITY.md");

/// What may stand in the column of states.
const STATES: [&str; 5] = ["as documented", "as the real client needs it", "closed hole", "switch", "later"];

/// The cells of each row: id, what, state, tests. An id is a capital letter, a hyphen, and more.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let is_id = |id: &str| id.len() > 2 && id.as_bytes()[0].is_ascii_uppercase() && id.as_bytes()[1] == b'-';
    let cells = |line: &'static str| -> Vec<&'static str> {
        line.trim_matches('|').split(" | ").map(str::trim).collect()
    };
    COMPATIBILITY.lines().filter(|line| line.starts_with("| ")).map(cells).filter(move |row| is_id(row[0]))
}

fn tests(row: &[&'static str]) -> Vec<&'static str> {
    row.last().map_or(Vec::new(), |cell| cell.split('`').skip(1).step_by(2).collect())
}

#[test]
fn every_row_has_a_name_of_its_own_a_known_state_and_a_test() {
    let mut ids = HashSet::new();
    for row in rows() {
        assert_eq!(row.len(), 4, "{row:?}");
        assert!(ids.insert(row[0]), "{} stands there twice", row[0]);
        assert!(STATES.contains(&row[2]), "{}: {:?} is no state", row[0], row[2]);
        assert!(!tests(&row).is_empty(), "{} names no test", row[0]);
    }
    assert!(ids.len() > 200, "only {} rows were found", ids.len());
}

#[test]
fn every_test_that_a_row_names_is_there() {
    let missing = named::missing(rows().flat_map(|row| tests(&row)));
    assert!(missing.is_empty(), "{missing:?}");
}

/// What stands in blocks of this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let begin = format!("```{language}\n");
    COMPATIBILITY.split(&begin).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn every_configuration_that_it_prints_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let printed = blocks("toml");
    assert!(printed.len() >= 2, "{printed:?}");
    for (number, text) in printed.into_iter().enumerate() {
        let path = folder.path().join(format!("{number}.toml"));
        fs::write(&path, text).unwrap();
        Config::load(Some(&path), []).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
    let printed = blocks("sh");
    assert!(!printed.is_empty(), "none was found");
    for text in printed {
        let variables: Vec<_> =
            text.lines().filter_map(|line| line.trim_end_matches(" \\").split_once('=')).collect();
        assert!(!variables.is_empty(), "{text}");
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        Config::load(None, variables).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
}
