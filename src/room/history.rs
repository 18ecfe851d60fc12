//! Reading back: from the buffer where chat is ephemeral, from the store where it is kept.
use super::Room;
use super::chat::Message;
use super::command::HistoryQuery;
use super::effect::{Effect, Effects};
use super::event::Answer;
use super::ids::SeatId;
use super::log::Readers;
use super::record::ChatKind;
use super::rules::HISTORY_MESSAGES;
use super::turn::{Ruling, Turn, Verdict, Who};
use crate::fault::Fault;
use std::sync::Arc;
use uuid::Uuid;

impl Room {
    pub(super) fn history(&mut self, turn: Turn, query: HistoryQuery, fx: &mut Effects) -> Ruling {
        if turn.who == Who::Anyone {
            return Err(Fault::NotFound);
        }
        if !(1..=HISTORY_MESSAGES).contains(&query.limit) {
            return Err(Fault::field("limit", "1 to 100"));
        }
        // the owner by REST is no seat: private messages are between seats
        let reader = self.seat_of(turn.who).unwrap_or(SeatId(Uuid::nil()));
        match self.chat {
            ChatKind::Durable => {
                fx.push(Effect::History { to: turn.reply, reader, query });
                Ok(Verdict::Later)
            }
            ChatKind::Ephemeral => {
                let (messages, more) = self.page(reader, &query);
                Ok(Verdict::Now(Answer::History { messages, more }))
            }
        }
    }

    fn page(&self, reader: SeatId, query: &HistoryQuery) -> (Vec<Arc<Message>>, bool) {
        let sought = query.search.as_ref().map(|sought| sought.to_lowercase());
        let wanted = |message: &&Arc<Message>| {
            Readers::of(message).include(reader)
                && query.before.is_none_or(|before| message.no < before)
                && query.after.is_none_or(|after| message.no > after)
                && sought.as_ref().is_none_or(|sought| message.text.to_lowercase().contains(sought))
        };
        let limit = query.limit as usize;
        let mut page: Vec<_> = if query.after.is_some() {
            self.book.messages().filter(wanted).take(limit + 1).cloned().collect()
        } else {
            self.book.messages().rev().filter(wanted).take(limit + 1).cloned().collect()
        };
        let more = page.len() > limit;
        page.truncate(limit);
        if query.after.is_none() {
            page.reverse();
        }
        (page, more)
    }
}
