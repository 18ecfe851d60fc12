//! Every key is explained in `config/default.toml`, and there is none that isn't.
use std::{fs, path::Path};

use convene::config::{Config, DEFAULTS};

/// Each key of the defaults as `section.key`, with the comment lines right above it.
pub(super) fn commented_keys() -> Vec<(String, String)> {
    let (mut section, mut comment, mut found) = (String::new(), String::new(), Vec::new());
    for line in DEFAULTS.lines() {
        if let Some(text) = line.strip_prefix("# ") {
            comment.push_str(text);
            comment.push(' ');
        } else if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned();
            comment.clear();
        } else if let Some((key, _)) = line.split_once(" = ") {
            found.push((format!("{section}.{key}"), std::mem::take(&mut comment)));
        } else {
            comment.clear();
        }
    }
    found
}

fn leaves(table: &toml::Table) -> usize {
    table.values().map(|value| value.as_table().map_or(1, leaves)).sum()
}

/// The value at `section.key` or `section.part.key`.
pub(super) fn at<'a>(defaults: &'a toml::Table, key: &str) -> &'a toml::Value {
    match key.split_once('.') {
        Some((table, rest)) => at(defaults[table].as_table().unwrap(), rest),
        None => &defaults[key],
    }
}

#[test]
fn every_key_has_a_comment_of_its_own() {
    let keys = commented_keys();
    let parsed: toml::Table = DEFAULTS.parse().unwrap();
    assert_eq!(keys.len(), leaves(&parsed), "each key was found by its line");
    for (key, comment) in &keys {
        assert!(comment.trim().len() > 20, "{key} has no comment that says what it does");
    }
}

#[test]
fn a_number_says_its_range_and_a_duration_its_unit() {
    let parsed: toml::Table = DEFAULTS.parse().unwrap();
    for (key, comment) in commented_keys() {
        let (_, name) = key.rsplit_once('.').unwrap();
        if at(&parsed, &key).is_integer() {
            assert!(comment.contains(" to "), "{key} says no range: {comment}");
        }
        for unit in ["seconds", "hours"] {
            assert!(
                !name.ends_with(unit) || comment.to_lowercase().contains(unit),
                "{key} says no unit: {comment}"
            );
        }
    }
}

const OPERATIONS: &str = include_str!("../../../docs/OPERATIONS.md");

/// The first two cells of each row of a table whose first cell is code, backticks removed.
fn rows(pattern: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let cells = |line: &str| -> Option<(String, String)> {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        let plain = |cell: &str| cell.replace('`', "").trim().to_owned();
        Some((plain(cells.next()?), plain(cells.next()?)))
    };
    OPERATIONS.lines().filter_map(cells).filter(|(name, _)| pattern(name)).collect()
}

fn is_key(name: &str) -> bool {
    name.split_once('.').is_some_and(|(section, _)| section.chars().all(|c| c.is_ascii_lowercase()))
}

#[test]
fn the_page_lists_exactly_the_keys_there_are_with_their_defaults() {
    let documented = rows(is_key);
    let parsed: toml::Table = DEFAULTS.parse().unwrap();
    let there_are = commented_keys().into_iter().map(|(key, _)| {
        let default = match at(&parsed, &key) {
            toml::Value::String(text) if text.is_empty() => "empty".to_owned(),
            toml::Value::String(text) => text.clone(),
            toml::Value::Array(items) if items.is_empty() => "none".to_owned(),
            other => other.to_string(),
        };
        (key, default)
    });
    assert_eq!(
        documented,
        there_are.collect::<Vec<_>>(),
        "docs/OPERATIONS.md and config/default.toml differ"
    );
}

#[tokio::test]
async fn the_page_lists_exactly_the_metrics_there_are() {
    let metrics = convene::telemetry::Metrics::default();
    metrics.refused("busy");
    metrics.answered(200);
    metrics.round("accounts", convene::telemetry::Round::Done);
    metrics.posted("mail", "sent");
    metrics.post_waits("mail", 0);
    let text = metrics.render();
    let mut there_are: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .map(|line| {
            let (name, kind) = line.split_once(' ').unwrap();
            if kind == "counter" { format!("{name}_total") } else { name.to_owned() }
        })
        .collect();
    let name_only = |name: String| name.split('{').next().unwrap().to_owned();
    let mut documented: Vec<String> =
        rows(|name| name.starts_with("convene_")).into_iter().map(|(name, _)| name_only(name)).collect();
    there_are.sort_unstable();
    documented.sort_unstable();
    assert_eq!(documented, there_are);
}

/// Keys that the configuration itself answers for, by a method.
const ASKED_BY: [(&str, &str); 3] =
    [("database.url", "database_url()"), ("http.workers", "worker_threads()"), ("sms.url", "address()")];

/// The text of `main`, and of `boot` and `cli` with their folders: they alone read the configuration.
fn readers() -> String {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut text = String::new();
    let mut left: Vec<_> = ["main.rs", "boot.rs", "cli.rs", "boot", "cli"].map(|name| src.join(name)).into();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            text += &fs::read_to_string(path).unwrap();
        }
    }
    text
}

/// Whether a text has `.name` and the name ends there.
fn reads(text: &str, name: &str) -> bool {
    let field = format!(".{name}");
    let goes_on = |after: char| after.is_alphanumeric() || after == '_';
    text.match_indices(&field).any(|(at, _)| !text[at + field.len()..].starts_with(goes_on))
}

#[test]
fn every_key_is_read_by_somebody() {
    let text = readers();
    for (key, _) in commented_keys() {
        let method = ASKED_BY.iter().find(|(name, _)| *name == key).map(|(_, method)| *method);
        let name = method.unwrap_or_else(|| key.rsplit_once('.').unwrap().1);
        assert!(reads(&text, name), "nobody reads {key}");
    }
}

/// What the page leaves to the environment.
const SECRETS: [(&str, &str); 3] = [
    ("CONVENE__ICE__TURN_SECRET", "CHANGE-ME"),
    ("CONVENE__MAIL__PASSWORD", "CHANGE-ME"),
    ("CONVENE__SMS__SECRET", "CHANGE-ME-TO-SOMETHING"),
];

#[test]
fn every_example_of_a_file_is_a_good_configuration() {
    let mut tried = 0;
    for block in OPERATIONS.split("```toml\n").skip(1) {
        let text = block.split("```").next().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("convene.toml");
        fs::write(&path, text).unwrap();
        let needs = SECRETS.iter().filter(|(name, _)| text.contains(name));
        let environment = needs.map(|(name, value)| (name.into(), value.into()));
        Config::load(Some(&path), environment).unwrap_or_else(|error| panic!("{error}\n{text}"));
        tried += 1;
    }
    assert!(tried >= 4, "the examples were found");
}
