//! What the configuration takes, what it refuses and in which words, and what it never shows.
use std::{ffi::OsString, fs, path::PathBuf};

use convene::config::{Chat, Config, IcePolicy};
use tempfile::TempDir;

fn variables(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn with(pairs: &[(&str, &str)]) -> Config {
    Config::load(None, variables(pairs)).expect("the configuration is good")
}

fn refused(pairs: &[(&str, &str)]) -> String {
    let line = Config::load(None, variables(pairs)).expect_err("the configuration is refused").to_string();
    assert!(!line.contains('\n'), "one line: {line}");
    line
}

fn file(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("convene.toml");
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn refused_file(text: &str) -> String {
    let (_folder, path) = file(text);
    let line = Config::load(Some(&path), []).expect_err("the file is refused").to_string();
    assert!(line.contains("convene.toml") && !line.contains('\n'), "one line that names the file: {line}");
    line
}

#[test]
fn the_defaults_are_good() {
    let config = with(&[]);
    assert_eq!(config.http.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.rooms.capacity.get(), 50);
    assert_eq!(config.rooms.chat, Chat::Durable);
    assert_eq!(config.database_url().expose(), "sqlite://data/convene.db?mode=rwc");
    assert!(config.http.worker_threads() >= 1);
}

#[test]
fn the_environment_beats_the_file_which_beats_the_defaults() {
    let (_folder, path) = file("[rooms]\ncapacity = 12\nmax_video = 3\n");
    let config = Config::load(Some(&path), variables(&[("CONVENE__ROOMS__CAPACITY", "20")])).unwrap();
    assert_eq!(config.rooms.capacity.get(), 20);
    assert_eq!(config.rooms.max_video.get(), 3);
    assert_eq!(config.rooms.grace_seconds.get(), 120);
}

#[test]
fn lists_in_the_environment_are_separated_by_commas() {
    let config = with(&[
        ("CONVENE__HTTP__ALLOWED_ORIGINS", "https://a.example, https://B.example:443/"),
        ("CONVENE__LIMITS__TRUSTED_SOURCES", "127.0.0.1,10.0.0.0/8"),
    ]);
    let origins: Vec<_> = config.http.allowed_origins.iter().map(|origin| origin.as_str()).collect();
    assert_eq!(origins, ["https://a.example", "https://b.example"]);
    let networks: Vec<_> =
        config.limits.trusted_sources.iter().map(|network| network.net().to_string()).collect();
    assert_eq!(networks, ["127.0.0.1/32", "10.0.0.0/8"]);
    assert!(with(&[("CONVENE__HTTP__ALLOWED_ORIGINS", "")]).http.allowed_origins.is_empty());
}

#[test]
fn text_from_the_environment_keeps_its_form() {
    let config = with(&[("CONVENE__ICE__TURN_SECRET", "0012"), ("CONVENE__DATA__DIR", "7")]);
    assert_eq!(config.ice.turn_secret.expose(), "0012");
    assert_eq!(config.database_url().expose(), "sqlite://7/convene.db?mode=rwc");
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_known_one() {
    let line = refused_file("[http]\nbnd = \"127.0.0.1:1\"\n");
    assert!(line.ends_with("there is no key http.bnd; the nearest is http.bind"), "{line}");
    let line = refused_file("[htpp]\nbind = \"127.0.0.1:1\"\n");
    assert!(line.ends_with("there is no key htpp.bind; the nearest is http.bind"), "{line}");
    let line = refused_file("capacity = 3\n");
    assert!(line.ends_with("there is no key capacity; the nearest is rooms.capacity"), "{line}");
}

#[test]
fn an_unknown_variable_is_named_with_the_nearest_known_one() {
    let line = refused(&[("CONVENE__ROOMS__CAPACTIY", "3")]);
    assert_eq!(
        line,
        "there is no variable CONVENE__ROOMS__CAPACTIY; the nearest is CONVENE__ROOMS__CAPACITY"
    );
    let line = refused(&[("CONVENE__HTTP", "x")]);
    assert!(line.starts_with("there is no variable CONVENE__HTTP; the nearest is CONVENE__"), "{line}");
}

#[test]
fn a_key_with_an_underscore_too_few_is_not_passed_over() {
    for (name, meant) in [
        ("CONVENE_HTTP_BIND", "CONVENE__HTTP__BIND"),
        ("CONVENE_ROOMS__MAX_VIDEO", "CONVENE__ROOMS__MAX_VIDEO"),
    ] {
        let line = refused(&[(name, "x")]);
        assert_eq!(line, format!("there is no variable {name}; the nearest is {meant}"));
    }
}

#[test]
fn variables_of_others_are_left_alone() {
    with(&[("CONVENE_CONFIG", "x"), ("CONVENE_BIN", "x"), ("CONVENE", "x"), ("PATH", "/bin")]);
}

#[test]
fn a_wrong_value_is_refused_by_name_and_reason() {
    let cases = [
        ("CONVENE__HTTP__BIND", "localhost", "is not an address"),
        ("CONVENE__HTTP__PUBLIC_URL", "meet.example.org", "is not an origin"),
        ("CONVENE__HTTP__ALLOWED_ORIGINS", "*", "is not an origin"),
        ("CONVENE__HTTP__TRUSTED_PROXIES", "10.0.0.0/64", "is not a network"),
        ("CONVENE__HTTP__WORKERS", "-1", "is not a whole number from 0 to 256"),
        ("CONVENE__HTTP__WORKERS", "many", "is not a whole number from 0 to 256"),
        ("CONVENE__ROOMS__CAPACITY_MAX", "1001", "is not a whole number from 2 to 1000"),
        ("CONVENE__ROOMS__CHAT", "forever", "\"forever\" is not durable or ephemeral"),
        ("CONVENE__AUTH__GUESTS_CREATE", "perhaps", "\"perhaps\" is not true or false"),
        ("CONVENE__DATABASE__URL", "oracle://host/name", "must begin with sqlite://"),
        ("CONVENE__DATABASE__URL", "postgres:", "must be followed by ://"),
        ("CONVENE__DATABASE__URL", "postgres://host:port/name", "invalid port number"),
        ("CONVENE__DATABASE__URL", "mysql://host", "must name a database"),
        ("CONVENE__DATABASE__URL", "postgres://ana:a/b@host/name", "%2F for /"),
        ("CONVENE__DATABASE__URL", "sqlite://:memory:", "needs a file"),
        ("CONVENE__DATA__DIR", "", "must name a folder"),
        ("CONVENE__AUTH__SECRET", "too short", "must be 32 bytes"),
        ("CONVENE__ICE__TURN_URLS", "http://turn.example", "does not begin with turn:"),
        ("CONVENE__OPERATOR__NAME", " ", "must not be empty"),
        ("CONVENE__OPERATOR__NAME", "Meet\r\nBcc: all@example.org", "must be one line"),
        ("CONVENE__MAIL__MODE", "smtp", "mail.host: is needed when mail.mode is smtp"),
        ("CONVENE__MAIL__MODE", "pigeon", "pigeon"),
        ("CONVENE__MAIL__HOST", "https://smtp.example", "is no host"),
        ("CONVENE__MAIL__FROM", "nobody", "is no e-mail address"),
        ("CONVENE__MAIL__FROM", "a@example.org\r\nBcc: b@example.org", "is no e-mail address"),
        ("CONVENE__MAIL__USER", "meet", "mail.password: is needed when mail.user is set"),
        ("CONVENE__MAIL__PASSWORD", "x", "mail.user: is needed when mail.password is set"),
        ("CONVENE__MAIL__PORT", "65536", "is not a whole number from 0 to 65535"),
        ("CONVENE__SMS__MODE", "http", "sms.url: is needed when sms.mode is http"),
        ("CONVENE__SMS__URL", "ftp://gateway.example", "must begin with https://"),
        ("CONVENE__SMS__HEADERS", "Authorization", "each must be"),
        ("CONVENE__ICE__STUN_URLS", "stun:", "does not begin with stun:"),
        ("CONVENE__ICE__TURN_URLS", "turn:turn.example", "is needed when ice.turn_urls is set"),
        ("CONVENE__ICE__POLICY", "relay", "relay needs a server"),
        ("CONVENE__LOG__LEVEL", "loud", "is not one of error, warn, info, debug, trace"),
    ];
    for (name, value, reason) in cases {
        let line = refused(&[(name, value)]);
        let (section, key) = name["CONVENE__".len()..].split_once("__").unwrap();
        let named = format!("{}.{}", section.to_lowercase(), key.to_lowercase());
        let turned = name.ends_with("TURN_URLS") && line.contains("ice.turn_secret");
        assert!(line.contains(&named) || turned, "{name}={value} names {named}: {line}");
        assert!(line.contains(reason), "{name}={value} says {reason}: {line}");
    }
    let line = refused(&[("CONVENE__ROOMS__CAPACITY_MAX", "10")]);
    assert!(line.contains("rooms.capacity: 50 is more than rooms.capacity_max, 10"), "{line}");
}

#[test]
fn a_number_is_not_rounded_and_a_list_is_not_a_number() {
    for text in [
        "[rooms]\ncapacity = 10.5\n",
        "[rooms]\ncapacity = [10]\n",
        "[rooms]\ncapacity = true\n",
        "rooms = 3\n",
    ] {
        refused_file(text);
    }
}

#[test]
fn a_broken_file_is_named_with_its_line() {
    let line = refused_file("[rooms]\ncapacity = = 3\n");
    assert!(line.contains("line 2"), "{line}");
    let missing = Config::load(Some("no/such.toml".as_ref()), []).unwrap_err().to_string();
    assert!(missing.starts_with("cannot read the configuration file no/such.toml"), "{missing}");
}

#[test]
fn secrets_are_shown_nowhere() {
    let secret = "c0ffee00".repeat(8);
    let config = with(&[
        ("CONVENE__AUTH__SECRET", &secret),
        ("CONVENE__ICE__TURN_URLS", "turn:turn.example"),
        ("CONVENE__ICE__TURN_SECRET", "swordfish"),
        ("CONVENE__DATABASE__URL", "postgres://ana:hunter2@db.example/convene"),
        ("CONVENE__MAIL__USER", "ana"),
        ("CONVENE__MAIL__PASSWORD", "correct horse"),
        ("CONVENE__SMS__URL", "https://gateway.example/?key=battery"),
        ("CONVENE__SMS__SECRET", "staple"),
        ("CONVENE__SMS__HEADERS", "Authorization: Bearer of news"),
    ]);
    for shown in
        [format!("{config:?}"), format!("{config:#?}"), config.redacted(), config.database_url().to_string()]
    {
        let typed = ["swordfish", "hunter2", "correct horse", "battery", "staple", "of news"];
        for hidden in typed.into_iter().chain([secret.as_str()]) {
            assert!(!shown.contains(hidden), "{hidden} is shown: {shown}");
        }
    }
    assert!(config.redacted().contains("ana:***@db.example"));
    assert!(config.auth.secret.master_key().is_some());
}

#[test]
fn a_refusal_never_repeats_a_secret() {
    for (name, value) in [
        ("CONVENE__AUTH__SECRET", "swordfish"),
        ("CONVENE__DATABASE__URL", "swordfish"),
        ("CONVENE__DATABASE__URL", "orcale://ana:swordfish@host/name"),
        ("CONVENE__SMS__URL", "swordfish"),
        ("CONVENE__SMS__HEADERS", "swordfish"),
        ("CONVENE__MAIL__PASSWORD", "swordfish"),
    ] {
        assert!(!refused(&[(name, value)]).contains("swordfish"), "{name}");
    }
}

#[test]
fn database_urls_are_brought_to_the_drivers_form() {
    let url = |text: &str| with(&[("CONVENE__DATABASE__URL", text)]).database_url().expose().to_owned();
    assert_eq!(url("mariadb://u:p@h/n"), "mysql://u:p@h/n");
    assert_eq!(url("sqlite://x.db"), "sqlite://x.db?mode=rwc");
    assert_eq!(url("sqlite://x.db?mode=rw"), "sqlite://x.db?mode=rw");
    assert_eq!(url("postgres://u:p@h/n"), "postgres://u:p@h/n");
}

#[test]
fn relay_only_is_understood() {
    let config = with(&[
        ("CONVENE__ICE__POLICY", "relay"),
        ("CONVENE__ICE__TURN_URLS", "turn:turn.example:3478?transport=udp"),
        ("CONVENE__ICE__TURN_SECRET", "s"),
    ]);
    assert_eq!(config.ice.policy, IcePolicy::Relay);
}

#[test]
fn the_production_example_is_good() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config/production.toml");
    Config::load(Some(path.as_ref()), variables(&[("CONVENE__ICE__TURN_SECRET", "s")])).unwrap();
}
