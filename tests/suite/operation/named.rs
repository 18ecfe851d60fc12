//! Tests that documents name: whether each of them is there.
use std::{fs, path::Path};

/// What is tried, named by a table, and the part of it that tries what stands elsewhere.
const ATTACKS: [&str; 2] = [include_str!("../rest/attacks.rs"), include_str!("../rest/attacks/entering.rs")];

/// What makes a test of each function in a file.
const MACROS: [&str; 2] = ["on_each_database! {", "on_each_server! {"];

/// All Rust and JavaScript that may hold tests, each file by itself.
fn sources() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for folder in ["src", "tests", "migration", "web"] {
        gather(&root.join(folder), &mut all);
    }
    all
}

fn gather(folder: &Path, all: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("it can be listed") {
        let path = entry.expect("an entry can be read").path();
        let is_source = path.extension().is_some_and(|end| end == "rs" || end == "mjs");
        if path.is_dir() && path.file_name().is_none_or(|name| name != "node_modules") {
            gather(&path, all);
        } else if is_source {
            all.push(fs::read_to_string(&path).expect("a source is text"));
        }
    }
}

/// Whether a function of that name stands there, and is run: as a test of its own, by a macro, or as one of the attacks.
fn runs(source: &str, name: &str) -> bool {
    let function = format!("fn {name}(");
    if !source.contains(&function) {
        return false;
    }
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let is_above = |line: &&&str| line.starts_with("#[") || line.starts_with("//");
    let is_test = |line: &&str| line.starts_with("#[test]") || line.starts_with("#[tokio::test");
    let places = (0..lines.len()).filter(|at| lines[*at].contains(&function));
    let mut above = places.map(|at| lines[..at].iter().rev().take_while(is_above));
    let is_attack = || ATTACKS.iter().any(|attacks| attacks.contains(&format!("::{name}(")));
    above
        .any(|mut above| above.any(is_test) || MACROS.iter().any(|name| source.contains(name)) || is_attack())
}

/// Those of `names` that no source defines as a test.
pub(super) fn missing<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let sources = sources();
    let is_there = |name: &&str| {
        let titled = |quote: char| format!("test({quote}{name}{quote}");
        let is_titled = |source: &str| ['"', '\''].iter().any(|quote| source.contains(&titled(*quote)));
        sources.iter().any(|source| runs(source, name) || is_titled(source))
    };
    names.into_iter().filter(|name| !is_there(name)).collect()
}

#[test]
fn a_function_by_itself_is_no_test() {
    assert!(!runs("fn helper() {}", "helper"));
    assert!(!runs("#[test]\nfn other() {}\n\nfn helper() {}", "helper"));
    assert!(runs("#[tokio::test]\n#[ignore = \"slow\"]\nasync fn helper() {}", "helper"));
}
