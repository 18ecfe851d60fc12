//! Who may import whom: the `use crate::…` lines of each layer, checked against docs/ARCHITECTURE.md.
use std::{fs, path::Path};

/// Each layer (a file or folder under `src/`) and the layers it may import, beside itself.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("fault", &[]),
    ("telemetry", &[]),
    ("config", &["fault"]),
    ("seal", &["fault"]),
    ("post", &["fault"]),
    ("mail", &["post", "fault"]),
    ("sms", &["post", "fault"]),
    ("room", &["seal", "fault"]),
    ("dialect", &["room", "fault"]),
    ("store", &["seal", "room", "post", "fault", "telemetry"]),
    ("auth", &["seal", "room", "fault", "telemetry"]),
    ("actors", &["room", "dialect", "seal", "fault", "store", "telemetry"]),
    ("service", &["room", "store", "auth", "actors", "seal", "post", "fault", "telemetry"]),
    ("jobs", &["service", "store", "room", "post", "mail", "sms", "fault", "telemetry", "actors"]),
    ("http", &["service", "dialect", "actors", "room", "fault", "telemetry"]),
    ("shutdown", &["actors", "http", "jobs", "telemetry", "fault"]),
    ("cli", &["boot", "service", "store", "auth", "room", "seal", "config", "fault", "telemetry"]),
    (
        "boot",
        &[
            "actors",
            "auth",
            "cli",
            "config",
            "dialect",
            "fault",
            "http",
            "jobs",
            "mail",
            "post",
            "room",
            "seal",
            "service",
            "shutdown",
            "sms",
            "store",
            "telemetry",
        ],
    ),
    ("main", &["boot", "cli", "config", "fault", "telemetry", "shutdown"]),
];

/// Outside crates that live in some layers only.
const LIVES_IN: &[(&str, &[&str])] = &[
    ("sea_orm", &["store", "boot"]),
    ("warp", &["http"]),
    ("socketioxide", &["http"]),
    ("ractor", &["actors"]),
    ("convene_entity", &["store"]),
    ("convene_migration", &["boot", "cli"]),
];

/// What the pure layers may not say: runtimes, clocks, chance, locks, the world outside.
const IMPURE: &[&str] = &[
    "tokio::",
    "tracing::",
    "rand::",
    "std::time",
    "Instant",
    "SystemTime",
    "::now(",
    "now_v7",
    "new_v4",
    "Mutex",
    "RwLock",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "thread::",
];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("src can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let inside = path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).expect("inside src");
            found.push((inside.display().to_string(), fs::read_to_string(&path).expect("a source is text")));
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut found);
    found
}

fn layer(file: &str) -> &str {
    file.split(['/', '.']).next().expect("split yields at least one part")
}

/// The code of a file before its tests, without comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| !line.contains("#[cfg(test)]"))
        .filter(|line| !line.trim_start().starts_with("//"))
}

#[test]
fn layers_import_only_what_they_may() {
    let mut wrong = Vec::new();
    for (file, text) in all_sources() {
        let from = layer(&file);
        if from == "lib" {
            continue;
        }
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == from) else {
            wrong.push(format!("{file}: no layer named {from}"));
            continue;
        };
        for line in code(&text) {
            for prefix in ["crate::", "convene::"] {
                for part in line.split(prefix).skip(1) {
                    let to =
                        part.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                    let known = MAY_IMPORT.iter().any(|(name, _)| *name == to);
                    if known && to != from && !allowed.contains(&to) {
                        wrong.push(format!("{file}: {from} may not import {to}: {}", line.trim()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn grouped_imports_of_the_crate_name_one_layer_each() {
    let grouped: Vec<_> = all_sources()
        .into_iter()
        .filter(|(_, text)| {
            code(text).any(|line| line.contains("use crate::{") || line.contains("use convene::{"))
        })
        .map(|(file, _)| file)
        .collect();
    assert!(
        grouped.is_empty(),
        "write `use crate::layer::…`, one layer a line, so that layers can be read: {grouped:?}"
    );
}

#[test]
fn outside_crates_stay_in_their_layer() {
    let mut wrong = Vec::new();
    for (file, text) in all_sources() {
        for (name, layers) in LIVES_IN {
            let path = format!("{name}::");
            if !layers.contains(&layer(&file)) && code(&text).any(|line| line.contains(&path)) {
                wrong.push(format!("{file}: {name} lives in {layers:?} only"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_room_and_the_dialects_are_pure() {
    let mut wrong = Vec::new();
    for (file, text) in all_sources() {
        if !["room", "dialect"].contains(&layer(&file)) {
            continue;
        }
        // a group is read as its parts: `std::{fs, net}` as `std::fs`, `std::net`
        let whole: String = code(&text).collect();
        let groups = whole.split("std::{").skip(1).filter_map(|rest| rest.split(';').next());
        let words = groups.flat_map(|group| group.split(|c: char| !c.is_alphanumeric() && c != '_'));
        let grouped: String = words.map(|word| format!("std::{word} {word}:: ")).collect();
        for name in IMPURE {
            if whole.contains(name) || grouped.contains(name) {
                wrong.push(format!("{file}: {name} has no place in a pure layer"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_source_file_is_long() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut long = Vec::new();
    let mut seen = 0;
    for folder in ["src", "entity", "migration", "tests", "benches", "web"] {
        walk(&root.join(folder), &mut |path| {
            let ends = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
            if !["rs", "js", "mjs", "ts", "css", "html"].contains(&ends) {
                return;
            }
            seen += 1;
            let lines = fs::read_to_string(path).expect("a source is text").lines().count();
            if lines > 350 {
                long.push(format!("{}: {lines} lines", path.display()));
            }
        });
    }
    assert!(seen > 5, "the sources were found");
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

fn walk(folder: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).expect("it can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() && path.file_name().is_none_or(|name| name != "node_modules") {
            walk(&path, visit);
        } else if path.is_file() {
            visit(&path);
        }
    }
}
