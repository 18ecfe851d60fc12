//! What the operator does to API keys.
use serde_json::{Value, json};

use super::users::find;
use super::{Done, Refused, by, now, time};
use crate::auth::session::{Token, TokenKind};
use crate::cli::arguments::Order;
use crate::room::ids::KeyId;
use crate::service::scopes::{Scope, Scopes};
use crate::store::Store;
use crate::store::keys::{self, Key, Made, NewKey, Whose};

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Without `--owner` the key is the operator's and reaches all rooms.
pub(super) async fn create(store: &Store, order: &Order) -> Result<Done, Refused> {
    let name = order.flag("name").map(str::trim).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refused::because("key create needs --name"))?;
    if name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(Refused::because("--name: 1 to 64 characters, no control characters"));
    }
    let owner = match order.flag("owner") {
        Some(about) => Some(find(store, about).await?.id),
        None => None,
    };
    let secret = Token::random(TokenKind::ApiKey);
    let new = NewKey {
        id: KeyId(uuid::Uuid::now_v7()),
        name: name.to_owned(),
        owner,
        scopes: scopes(order.flag("scopes"))?.to_string(),
        secret_hash: secret.hash(),
        prefix: secret.beginning().to_owned(),
        expires_at: order.flag("days").map(days).transpose()?.map(|days| now().plus(days * DAY_MS)),
    };
    // the operator sets no bound to the operator
    let Made::Made(key) = keys::make(store, &by(), &new, u64::MAX).await? else {
        return Err(Refused::because("that user has too many keys"));
    };
    let mut view = view(&key);
    view["secret"] = secret.as_str().into();
    Ok(Done::Shown(view))
}

pub(super) async fn list(store: &Store, order: &Order) -> Result<Done, Refused> {
    let whose = match order.flag("owner") {
        Some(about) => Whose::User(find(store, about).await?.id),
        None => Whose::Everybody,
    };
    let found = keys::list(store, whose).await?;
    let line = |key: &Key| {
        let state = if key.revoked_at.is_some() {
            "revoked"
        } else if key.expires_at.is_some_and(|at| at <= now()) {
            "expired"
        } else {
            "good"
        };
        let owner = key.owner.map_or_else(|| "operator".to_owned(), |owner| owner.to_string());
        format!("{} {state} {}… {owner} {} ({})", key.id, key.prefix, key.name, key.scopes)
    };
    let lines = found.iter().map(line).collect();
    Ok(Done::Listed { json: json!({ "keys": found.iter().map(view).collect::<Vec<_>>() }), lines })
}

pub(super) async fn revoke(store: &Store, about: &str) -> Result<Done, Refused> {
    let missing = || Refused::because(format!("there is no key {about} that could be revoked"));
    let id: KeyId = about.parse().map_err(|_| missing())?;
    if !keys::revoke(store, &by(), id, Whose::Everybody).await? {
        return Err(missing());
    }
    Ok(Done::Shown(json!({ "id": id.to_string(), "revoked": true })))
}

fn scopes(words: Option<&str>) -> Result<Scopes, Refused> {
    let all: Vec<_> = Scope::ALL.into_iter().map(Scope::word).collect();
    let wrong = || Refused::because(format!("--scopes: some of {}, separated by commas", all.join(",")));
    let words = words.filter(|words| !words.is_empty()).ok_or_else(wrong)?;
    words.split(',').map(|word| Scope::from_word(word.trim()).ok_or_else(wrong)).collect()
}

fn days(text: &str) -> Result<i64, Refused> {
    let days = text.parse().ok().filter(|days| (1..=3_650).contains(days));
    days.ok_or_else(|| Refused::because("--days: 1 to 3650"))
}

fn view(key: &Key) -> Value {
    json!({
        "id": key.id.to_string(),
        "name": key.name,
        "owner": key.owner.map(|owner| owner.to_string()),
        "scopes": key.scopes,
        "prefix": key.prefix,
        "created_at": time(key.created_at),
        "last_used_at": key.last_used_at.map(time),
        "expires_at": key.expires_at.map(time),
        "revoked_at": key.revoked_at.map(time),
    })
}
