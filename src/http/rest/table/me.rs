//! The rows for one's own account.
use super::super::account_answers::{DeletionBody, DevicesBody, EventsBody, FlowBody, UserBody};
use super::super::account_bodies::{ChangeMe, ChangePassword, ConfirmCode, DeleteMe, GiveEmail, GivePhone};
use super::super::bodies::PageQuery;
use super::super::export::ExportBody;
use super::super::me;
use super::super::route::{Access, Handler, Route};
use crate::fault::Fault;
use warp::http::Method;

const AWAY: Fault = Fault::StorageUnavailable;
const WEAK: Fault = Fault::WeakPassword { reason: "short" };
/// The password, or a sign-in of just now, has to be shown first.
const PROOF: Fault = Fault::Forbidden { right: "password" };

fn own(method: Method, path: &'static str, name: &'static str, summary: &'static str, by: Handler) -> Route {
    Route::new(method, path, name, summary, Access::Account, by).refuses(&[AWAY])
}

pub(super) fn table() -> Vec<Route> {
    [account(), ways_in(), devices()].into_iter().flatten().collect()
}

fn account() -> Vec<Route> {
    vec![
        own(Method::GET, "/v1/me", "getMe", "Who is signed in.", |rest, asked| {
            Box::pin(me::show(rest, asked))
        })
        .gives::<UserBody>(200),
        own(Method::PATCH, "/v1/me", "changeMe", "Change name, username, language.", |rest, asked| {
            Box::pin(me::change(rest, asked))
        })
        .takes::<ChangeMe>()
        .gives::<UserBody>(200)
        .refuses(&[Fault::NameTaken, AWAY]),
        own(
            Method::DELETE,
            "/v1/me",
            "deleteMe",
            "Delete the account, for good after some days; signing in until then keeps it.",
            |rest, asked| Box::pin(me::delete(rest, asked)),
        )
        .takes::<DeleteMe>()
        .gives::<DeletionBody>(202)
        .refuses(&[PROOF, WEAK, AWAY]),
        own(
            Method::POST,
            "/v1/me/password",
            "changePassword",
            "Set or change the password; ends all other sessions.",
            |rest, asked| Box::pin(me::change_password(rest, asked)),
        )
        .takes::<ChangePassword>()
        .refuses(&[PROOF, WEAK, AWAY]),
        own(
            Method::GET,
            "/v1/me/export",
            "exportMe",
            "Everything that is kept about one, as JSON.",
            |rest, asked| Box::pin(me::export(rest, asked)),
        )
        .gives::<ExportBody>(200),
        own(
            Method::GET,
            "/v1/me/events",
            "listMyEvents",
            "What happened to the account: sign-ins, failures, changes.",
            |rest, asked| Box::pin(me::events(rest, asked)),
        )
        .asks::<PageQuery>()
        .gives::<EventsBody>(200),
    ]
}

fn ways_in() -> Vec<Route> {
    vec![
        own(
            Method::POST,
            "/v1/me/email",
            "giveEmail",
            "Have a code sent to a new address; the old one stays until it is confirmed.",
            |rest, asked| Box::pin(me::give_email(rest, asked)),
        )
        .takes::<GiveEmail>()
        .gives::<FlowBody>(202)
        .refuses(&[Fault::InvalidEmail, AWAY]),
        own(
            Method::POST,
            "/v1/me/email/verify",
            "confirmEmail",
            "Confirm the new address with its code.",
            |rest, asked| Box::pin(me::confirm_email(rest, asked)),
        )
        .takes::<ConfirmCode>()
        .gives::<UserBody>(200)
        .refuses(&[Fault::CodeInvalid, AWAY]),
        own(
            Method::DELETE,
            "/v1/me/email",
            "removeEmail",
            "Remove the address, unless it is the last way in.",
            |rest, asked| Box::pin(me::drop_email(rest, asked)),
        ),
        own(
            Method::POST,
            "/v1/me/phone",
            "givePhone",
            "Have a code sent to a new number; the old one stays until it is confirmed.",
            |rest, asked| Box::pin(me::give_phone(rest, asked)),
        )
        .takes::<GivePhone>()
        .gives::<FlowBody>(202)
        .refuses(&[Fault::InvalidPhone, AWAY]),
        own(
            Method::POST,
            "/v1/me/phone/verify",
            "confirmPhone",
            "Confirm the new number with its code.",
            |rest, asked| Box::pin(me::confirm_phone(rest, asked)),
        )
        .takes::<ConfirmCode>()
        .gives::<UserBody>(200)
        .refuses(&[Fault::CodeInvalid, AWAY]),
        own(
            Method::DELETE,
            "/v1/me/phone",
            "removePhone",
            "Remove the number, unless it is the last way in.",
            |rest, asked| Box::pin(me::drop_phone(rest, asked)),
        ),
    ]
}

fn devices() -> Vec<Route> {
    vec![
        own(Method::GET, "/v1/me/sessions", "listSessions", "Where one is signed in.", |rest, asked| {
            Box::pin(me::devices(rest, asked))
        })
        .gives::<DevicesBody>(200),
        own(
            Method::DELETE,
            "/v1/me/sessions/{id}",
            "endSession",
            "Sign that device out; its sockets are closed.",
            |rest, asked| Box::pin(me::end_device(rest, asked)),
        )
        .refuses(&[Fault::NoSuchTarget, AWAY]),
        own(
            Method::DELETE,
            "/v1/me/sessions",
            "endOtherSessions",
            "Sign all other devices out.",
            |rest, asked| Box::pin(me::end_other_devices(rest, asked)),
        ),
    ]
}
