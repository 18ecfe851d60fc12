//! What the servers of this process log is kept, and searched for what is secret when one of them stops; so are its metrics,
//! its tables' file, and every refusal on the way. Secrets are known by their shape, and codes as they were sent.
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry, fmt};

use super::super::rest::mailbox;

/// The passwords of the tests.
const PASSWORDS: [&str; 3] = ["seven quiet llamas", "eleven loud walruses", "nineteen small otters"];
/// What sessions, keys, links, owner secrets and accesses begin with; 256 bits in base64url follow, or more.
const BEGINNINGS: [&str; 5] = ["cvs_", "cvk_", "cvr_", "cvo_", "cva_"];
const RANDOM_CHARS: usize = 43;
/// The header of each room token: `{"typ":"convene…`.
const ROOM_TOKEN: &str = "eyJ0eXAiOiJjb252ZW5l";
/// A kept password: the tables hold it, nothing else does.
const KEPT_PASSWORD: &str = "$argon2";
/// Lines beyond are searched for shapes as they come, and not kept.
const KEPT_BYTES: usize = 64 << 20;

static LOG: Mutex<Log> = Mutex::new(Log { text: String::new(), hits: Vec::new(), kept: Vec::new() });

struct Log {
    text: String,
    hits: Vec<String>,
    /// What can't be known by its shape.
    kept: Vec<String>,
}

fn log() -> MutexGuard<'static, Log> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps from now on what this process logs, all that is our own.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let heard = Targets::new().with_default(LevelFilter::WARN).with_target("convene", LevelFilter::TRACE);
        let lines = fmt::layer().with_ansi(false).with_writer(|| Line).with_filter(heard);
        // an error says only that a test has a log of its own
        let _ = tracing::subscriber::set_global_default(Registry::default().with(lines));
    });
}

/// Remembers something secret that has no shape of its own, such as a PIN.
pub(crate) fn keep(secret: &str) {
    assert!(secret.len() >= 8, "{secret:?} would turn up by chance");
    log().kept.push(secret.to_owned());
}

/// Searches what somebody was told; a hit fails the test when its server stops.
pub(crate) fn told(what: &str, text: &str) {
    let hits = told_hits(what, text);
    let mut log = log();
    let named = log.kept.iter().filter(|secret| stands_in(text, secret));
    let named: Vec<String> = named.map(|secret| format!("{secret} in {what}")).collect();
    log.hits.extend(hits);
    log.hits.extend(named);
}

/// Everything that was found, after the server on this folder has stopped. Whether its tables are a file there.
pub(crate) fn hits(folder: &Path, is_file: bool, metrics: &str) -> Vec<String> {
    let mut found = told_hits("the metrics", metrics);
    let kept = log().kept.clone();
    for name in ["convene.db", "convene.db-wal"] {
        let file = match std::fs::read(folder.join(name)) {
            Ok(file) => file,
            Err(_) if !is_file || name.ends_with("-wal") => continue,
            Err(error) => panic!("{name}: {error}"),
        };
        let text = String::from_utf8_lossy(&file);
        found.extend(shapes(name, &text));
        found.extend(
            kept.iter().filter(|secret| stands_in(&text, secret)).map(|one| format!("{one} in {name}")),
        );
    }
    let sent = ["mail", "sms"].into_iter().flat_map(|name| std::fs::read_dir(folder.join(name)));
    let files = sent.flatten().flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
    let codes: Vec<String> = files.filter_map(|letter| mailbox::code_in(&letter)).chain(kept).collect();
    let log = log();
    found.extend(log.hits.iter().cloned());
    found.extend(
        codes.iter().filter(|code| stands_in(&log.text, code)).map(|code| format!("{code} in the log")),
    );
    found
}

/// What was logged so far.
pub(crate) fn lines() -> impl Iterator<Item = String> {
    let text = log().text.clone();
    text.lines().map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// What looks like a secret, or is a kept one, in the columns of the tables.
pub(crate) fn stored_hits(values: &[(String, Vec<u8>)]) -> Vec<String> {
    let kept = log().kept.clone();
    let hits = values.iter().flat_map(|(column, value)| {
        let text = String::from_utf8_lossy(value);
        let named = kept.iter().filter(|secret| stands_in(&text, secret));
        let named: Vec<String> = named.map(|secret| format!("{secret} in {column}")).collect();
        shapes(column, &text).into_iter().chain(named)
    });
    hits.collect()
}

struct Line;

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let hits = told_hits("the log", &text);
        let mut log = log();
        log.hits.extend(hits);
        if log.text.len() < KEPT_BYTES {
            log.text.push_str(&text);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn told_hits(what: &str, text: &str) -> Vec<String> {
    let mut found = shapes(what, text);
    found.extend(text.contains(KEPT_PASSWORD).then(|| format!("a kept password in {what}: {text}")));
    found
}

/// What looks like a secret, in `what`.
fn shapes(what: &str, text: &str) -> Vec<String> {
    let is_random = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let tokens = BEGINNINGS.into_iter().flat_map(|beginning| text.split(beginning).skip(1));
    let tokens = tokens.filter(|after| after.chars().take_while(|c| is_random(*c)).count() >= RANDOM_CHARS);
    let mut found: Vec<String> = tokens
        .map(|after| format!("a token in {what}: {}", after.chars().take(300).collect::<String>()))
        .collect();
    let words = PASSWORDS.into_iter().chain([ROOM_TOKEN]);
    found.extend(words.filter(|word| text.contains(word)).map(|word| format!("{word:?} in {what}")));
    found
}

/// Six digits turn up by chance inside ids and instants; a code stands between other things than letters, digits, dots.
fn stands_in(text: &str, code: &str) -> bool {
    let part_of_more =
        |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    text.match_indices(code).any(|(at, _)| {
        !part_of_more(text[..at].chars().next_back()) && !part_of_more(text[at + code.len()..].chars().next())
    })
}

#[test]
fn what_is_secret_is_known_by_its_shape() {
    let random = "A-_a".repeat(11);
    for secret in [
        format!("x=cvs_{random}"),
        format!("cva_{random}{random}"),
        PASSWORDS[1].to_owned(),
        format!("{ROOM_TOKEN}LX"),
    ] {
        assert_eq!(shapes("x", &format!("before {secret} after")).len(), 1, "{secret}");
    }
    assert!(shapes("x", "cvk_AAAA, cvs_… and llamas").is_empty());
    assert!(stands_in("code=123456 ", "123456") && !stands_in("12:00:00.123456Z a123456", "123456"));
}
