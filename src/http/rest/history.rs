//! What a room remembers, over REST: its messages and its calls, page by page.
use super::answers::{CallBody, CallsAnswer, MessagesAnswer};
use super::bodies::{MessagesQuery, PageQuery};
use super::reply::Reply;
use super::route::{Asked, Rest};
use crate::dialect::native::views::MessageBody;
use crate::fault::Fault;
use crate::room::chat::Message;
use crate::room::command::HistoryQuery;
use crate::room::ids::No;
use std::sync::Arc;
use url::form_urlencoded;

/// Items on a page unless asked otherwise.
const PAGE: u32 = 50;

pub(super) async fn messages(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let asks = MessagesQuery::read(&asked.query)?;
    let limit = asks.limit.unwrap_or(PAGE);
    let query = HistoryQuery {
        before: asks.before.map(No),
        after: asks.after.map(No),
        limit,
        search: asks.search.as_deref().map(Into::into),
    };
    let (messages, more) = rest.rooms.messages(asked.param(0), asked.caller, query).await?;
    let next = if more { next_page(&asks, limit, &messages) } else { None };
    let messages = messages.iter().map(|message| MessageBody::of(message)).collect();
    Ok(Reply::ok(&MessagesAnswer { messages, more, next }))
}

/// The query that goes on where this page ends, in the same direction.
fn next_page(asks: &MessagesQuery, limit: u32, page: &[Arc<Message>]) -> Option<String> {
    let (name, edge) = if asks.after.is_some() { ("after", page.last()?) } else { ("before", page.first()?) };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(name, &edge.no.0.to_string()).append_pair("limit", &limit.to_string());
    if let Some(search) = &asks.search {
        query.append_pair("search", search);
    }
    Some(query.finish())
}

pub(super) async fn calls(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let asks = PageQuery::read(&asked.query)?;
    let page = rest
        .rooms
        .calls(asked.param(0), asked.caller, asks.cursor.as_deref(), asks.limit.unwrap_or(PAGE))
        .await?;
    Ok(Reply::ok(&CallsAnswer { calls: page.calls.iter().map(CallBody::of).collect(), next: page.next }))
}
