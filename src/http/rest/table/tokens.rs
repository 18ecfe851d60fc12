//! The rows for room tokens.
use super::super::route::{Access, Route, schema};
use super::super::tokens::{self, CreateToken, TokenBody, TokensQuery};
use crate::fault::Fault;
use crate::service::scopes::Scope;
use warp::http::Method;

pub(super) fn table() -> Vec<Route> {
    vec![
        Route {
            method: Method::POST,
            path: "/v1/rooms/{key}/tokens",
            operation: "createRoomToken",
            summary: "Make a token by which someone enters this room with the rights it says. Owner only.",
            access: Access::Asker(Scope::RoomsWrite),
            query: None,
            body: Some(schema::<CreateToken>),
            status: 201,
            answer: Some(schema::<TokenBody>),
            headers: &[],
            refusals: &[Fault::NoSuchRoom, Fault::Ended, Fault::StorageUnavailable],
            handler: |rest, asked| Box::pin(tokens::create(rest, asked)),
        },
        Route {
            method: Method::DELETE,
            path: "/v1/rooms/{key}/tokens",
            operation: "endRoomTokens",
            summary: "End tokens made so far; whoever came in by one is removed at once. Owner only.",
            access: Access::Asker(Scope::RoomsWrite),
            query: Some(schema::<TokensQuery>),
            body: None,
            status: 204,
            answer: None,
            headers: &[],
            refusals: &[Fault::NoSuchRoom, Fault::Ended, Fault::StorageUnavailable],
            handler: |rest, asked| Box::pin(tokens::end(rest, asked)),
        },
    ]
}
