//! Reading what the server wrote to people: one file per mail and text message.
use crate::common::{Convene, db, http};
use convene::post::Channel;
use convene::store::outbox;
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::timeout;

/// All messages to an address or number so far, the oldest first.
pub(crate) fn letters(server: &Convene, to: &str) -> Vec<String> {
    let folder = if to.starts_with('+') { "sms" } else { "mail" };
    let folder = server.database().with_file_name(folder);
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "eml" || end == "txt" || end == "json"));
    files.sort();
    let texts = files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).map(|text| plain(&text));
    texts.filter(|text| text.contains(to)).collect()
}

/// The message of that place (0 is the first) to this address, once it is there.
pub(crate) async fn letter(server: &Convene, to: &str, place: usize) -> String {
    let wait = async {
        loop {
            if let Some(letter) = letters(server, to).into_iter().nth(place) {
                return letter;
            }
            http().get(server.url("http", "/healthz")).send().await.expect("an answer");
        }
    };
    let found = timeout(Duration::from_secs(20), wait).await;
    found.unwrap_or_else(|_| panic!("message {place} to {to} never came"))
}

/// Waits until nothing is left to be sent: what isn't there by then doesn't come.
pub(crate) async fn all_is_sent(server: &Convene) {
    let store = db::open(&server.database_url()).await;
    let waiting = async {
        for channel in Channel::ALL {
            while outbox::depth(&store, channel).await.expect("the outbox is counted") > 0 {
                http().get(server.url("http", "/healthz")).send().await.expect("an answer");
            }
        }
    };
    timeout(Duration::from_secs(20), waiting).await.expect("everything is sent in time");
    store.close().await.expect("it closes");
}

/// The six digits in it.
pub(crate) async fn code(server: &Convene, to: &str, place: usize) -> String {
    let letter = letter(server, to, place).await;
    code_in(&letter).unwrap_or_else(|| panic!("no code in {letter}"))
}

/// In a mail it stands on a line of its own; a text message is short enough to hold no other digits.
pub(crate) fn code_in(letter: &str) -> Option<String> {
    let is_code = |text: &&str| text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    let alone = letter.lines().map(str::trim).find(is_code);
    let is_mail = letter.starts_with("From:");
    let inside = letter.split(|c: char| !c.is_ascii_alphanumeric()).filter(|_| !is_mail).find(is_code);
    alone.or(inside).map(str::to_owned)
}

/// The token in the link to a new password.
pub(crate) async fn reset_token(server: &Convene, to: &str, place: usize) -> String {
    let letter = letter(server, to, place).await;
    let at = letter.find("cvr_").unwrap_or_else(|| panic!("no link in {letter}"));
    letter[at..at + 47].to_owned()
}

/// A code that is not this one.
pub(crate) fn wrong(code: &str) -> String {
    let number: u32 = code.parse().expect("digits");
    format!("{:06}", (number + 1) % 1_000_000)
}

/// Without what mail does to lines: soft breaks and escaped bytes (RFC 2045, 6.7).
fn plain(text: &str) -> String {
    let joined = text.replace("\r\n", "\n").replace("=\n", "");
    let mut plain = String::with_capacity(joined.len());
    let mut rest = joined.as_str();
    while let Some((before, after)) = rest.split_once('=') {
        plain.push_str(before);
        match after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(u8::is_ascii) {
            Some(byte) => {
                plain.push(char::from(byte));
                rest = &after[2..];
            }
            None => {
                plain.push('=');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}
