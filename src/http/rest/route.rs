//! What a row of the route table says: enough to match a request, to judge it, and to describe it.
use super::reply::Reply;
use crate::fault::Fault;
use crate::http::context::ClientAddr;
use crate::http::origin::Origins;
use crate::service::accounts::Accounts;
use crate::service::caller::Caller;
use crate::service::rooms::Rooms;
use crate::service::scopes::Scope;
use crate::service::tokens::Tokens;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::sync::Arc;
use warp::http::{HeaderMap, Method};

/// One row: a method on a path, who may, what goes in, what comes out, and who answers.
pub struct Route {
    pub method: Method,
    /// Segments between slashes; `{name}` takes any one segment.
    pub path: &'static str,
    /// The operation's name in OpenAPI, unique.
    pub operation: &'static str,
    pub summary: &'static str,
    pub access: Access,
    pub query: Option<Describe>,
    pub body: Option<Describe>,
    /// The status of a good answer.
    pub status: u16,
    pub answer: Option<Describe>,
    /// Headers beside the credential that count here, with what they mean.
    pub headers: &'static [(&'static str, &'static str)],
    /// Codes of refusals beyond those every route, every credential and every body can meet.
    pub refusals: &'static [Fault],
    pub(super) handler: Handler,
}

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everyone.
    Open,
    /// Everyone, unless guests may not make rooms here.
    Makers,
    /// Everyone who has a key of the room that counts as a link; its owner and its people by any key.
    Key,
    /// Whoever the room lets: a credential must be shown, and the room judges it; to whom it isn't open it looks absent.
    /// API keys need the scope.
    Asker(Scope),
    /// Whoever is signed in; nobody else, and no API key.
    Account,
    /// Whoever is signed in, and API keys with the scope.
    Lister(Scope),
}

impl Route {
    /// A row without body, query and answer, whose good answer is 204.
    pub(super) fn new(
        method: Method,
        path: &'static str,
        operation: &'static str,
        summary: &'static str,
        access: Access,
        handler: Handler,
    ) -> Self {
        Self {
            method,
            path,
            operation,
            summary,
            access,
            query: None,
            body: None,
            status: 204,
            answer: None,
            headers: &[],
            refusals: &[],
            handler,
        }
    }

    pub(super) fn takes<T: JsonSchema>(self) -> Self {
        Self { body: Some(schema::<T>), ..self }
    }

    pub(super) fn asks<T: JsonSchema>(self) -> Self {
        Self { query: Some(schema::<T>), ..self }
    }

    pub(super) fn gives<T: JsonSchema>(self, status: u16) -> Self {
        Self { status, answer: Some(schema::<T>), ..self }
    }

    pub(super) fn refuses(self, refusals: &'static [Fault]) -> Self {
        Self { refusals, ..self }
    }
}

/// Registers a type's schema and gives a reference to it.
pub type Describe = fn(&mut SchemaGenerator) -> Schema;

/// The schema of `T`.
pub(super) fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// Answers a request.
pub(super) type Handler = fn(Rest, Asked) -> BoxFuture<'static, Result<Reply, Fault>>;

/// What handlers work with.
#[derive(Debug, Clone)]
pub struct Rest {
    pub rooms: Rooms,
    pub tokens: Tokens,
    pub accounts: Accounts,
    /// The origins that are ours, for changes by cookie.
    pub origins: Arc<Origins>,
    /// How browsers reach this server (`http.public_url`); `None`: by each request's own host.
    pub public_url: Option<Arc<str>>,
}

/// A request that has come past all checks of its form.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) caller: Caller,
    pub(super) client: ClientAddr,
    pub(super) headers: HeaderMap,
    /// The segments that `{…}` took, in order, percent-decoded.
    pub(super) params: Vec<String>,
    pub(super) query: String,
    pub(super) body: Bytes,
}

impl Asked {
    /// The segment that the `index`th `{…}` took.
    pub(super) fn param(&self, index: usize) -> &str {
        self.params.get(index).map_or("", String::as_str)
    }
}
