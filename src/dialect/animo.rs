//! The dialect of Animo Meet's pages: Socket.IO events, as JSON arrays that begin with the event's name, one on each line.
use super::Company;
use crate::fault::Fault;
use crate::room::event::{Answer, Push, Whisper};
use bytes::Bytes;

/// How a client wants its events: as one object each, or as arguments. Generations of Animo's pages differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// It hasn't shown yet.
    Unknown,
    /// Arguments everywhere, joins too (the first generation).
    Bare,
    /// Arguments in chat.
    Positional,
    /// Objects.
    Object,
}

pub(super) fn push(_: Style, _: &Push, _: &Company<'_>) -> Option<Bytes> {
    None
}

pub(super) fn whisper(_: &Whisper) -> Option<Bytes> {
    None
}

/// The answer to an entry.
pub(super) fn entered(_: Style, _: &Result<Answer, Fault>, _: Option<&Company<'_>>) -> Option<Bytes> {
    None
}
