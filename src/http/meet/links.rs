//! `auth/forgot.php` and `auth/reset.php`: a link by mail sets a new password, once.
use super::answer::{self, Answer, bad};
use super::auth::broken;
use super::{Asked, Parts, Tell};
use crate::fault::Fault;
use crate::service::accounts::{Earlier, Known, Links, Reset, ResetPage, Spelt};
use warp::http::StatusCode;

/// Characters of a new password at least.
const PASSWORD_LEAST: usize = 8;
/// How long a link is good: an hour.
const LINK_MS: i64 = 60 * 60_000;

const SENT: &str = "Password reset link sent to your email";
const EMAIL: &str = "Valid email is required";
const UNKNOWN: answer::Refused = (StatusCode::NOT_FOUND, "No account found with this email");
const UNSENT: answer::Refused =
    (StatusCode::INTERNAL_SERVER_ERROR, "Failed to send reset email. Please try again.");
const DONE: &str = "Password reset successfully";
const FIELDS: &str = "Token and password are required";
const SHORT: &str = "Password must be at least 8 characters long";
const LONG: &str = "Password must be at most 128 characters long, without control characters";
const WRONG: &str = "Invalid or expired reset token";
const OVER: &str = "Reset token has expired";

pub(super) async fn forgot(parts: &Parts, asked: &Asked) -> Answer {
    let email = asked.fields.trimmed("email");
    if email.is_empty() {
        return bad(EMAIL);
    }
    let page = if parts.pages.is_some() { ResetPage::Meet } else { ResetPage::Own };
    let links = Links { spelt: Spelt::Hex, good_ms: LINK_MS, page, earlier: Earlier::Voided };
    match parts.accounts.send_link(&email, links, &asked.head.visit()).await {
        Ok(Known::Nobodys) if parts.settings.unknown_email == Tell::Told => UNKNOWN.into(),
        Ok(Known::Nobodys | Known::Somebodys) => Answer::done(SENT),
        Err(Fault::RateLimited { .. }) => Answer::done(SENT), // nobody's mailbox is flooded from here
        Err(Fault::InvalidEmail) => bad(EMAIL),
        Err(fault @ Fault::StorageUnavailable) => broken(parts, &fault, UNSENT),
        Err(fault) => broken(parts, &fault, answer::BROKEN),
    }
}

pub(super) async fn reset(parts: &Parts, asked: &Asked) -> Answer {
    let (token, password) = (asked.fields.trimmed("token"), asked.fields.text("password"));
    if token.is_empty() || password.is_empty() {
        return bad(FIELDS);
    }
    let visit = asked.head.visit();
    match parts.accounts.reset_by_link(&token, &password, PASSWORD_LEAST, &visit).await {
        Ok(Reset::Done) => Answer::done(DONE),
        Ok(Reset::Over) => bad(OVER),
        Ok(Reset::Unknown) | Err(Fault::RateLimited { .. }) => bad(WRONG),
        Err(Fault::WeakPassword { reason: "short" }) => bad(SHORT),
        Err(Fault::WeakPassword { .. } | Fault::InvalidField { .. }) => bad(LONG),
        Err(fault) => broken(parts, &fault, answer::BROKEN),
    }
}
