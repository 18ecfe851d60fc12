//! A chat message as the room keeps it.
use super::ids::{ClientId, MessageId, Millis, No, PeerId, SeatId};
use std::sync::Arc;

/// One message. A deleted one keeps its place with an empty text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    /// Its place in the durable history; in an ephemeral room its place in the buffer.
    pub no: No,
    pub author: SeatId,
    pub from: PeerId,
    pub name: Arc<str>,
    pub client_id: ClientId,
    pub text: Arc<str>,
    /// The one other reader of a private message.
    pub to: Option<Recipient>,
    pub reply_to: Option<MessageId>,
    pub at: Millis,
    pub edited_at: Option<Millis>,
    pub deleted: bool,
    pub reactions: Vec<Reaction>,
    /// What the author's client said of itself beside the text. Kept in memory only.
    pub claim: Option<Claim>,
}

/// Name and time as a client gave them with a message, for clients that show those, and the shape it wrote in; the face has
/// checked them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claim {
    pub name: Option<Arc<str>>,
    pub at: Option<Millis>,
    /// The author's dialect's own word for the shape, where it has several.
    pub shape: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub seat: SeatId,
    pub peer: PeerId,
}

/// Who reacted with what; one emoji once per person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    pub emoji: Arc<str>,
    pub seat: SeatId,
    pub peer: PeerId,
}
