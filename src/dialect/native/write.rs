//! Writing JSON objects: a head that says what it is, then the fields of a body.
use crate::room::ids::{Epoch, Seq};
use serde::Serialize;
use std::io::Write;

/// What a frame is.
pub(super) enum Kind {
    /// An entry of the live log.
    Logged(&'static str, Epoch, Seq),
    /// Anything else.
    Plain(&'static str),
}

/// Fields without naming a struct for each frame. `r#gen` is written `gen`.
macro_rules! body {
    ($($name:ident : $value:expr),* $(,)?) => {{
        #[derive(serde::Serialize)]
        struct Body<$($name),*> {
            $($name: $name),*
        }
        Body { $($name: $value),* }
    }};
}
pub(super) use body;

/// Appends `{"type": …, fields of body}`; `body` must serialize to an object that isn't empty.
pub(super) fn object(out: &mut Vec<u8>, kind: Kind, body: &impl Serialize) {
    match kind {
        Kind::Logged(word, epoch, seq) => {
            write!(out, r#"{{"type":"{word}","epoch":"{epoch}","seq":{}"#, seq.0)
                .expect("memory takes what is written");
        }
        Kind::Plain(word) => write!(out, r#"{{"type":"{word}""#).expect("memory takes what is written"),
    }
    let start = out.len();
    json(out, body);
    out[start] = b','; // instead of the body's own opening brace
}

/// Appends `value` as JSON.
pub(super) fn json(out: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(out, value).expect("our bodies have string keys and write to memory");
}
