//! What names, emoji and messages may be: sizes, and no characters that fool the eye.
use super::command::RawJson;
use super::rules::{
    AVATAR_BYTES, CHAT_BYTES, CLIENT_ID_CHARS, DATA_BYTES, EMOJI_BYTES, NAME_CHARS, TOPIC_CHARS,
};
use crate::fault::Fault;
use std::sync::Arc;

/// A name without the space around it: 1 to 64 characters, none of them a control or bidi override.
pub(super) fn name(name: &Arc<str>) -> Result<Arc<str>, Fault> {
    let trimmed = name.trim();
    if trimmed.is_empty() || trimmed.chars().count() > NAME_CHARS {
        return Err(Fault::field("name", "1 to 64 characters"));
    }
    if trimmed.chars().any(fools_the_eye) {
        return Err(Fault::field("name", "no control characters or direction overrides"));
    }
    Ok(if trimmed.len() == name.len() { name.clone() } else { Arc::from(trimmed) })
}

/// A room's title as another system has it, the space around it included: characters that don't fool the eye.
pub(super) fn title(title: &str, most: usize) -> Result<(), Fault> {
    if title.trim().is_empty() || title.chars().count() > most {
        return Err(Fault::field("name", format!("1 to {most} characters")));
    }
    if title.chars().any(fools_the_eye) {
        return Err(Fault::field("name", "no control characters or direction overrides"));
    }
    Ok(())
}

pub(super) fn avatar(avatar: Option<&str>) -> Result<(), Fault> {
    let Some(avatar) = avatar else { return Ok(()) };
    if avatar.len() > AVATAR_BYTES {
        return Err(Fault::TooLarge { limit: AVATAR_BYTES });
    }
    if avatar.is_empty() || avatar.chars().any(fools_the_eye) {
        return Err(Fault::field("avatar", "an address without control characters, or null"));
    }
    Ok(())
}

/// A message's text: 1 to 4,096 bytes.
pub(super) fn chat(text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::field("text", "1 to 4096 bytes"));
    }
    within(text, CHAT_BYTES)
}

pub(super) fn client_id(id: &str) -> Result<(), Fault> {
    short("client_id", id, CLIENT_ID_CHARS, "1 to 64 characters")
}

pub(super) fn topic(topic: &str) -> Result<(), Fault> {
    short("topic", topic, TOPIC_CHARS, "1 to 64 characters")
}

pub(super) fn data(body: &RawJson) -> Result<(), Fault> {
    within(body, DATA_BYTES)
}

pub(super) fn emoji(emoji: &str) -> Result<(), Fault> {
    let fine = !emoji.is_empty() && emoji.len() <= EMOJI_BYTES && !emoji.chars().any(fools_the_eye);
    if fine { Ok(()) } else { Err(Fault::field("emoji", "1 to 64 bytes without control characters")) }
}

pub(super) fn within(text: &str, limit: usize) -> Result<(), Fault> {
    if text.len() > limit { Err(Fault::TooLarge { limit }) } else { Ok(()) }
}

fn short(field: &'static str, text: &str, limit: usize, why: &'static str) -> Result<(), Fault> {
    let fine = !text.is_empty() && text.chars().count() <= limit;
    if fine { Ok(()) } else { Err(Fault::field(field, why)) }
}

/// Control characters, and those that turn the direction of what follows.
fn fools_the_eye(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}' | '\u{2029}')
}
