//! The route table of `/v1`: the one place that says what there is. Filter, OpenAPI document and tests are made from it.
mod me;
mod owning;
mod signing;
mod tokens;

use super::answers::{CallsAnswer, CreatedBody, MessagesAnswer, ParticipantsAnswer, PinsAnswer, RoomAnswer};
use super::bodies::{ChangeParticipant, CreateRoom, MessagesQuery, PageQuery, RotatePins, UpdateRoom};
use super::route::{Access, Route, schema};
use super::{history, people, rooms};
use crate::dialect::native::views::ParticipantBody;
use crate::fault::Fault;
use crate::service::scopes::Scope;
use warp::http::Method;

const STALE: Fault = Fault::StaleVersion { version: 0 };
const FORBIDDEN: Fault = Fault::Forbidden { right: "manage" };
const WRITE: Fault = Fault::Forbidden { right: Scope::RoomsWrite.word() };

/// All routes.
pub fn table() -> Vec<Route> {
    [
        rooms_table(),
        people_table(),
        tokens::table(),
        history_table(),
        signing::table(),
        me::table(),
        owning::table(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn rooms_table() -> Vec<Route> {
    vec![
        Route {
            method: Method::POST,
            path: "/v1/rooms",
            operation: "createRoom",
            summary: "Make a room. It belongs to whoever is signed in; a guest gets its owner secret, once.",
            access: Access::Makers,
            query: None,
            body: Some(schema::<CreateRoom>),
            status: 201,
            answer: Some(schema::<CreatedBody>),
            headers: &[(
                "Idempotency-Key",
                "16 to 128 characters, random: the same key with the same body within 24 h makes no second room and gives the same answer",
            )],
            refusals: &[Fault::Unauthenticated, WRITE, Fault::IdempotencyConflict, Fault::StorageUnavailable],
            handler: |rest, asked| Box::pin(rooms::create(rest, asked)),
        },
        Route {
            method: Method::GET,
            path: "/v1/rooms/{key}",
            operation: "getRoom",
            summary: "A room by any of its keys. Its owner sees keys and PINs.",
            access: Access::Key,
            query: None,
            body: None,
            status: 200,
            answer: Some(schema::<RoomAnswer>),
            headers: &[("If-None-Match", "the ETag of an earlier answer: 304 if nothing changed")],
            refusals: &[Fault::NoSuchRoom, Fault::Ended],
            handler: |rest, asked| Box::pin(rooms::describe(rest, asked)),
        },
        Route {
            method: Method::PATCH,
            path: "/v1/rooms/{key}",
            operation: "updateRoom",
            summary: "Change settings; what is left out stays. Needs the owner secret, or a seat with the right to manage.",
            access: Access::Asker(Scope::RoomsWrite),
            query: None,
            body: Some(schema::<UpdateRoom>),
            status: 200,
            answer: Some(schema::<RoomAnswer>),
            headers: &[("If-Match", "the ETag that was seen: 412 if the settings changed since")],
            refusals: &[
                Fault::NoSuchRoom,
                Fault::Ended,
                FORBIDDEN,
                STALE,
                Fault::NoSuchTarget,
                Fault::StorageUnavailable,
            ],
            handler: |rest, asked| Box::pin(rooms::update(rest, asked)),
        },
        Route {
            method: Method::DELETE,
            path: "/v1/rooms/{key}",
            operation: "endRoom",
            summary: "End the meeting for good; everyone in it hears so.",
            access: Access::Asker(Scope::RoomsWrite),
            query: None,
            body: None,
            status: 204,
            answer: None,
            headers: &[],
            refusals: &[Fault::NoSuchRoom, FORBIDDEN, Fault::StorageUnavailable],
            handler: |rest, asked| Box::pin(rooms::end(rest, asked)),
        },
        Route {
            method: Method::POST,
            path: "/v1/rooms/{key}/pins",
            operation: "rotatePins",
            summary: "Replace PINs by new random ones. Owner only.",
            access: Access::Asker(Scope::RoomsWrite),
            query: None,
            body: Some(schema::<RotatePins>),
            status: 200,
            answer: Some(schema::<PinsAnswer>),
            headers: &[],
            refusals: &[Fault::NoSuchRoom, Fault::Ended, FORBIDDEN, Fault::StorageUnavailable],
            handler: |rest, asked| Box::pin(rooms::rotate_pins(rest, asked)),
        },
    ]
}

fn people_table() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/v1/rooms/{key}/participants",
            operation: "listParticipants",
            summary: "Everyone with a seat, in join order.",
            access: Access::Asker(Scope::RoomsRead),
            query: None,
            body: None,
            status: 200,
            answer: Some(schema::<ParticipantsAnswer>),
            headers: &[],
            refusals: &[Fault::NoSuchRoom],
            handler: |rest, asked| Box::pin(people::list(rest, asked)),
        },
        Route {
            method: Method::PATCH,
            path: "/v1/rooms/{key}/participants/{peer}",
            operation: "changeParticipant",
            summary: "Change someone's role and rights, at once on the live connection.",
            access: Access::Asker(Scope::Moderate),
            query: None,
            body: Some(schema::<ChangeParticipant>),
            status: 200,
            answer: Some(schema::<ParticipantBody>),
            headers: &[],
            refusals: &[Fault::NoSuchRoom, FORBIDDEN, Fault::NoSuchTarget, Fault::StorageUnavailable],
            handler: |rest, asked| Box::pin(people::change(rest, asked)),
        },
        Route {
            method: Method::DELETE,
            path: "/v1/rooms/{key}/participants/{peer}",
            operation: "removeParticipant",
            summary: "Remove someone from the meeting.",
            access: Access::Asker(Scope::Moderate),
            query: None,
            body: None,
            status: 204,
            answer: None,
            headers: &[],
            refusals: &[Fault::NoSuchRoom, FORBIDDEN, Fault::NoSuchTarget, Fault::StorageUnavailable],
            handler: |rest, asked| Box::pin(people::remove(rest, asked)),
        },
    ]
}

fn history_table() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/v1/rooms/{key}/messages",
            operation: "listMessages",
            summary: "Chat, oldest first within a page; private messages only for their two readers.",
            access: Access::Asker(Scope::RoomsRead),
            query: Some(schema::<MessagesQuery>),
            body: None,
            status: 200,
            answer: Some(schema::<MessagesAnswer>),
            headers: &[],
            refusals: &[Fault::NoSuchRoom, Fault::StorageUnavailable],
            handler: |rest, asked| Box::pin(history::messages(rest, asked)),
        },
        Route {
            method: Method::GET,
            path: "/v1/rooms/{key}/calls",
            operation: "listCalls",
            summary: "Calls with their durations, the newest first.",
            access: Access::Asker(Scope::RoomsRead),
            query: Some(schema::<PageQuery>),
            body: None,
            status: 200,
            answer: Some(schema::<CallsAnswer>),
            headers: &[],
            refusals: &[Fault::NoSuchRoom, Fault::StorageUnavailable],
            handler: |rest, asked| Box::pin(history::calls(rest, asked)),
        },
    ]
}
