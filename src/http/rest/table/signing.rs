//! The rows for signing up and in.
use super::super::account_answers::{FlowBody, SignedInBody};
use super::super::account_bodies::{AskCode, GiveEmail, Resend, ResetPassword, ShowCode, SignIn, SignUp};
use super::super::answers::Empty;
use super::super::route::{Access, Route};
use super::super::signing;
use crate::fault::Fault;
use warp::http::Method;

const AWAY: Fault = Fault::StorageUnavailable;
const WEAK: Fault = Fault::WeakPassword { reason: "short" };
const NOT_IN: &[Fault] = &[Fault::Unauthenticated, Fault::Unverified { flow: String::new() }, WEAK, AWAY];

pub(super) fn table() -> Vec<Route> {
    let open = |path, operation, summary, handler| {
        Route::new(Method::POST, path, operation, summary, Access::Open, handler)
    };
    vec![
        open(
            "/v1/accounts",
            "register",
            "Ask for an account: a code goes to the address. The answer is the same for one that has an account already.",
            |rest, asked| Box::pin(signing::sign_up(rest, asked)),
        )
        .takes::<SignUp>()
        .gives::<FlowBody>(202)
        .refuses(&[Fault::InvalidEmail, Fault::InvalidPhone, Fault::NameTaken, WEAK, Fault::Csrf, AWAY]),
        open(
            "/v1/accounts/verify",
            "verify",
            "Show the code: the account begins, and its owner is signed in.",
            |rest, asked| Box::pin(signing::verify(rest, asked)),
        )
        .takes::<ShowCode>()
        .gives::<SignedInBody>(201)
        .refuses(&[Fault::CodeInvalid, Fault::NameTaken, AWAY]),
        open(
            "/v1/login",
            "login",
            "Sign in with a password. An account that was never confirmed gets a new code and 403 unverified with its flow.",
            |rest, asked| Box::pin(signing::login(rest, asked)),
        )
        .takes::<SignIn>()
        .gives::<SignedInBody>(200)
        .refuses(NOT_IN),
        open(
            "/v1/login/code",
            "askLoginCode",
            "Have a code sent to sign in with. The answer is the same for an address that nobody has.",
            |rest, asked| Box::pin(signing::ask_code(rest, asked)),
        )
        .takes::<AskCode>()
        .gives::<FlowBody>(202)
        .refuses(&[Fault::InvalidEmail, Fault::InvalidPhone, AWAY]),
        open("/v1/login/code/verify", "loginByCode", "Sign in with the code that was sent.", |rest, asked| {
            Box::pin(signing::login_by_code(rest, asked))
        })
        .takes::<ShowCode>()
        .gives::<SignedInBody>(200)
        .refuses(&[Fault::CodeInvalid, AWAY]),
        open(
            "/v1/codes/resend",
            "resendCode",
            "Have a new code sent in place of the one before; tries go on counting.",
            |rest, asked| Box::pin(signing::resend(rest, asked)),
        )
        .takes::<Resend>()
        .gives::<FlowBody>(202)
        .refuses(&[Fault::CodeInvalid, AWAY]),
        open(
            "/v1/password/forgot",
            "forgotPassword",
            "Have a link to a new password sent. The answer is the same for an address that nobody has.",
            |rest, asked| Box::pin(signing::forgot(rest, asked)),
        )
        .takes::<GiveEmail>()
        .gives::<Empty>(202)
        .refuses(&[Fault::InvalidEmail, AWAY]),
        open(
            "/v1/password/reset",
            "resetPassword",
            "Set a new password with the token of the mail; ends all sessions.",
            |rest, asked| Box::pin(signing::reset(rest, asked)),
        )
        .takes::<ResetPassword>()
        .refuses(&[WEAK, AWAY]),
        Route::new(
            Method::POST,
            "/v1/logout",
            "logout",
            "End this session; its sockets are closed.",
            Access::Account,
            |rest, asked| Box::pin(signing::logout(rest, asked)),
        )
        .refuses(&[AWAY]),
    ]
}
