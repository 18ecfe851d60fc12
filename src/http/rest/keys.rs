//! API keys: made, listed, revoked by the user whose rooms they reach.
use super::account_answers::{KeyBody, KeysBody, NewKeyBody};
use super::account_bodies::{CreateKey, ScopeWord};
use super::json;
use super::reply::Reply;
use super::route::{Asked, Rest};
use super::signing::visit;
use crate::fault::Fault;
use crate::room::ids::Millis;
use crate::service::accounts::NewKey;
use crate::service::scopes::Scope;
use warp::http::header;

pub(super) async fn list(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let keys = rest.accounts.keys(asked.caller.signed_in()?).await?;
    Ok(Reply::ok(&KeysBody { keys: keys.iter().map(KeyBody::of).collect() }))
}

pub(super) async fn create(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let CreateKey { name, scopes, expires_at } = json::read(&asked.body)?;
    let expires_at = expires_at.as_deref().map(time).transpose()?;
    let wish = NewKey { name, scopes: scopes.into_iter().map(ScopeWord::scope).collect(), expires_at };
    let (key, secret) = rest.accounts.create_key(asked.caller.signed_in()?, wish, &visit(&asked)).await?;
    let body = NewKeyBody { key: KeyBody::of(&key), secret: secret.as_str() };
    let reply = Reply::ok(&body).created(&format!("/v1/keys/{}", key.id));
    Ok(reply.with(header::CACHE_CONTROL, "no-store"))
}

pub(super) async fn revoke(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    rest.accounts.revoke_key(asked.caller.signed_in()?, asked.param(0), &visit(&asked)).await?;
    Ok(Reply::empty())
}

impl ScopeWord {
    fn scope(self) -> Scope {
        match self {
            Self::RoomsRead => Scope::RoomsRead,
            Self::RoomsWrite => Scope::RoomsWrite,
            Self::Moderate => Scope::Moderate,
            Self::EventsRead => Scope::EventsRead,
        }
    }
}

fn time(text: &str) -> Result<Millis, Fault> {
    let time = text.parse::<jiff::Timestamp>();
    time.map(|time| Millis(time.as_millisecond()))
        .map_err(|_| Fault::field("expires_at", "not an RFC 3339 time"))
}
