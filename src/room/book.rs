//! The last messages of a room: a durable room's are a window on its history, an ephemeral room's are all it has.
use super::chat::Message;
use super::ids::{ClientId, MessageId, No, SeatId, Seq};
use super::rules::BUFFERED_MESSAGES;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Book {
    /// Ascending by `no`.
    lines: VecDeque<Line>,
    by_id: HashMap<MessageId, No>,
    by_client: HashMap<(SeatId, ClientId), MessageId>,
    /// Whether older ones exist, or existed.
    older: bool,
    last: No,
}

pub(super) struct Line {
    pub(super) message: Arc<Message>,
    /// The last durable change of it, or its own place.
    changed: No,
    /// Where it was shown in this epoch; 0 if that was in an earlier one.
    pub(super) seq: Seq,
}

impl Book {
    /// `changed` has the last durable change of those messages that had one.
    pub(super) fn restore(messages: Vec<Message>, older: bool, changed: &[(MessageId, No)]) -> Self {
        let mut book = Self { older, ..Self::default() };
        for message in messages {
            book.keep(Arc::new(message), Seq(0));
        }
        for (message, no) in changed {
            book.change(*message, *no);
        }
        book
    }

    /// The next place of an ephemeral room's message.
    pub(super) fn next_no(&self) -> No {
        No(self.last.0 + 1)
    }

    pub(super) fn keep(&mut self, message: Arc<Message>, seq: Seq) {
        self.last = message.no;
        self.by_id.insert(message.id, message.no);
        self.by_client.insert((message.author, message.client_id.clone()), message.id);
        self.lines.push_back(Line { changed: message.no, message, seq });
        if self.lines.len() <= BUFFERED_MESSAGES {
            return;
        }
        if let Some(Line { message, .. }) = self.lines.pop_front() {
            self.by_id.remove(&message.id);
            self.by_client.remove(&(message.author, message.client_id.clone()));
            self.older = true;
        }
    }

    /// Nobody is left who heard them, and they are kept nowhere else.
    pub(super) fn forget_all(&mut self) {
        *self = Self { last: self.last, ..Self::default() };
    }

    pub(super) fn find(&self, id: MessageId) -> Option<&Line> {
        self.lines.get(self.index(id)?)
    }

    /// For the change of that place; whoever holds the message as it was keeps that.
    pub(super) fn change(&mut self, id: MessageId, no: No) -> Option<&mut Message> {
        let index = self.index(id)?;
        let line = self.lines.get_mut(index)?;
        line.changed = line.changed.max(no);
        Some(Arc::make_mut(&mut line.message))
    }

    /// What was said up to that place and changed after it, ascending.
    pub(super) fn changed_since(&self, seen: No) -> impl Iterator<Item = &Arc<Message>> {
        let said = self.lines.iter().take_while(move |line| line.message.no <= seen);
        said.filter(move |line| line.changed > seen).map(|line| &line.message)
    }

    pub(super) fn of_client(&self, author: SeatId, client_id: &ClientId) -> Option<&Line> {
        self.find(*self.by_client.get(&(author, client_id.clone()))?)
    }

    /// Ascending by `no`.
    pub(super) fn messages(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> {
        self.lines.iter().map(|line| &line.message)
    }

    /// The lowest `no` that is held, if older ones exist that are not.
    pub(super) fn torn_at(&self) -> Option<No> {
        self.older.then(|| self.lines.front().map_or(No(i64::MAX), |line| line.message.no))
    }

    fn index(&self, id: MessageId) -> Option<usize> {
        let no = self.by_id.get(&id)?;
        self.lines.binary_search_by_key(no, |line| line.message.no).ok()
    }
}
