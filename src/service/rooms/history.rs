//! What a room remembers: its messages through the room, its calls from the store.
use super::{Rooms, unexpected};
use crate::fault::Fault;
use crate::room::chat::Message;
use crate::room::command::{Command, HistoryQuery};
use crate::room::event::Answer;
use crate::room::ids::{CallId, Millis};
use crate::room::record::CallRecord;
use crate::service::caller::Caller;
use crate::store;
use crate::store::calls::Cursor;
use std::sync::Arc;

/// A page of calls, the newest first.
#[derive(Debug, Clone)]
pub struct CallsPage {
    pub calls: Vec<CallRecord>,
    /// Where the next page goes on.
    pub next: Option<String>,
}

impl Rooms {
    /// A page of chat as the caller may read it, oldest first, and whether there is more.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`] for everyone but the owner and who holds a seat; [`Fault::StorageUnavailable`].
    pub async fn messages(
        &self,
        key: &str,
        caller: Caller,
        query: HistoryQuery,
    ) -> Result<(Vec<Arc<Message>>, bool), Fault> {
        let room = self.find(key, caller).await?;
        match self.ask(room, caller, Command::ChatHistory(query)).await? {
            Answer::History { messages, more } => Ok((messages, more)),
            other => Err(unexpected(&other)),
        }
    }

    /// A page of calls; `cursor` is an earlier page's `next`.
    ///
    /// # Errors
    /// As [`Self::messages`]; [`Fault::InvalidField`] for a cursor that no page gave.
    pub async fn calls(
        &self,
        key: &str,
        caller: Caller,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<CallsPage, Fault> {
        let (room, _) = self.inside(key, caller).await?;
        let after = cursor.map(read_cursor).transpose()?;
        let page = store::calls::list(&self.0.store, room, after, limit).await?;
        Ok(CallsPage { calls: page.calls, next: page.next.map(write_cursor) })
    }
}

/// The start in milliseconds and the id: `1763719200000.0193…`.
pub(super) fn write_cursor(cursor: Cursor) -> String {
    format!("{}.{}", cursor.started_at.0, cursor.call)
}

pub(super) fn read_cursor(text: &str) -> Result<Cursor, Fault> {
    let parts = text.split_once('.').and_then(|(started, call)| {
        let started_at = Millis(started.parse().ok()?);
        Some(Cursor { started_at, call: call.parse::<CallId>().ok()? })
    });
    parts.ok_or_else(|| Fault::field("cursor", "not the next of an earlier page"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_does() {
        let cursor = Cursor { started_at: Millis(1_763_719_200_000), call: CallId(Uuid::from_u128(7)) };
        let text = write_cursor(cursor);
        let read = read_cursor(&text).unwrap();
        assert_eq!((read.started_at, read.call), (cursor.started_at, cursor.call));
        for wrong in ["", ".", "5", "x.y", "5.7", &text[1..text.len() - 1], &format!("{text}0")] {
            assert!(read_cursor(wrong).is_err(), "{wrong}");
        }
    }
}
