//! The rows for what belongs to an account: rooms, calls, API keys.
use super::super::account_answers::{KeysBody, MyCallsBody, NewKeyBody, RoomsBody};
use super::super::account_bodies::{ClaimRoom, CreateKey};
use super::super::answers::RoomAnswer;
use super::super::bodies::PageQuery;
use super::super::route::{Access, Route};
use super::super::{keys, owning};
use crate::fault::Fault;
use crate::service::scopes::Scope;
use warp::http::Method;

const AWAY: Fault = Fault::StorageUnavailable;

pub(super) fn table() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/v1/rooms",
            "listRooms",
            "One's own rooms, the newest first; with an API key those it reaches.",
            Access::Lister(Scope::RoomsRead),
            |rest, asked| Box::pin(owning::rooms(rest, asked)),
        )
        .asks::<PageQuery>()
        .gives::<RoomsBody>(200)
        .refuses(&[AWAY]),
        Route::new(
            Method::POST,
            "/v1/rooms/{key}/claim",
            "claimRoom",
            "Make a guest's room one's own with its owner secret, which opens nothing from then on.",
            Access::Account,
            |rest, asked| Box::pin(owning::claim(rest, asked)),
        )
        .takes::<ClaimRoom>()
        .gives::<RoomAnswer>(200)
        .refuses(&[Fault::NoSuchRoom, Fault::Ended, AWAY]),
        Route::new(
            Method::GET,
            "/v1/calls",
            "listMyCalls",
            "The calls one took part in or that were held in one's rooms, the newest first.",
            Access::Lister(Scope::RoomsRead),
            |rest, asked| Box::pin(owning::calls(rest, asked)),
        )
        .asks::<PageQuery>()
        .gives::<MyCallsBody>(200)
        .refuses(&[AWAY]),
        Route::new(
            Method::GET,
            "/v1/keys",
            "listKeys",
            "One's API keys, without their secrets.",
            Access::Account,
            |rest, asked| Box::pin(keys::list(rest, asked)),
        )
        .gives::<KeysBody>(200)
        .refuses(&[AWAY]),
        Route::new(
            Method::POST,
            "/v1/keys",
            "createKey",
            "Make an API key for one's own rooms. Its secret is shown this once.",
            Access::Account,
            |rest, asked| Box::pin(keys::create(rest, asked)),
        )
        .takes::<CreateKey>()
        .gives::<NewKeyBody>(201)
        .refuses(&[Fault::Quota, AWAY]),
        Route::new(
            Method::DELETE,
            "/v1/keys/{id}",
            "revokeKey",
            "Revoke a key, at once.",
            Access::Account,
            |rest, asked| Box::pin(keys::revoke(rest, asked)),
        )
        .refuses(&[Fault::NoSuchTarget, AWAY]),
    ]
}
