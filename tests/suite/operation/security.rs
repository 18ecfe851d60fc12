//! docs/SECURITY.md promises nothing without a test, and each test that it names is there.
use std::{fs, path::Path};

const SECURITY: &str = include_str!("../../../docs/SECURITY.md");

/// All Rust and JavaScript that may hold tests.
fn sources() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = String::new();
    for folder in ["src", "tests", "migration", "web"] {
        gather(&root.join(folder), &mut all);
    }
    all
}

fn gather(folder: &Path, all: &mut String) {
    for path in fs::read_dir(folder).expect("it can be listed").flatten().map(|entry| entry.path()) {
        let is_source = path.extension().is_some_and(|end| end == "rs" || end == "mjs");
        if path.is_dir() && path.file_name().is_none_or(|name| name != "node_modules") {
            gather(&path, all);
        } else if is_source {
            all.push_str(&fs::read_to_string(&path).expect("a source is text"));
        }
    }
}

/// The names in backquotes behind the arrow of a line.
fn named(line: &str) -> Vec<&str> {
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
    let bare: Vec<_> = statements().filter(|line| named(line).is_empty()).collect();
    assert!(bare.is_empty(), "\n{}", bare.join("\n"));
    assert!(statements().count() > 30);
}

#[test]
fn every_named_test_is_there() {
    let sources = sources();
    let is_there = |name: &&str| {
        sources.contains(&format!("fn {name}(")) || sources.contains(&format!("test(\"{name}\""))
    };
    let missing: Vec<_> = statements().flat_map(named).filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
