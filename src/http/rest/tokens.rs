//! Room tokens over REST: make one, end some.
use super::bodies::{RightWord, RoleWord};
use super::json::{self, given};
use super::query::{once, unknown};
use super::reply::Reply;
use super::route::{Asked, Rest};
use crate::dialect::native::views::Time;
use crate::fault::Fault;
use crate::room::permissions::Role;
use crate::service::token_ends::Which;
use crate::service::tokens::{NewToken, checked_subject};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use warp::http::{StatusCode, header};

/// Whom a token is for and what it grants.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateToken {
    /// Whom it is for, in your own words; tokens are ended by it. 1 to 128 bytes without control characters.
    #[schemars(length(min = 1, max = 128))]
    subject: String,
    /// The name its holder enters with, 1 to 64 characters; without it they bring their own.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1, max = 64))]
    name: Option<String>,
    /// Participant unless given.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RoleWord")]
    role: Option<RoleWord>,
    /// Exactly these rights, instead of the role's.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Vec<RightWord>")]
    rights: Option<Vec<RightWord>>,
    /// How long it lets its holder enter; who is in stays.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "u32", range(min = 1, max = 86_400), extend("default" = 600))]
    expires_in_seconds: Option<i64>,
}

/// A new token. It is shown this once.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RoomToken")]
pub(super) struct TokenBody {
    /// A JWT for `hello.token`.
    token: String,
    /// What it is ended by.
    jti: String,
    expires_at: Time,
}

/// Which tokens to end; without either all of the room.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TokensQuery {
    /// The one of this id.
    #[schemars(with = "String", regex(pattern = "^[0-9a-f]{32}$"))]
    jti: Option<String>,
    /// All made for this subject so far.
    #[schemars(with = "String", length(min = 1, max = 128))]
    subject: Option<String>,
}

impl TokensQuery {
    fn read(query: &str) -> Result<Which, Fault> {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "jti" => once(&mut read.jti, "jti", value.into_owned())?,
                "subject" => once(&mut read.subject, "subject", value.into_owned())?,
                _ => return Err(unknown(&name)),
            }
        }
        match (read.jti, read.subject) {
            (Some(_), Some(_)) => Err(Fault::field("subject", "jti and subject don't go together")),
            (Some(jti), None) => {
                jti.parse().map(Which::Token).map_err(|_| Fault::field("jti", "32 hex digits"))
            }
            (None, Some(subject)) => Ok(Which::Subject(checked_subject(&subject)?.into())),
            (None, None) => Ok(Which::All),
        }
    }
}

pub(super) async fn create(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let body: CreateToken = json::read(&asked.body)?;
    let new = NewToken {
        subject: body.subject,
        name: body.name,
        role: body.role.map_or(Role::Participant, RoleWord::role),
        rights: body.rights.map(|words| RightWord::all(&words)),
        seconds: body.expires_in_seconds,
    };
    let issued = rest.tokens.issue(asked.param(0), asked.caller, new, asked.client.ip).await?;
    let body =
        TokenBody { token: issued.token, jti: issued.jti.to_string(), expires_at: Time(issued.expires_at) };
    Ok(Reply::ok(&body).with_status(StatusCode::CREATED).with(header::CACHE_CONTROL, "no-store"))
}

pub(super) async fn end(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let which = TokensQuery::read(&asked.query)?;
    rest.tokens.end(asked.param(0), asked.caller, which, asked.client.ip).await?;
    Ok(Reply::empty())
}
