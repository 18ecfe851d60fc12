//! Every key is explained in `config/default.toml`, and there is none that isn't.
use convene::config::DEFAULTS;

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

#[test]
fn every_key_has_a_comment_of_its_own() {
    let keys = commented_keys();
    let parsed: toml::Table = DEFAULTS.parse().unwrap();
    let there_are: usize = parsed.values().map(|section| section.as_table().unwrap().len()).sum();
    assert_eq!(keys.len(), there_are, "each key was found by its line");
    for (key, comment) in &keys {
        assert!(comment.trim().len() > 20, "{key} has no comment that says what it does");
    }
}

#[test]
fn a_number_says_its_range_and_a_duration_its_unit() {
    let parsed: toml::Table = DEFAULTS.parse().unwrap();
    for (key, comment) in commented_keys() {
        let (section, name) = key.split_once('.').unwrap();
        if parsed[section][name].is_integer() {
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
