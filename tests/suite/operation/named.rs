//! Tests that documents name: whether each of them is there.
use std::{fs, path::Path};

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

/// Those of `names` that no source defines as a test.
pub(super) fn missing<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let sources = sources();
    let is_there = |name: &&str| {
        let titled = |quote: char| format!("test({quote}{name}{quote}");
        sources.contains(&format!("fn {name}("))
            || ['"', '\''].iter().any(|quote| sources.contains(&titled(*quote)))
    };
    names.into_iter().filter(|name| !is_there(name)).collect()
}
