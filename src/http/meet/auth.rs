//! `auth/`: signing up, the code, signing in and out, who one is. Checks come in the documents' order.
use super::answer::{self, Answer, bad};
use super::{Asked, Parts, Tell, cookie};
use crate::fault::Fault;
use crate::service::accounts::{Account, Begun, ByWhom, KnownAddress, ShortRules, ShortWish, Shown};
use serde::Serialize;
use warp::http::StatusCode;
use warp::http::header::SET_COOKIE;

/// Characters of a new account's password at least.
const PASSWORD_LEAST: usize = 6;
/// Digits of a code.
const DIGITS: u32 = 4;
/// How long a code is good: 15 minutes.
const CODE_MS: i64 = 15 * 60_000;

const REGISTERED: &str = "Registration successful! Please check your email for the verification code.";
const VERIFIED: &str = "Email verified successfully!";
const LOGGED_OUT: &str = "Logged out";
const FIELDS: &str = "All fields are required";
const EMAIL: &str = "Invalid email format";
const SHORT: &str = "Password must be at least 6 characters long";
const LONG: &str = "Password must be at most 128 characters long, without control characters";
const USERNAME: &str = "Username must be 3 to 32 letters, digits or . _ - between them";
const NAME_TAKEN: &str = "Username already exists";
const EMAIL_TAKEN: &str = "Email already exists and is verified";
const NO_REQUEST: &str = "Invalid request";
const NO_CODE: &str = "Please enter a valid 4-digit code";
const NOTHING_WAITS: &str = "Invalid or already verified email";
const WRONG_CODE: &str = "Invalid verification code";
const CREDENTIALS: &str = "Email and password are required";
const WRONG: answer::Refused = (StatusCode::UNAUTHORIZED, "Invalid credentials");
const UNVERIFIED: answer::Refused = (StatusCode::FORBIDDEN, "Please verify your email before logging in");
const NOT_VERIFIED: answer::Refused = (StatusCode::FORBIDDEN, "Account not verified");

pub(super) async fn sign_up(parts: &Parts, asked: &Asked) -> Answer {
    let fields = &asked.fields;
    let (username, email, password) =
        (fields.trimmed("username"), fields.trimmed("email"), fields.text("password"));
    if username.is_empty() || email.is_empty() || password.is_empty() {
        return bad(FIELDS);
    }
    let wish = ShortWish { username: &username, email: &email, password: &password };
    let known = match parts.settings.known_email {
        Tell::Told => KnownAddress::Told,
        Tell::Hidden => KnownAddress::Hidden,
    };
    let rules = ShortRules { digits: DIGITS, code_ms: CODE_MS, password_least: PASSWORD_LEAST, known };
    match parts.accounts.sign_up_by_short_code(wish, rules, &asked.head.visit()).await {
        Ok(Begun::Waiting(flow)) => {
            let cookie = cookie::set(&flow.to_string(), asked.head.client.scheme);
            Answer::done(REGISTERED).with(SET_COOKIE, cookie)
        }
        Ok(Begun::Unsent) => Answer::done(REGISTERED), // nobody's mailbox is flooded from here
        Ok(Begun::AddressTaken) => bad(EMAIL_TAKEN),
        Err(Fault::InvalidEmail) => bad(EMAIL),
        Err(Fault::WeakPassword { reason: "short" }) => bad(SHORT),
        Err(Fault::WeakPassword { .. }) => bad(LONG),
        Err(Fault::InvalidField { field, .. }) if field == "password" => bad(LONG),
        Err(Fault::InvalidField { .. }) => bad(USERNAME),
        Err(Fault::NameTaken) => bad(NAME_TAKEN),
        Err(fault) => broken(parts, &fault, answer::BROKEN),
    }
}

pub(super) async fn verify(parts: &Parts, asked: &Asked) -> Answer {
    let (code, email) = (asked.fields.trimmed("code"), asked.fields.trimmed("email"));
    let by_whom = match cookie::sign_up(&asked.head.headers) {
        Some(flow) => ByWhom::Page(flow),
        None if !email.is_empty() => ByWhom::Address(&email),
        None => return bad(NO_REQUEST),
    };
    if matches!(code.as_str(), "" | "0") {
        return bad(NO_REQUEST); // what PHP takes for empty
    }
    if code.len() != DIGITS as usize || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return bad(NO_CODE);
    }
    match parts.accounts.verify_short_code(by_whom, &code, &asked.head.visit()).await {
        Ok(Shown::Confirmed(_)) => {
            // the old id is dead with its code; the new one means nothing until somebody signs in
            let cookie = cookie::set(&cookie::blank(), asked.head.client.scheme);
            Answer::done(VERIFIED).with(SET_COOKIE, cookie)
        }
        Ok(Shown::NothingWaits) => bad(NOTHING_WAITS),
        Ok(Shown::Wrong) | Err(Fault::RateLimited { .. }) => bad(WRONG_CODE),
        Ok(Shown::NameTaken) => bad(NAME_TAKEN),
        Err(fault) => broken(parts, &fault, answer::BROKEN),
    }
}

#[derive(Serialize)]
struct LoggedIn<'a> {
    success: bool,
    message: &'a str,
    user: LoggedInUser<'a>,
}

#[derive(Serialize)]
struct LoggedInUser<'a> {
    id: i64,
    email: &'a str,
    username: &'a str,
}

pub(super) async fn login(parts: &Parts, asked: &Asked) -> Answer {
    let (email, password) = (asked.fields.trimmed("email"), asked.fields.text("password"));
    if email.is_empty() || password.trim().is_empty() {
        return bad(CREDENTIALS);
    }
    let visit = asked.head.visit();
    let entered = match parts.accounts.login_by_email(&email, &password, &visit).await {
        Ok(entered) => entered,
        Err(Fault::InvalidEmail) => return bad(EMAIL),
        Err(Fault::Unverified { .. }) => return UNVERIFIED.into(),
        Err(Fault::Unauthenticated | Fault::RateLimited { .. }) => return WRONG.into(),
        Err(fault) => return broken(parts, &fault, answer::BROKEN),
    };
    let before = parts.signed_in(asked).await;
    let ended = match before {
        Ok(Some(who)) => parts.accounts.logout(who, &visit).await, // whoever knew the old id has nothing of it
        Ok(None) => Ok(()),
        Err(fault) => Err(fault),
    };
    let number = match ended {
        Ok(()) => parts.accounts.number(entered.account.id).await,
        Err(fault) => Err(fault),
    };
    match number {
        Ok(id) => {
            let user =
                LoggedInUser { id, email: address(&entered.account), username: name(&entered.account) };
            let cookie = cookie::set(entered.token.as_str(), asked.head.client.scheme);
            Answer::ok(&LoggedIn { success: true, message: "Login successful", user })
                .with(SET_COOKIE, cookie)
        }
        Err(fault) => broken(parts, &fault, answer::BROKEN),
    }
}

#[derive(Serialize)]
struct Checked<'a> {
    success: bool,
    user: CheckedUser<'a>,
}

#[derive(Serialize)]
struct CheckedUser<'a> {
    id: i64,
    username: &'a str,
    email: &'a str,
}

pub(super) async fn check_session(parts: &Parts, asked: &Asked) -> Answer {
    let found = match parts.signed_in(asked).await {
        Ok(Some(who)) => parts.accounts.me(who).await,
        Ok(None) => return answer::NOT_SIGNED_IN.into(),
        Err(fault) => Err(fault),
    };
    let account = match found {
        Ok(account) if account.email.is_some() => account,
        Ok(_) | Err(Fault::Unauthenticated) => return NOT_VERIFIED.into(),
        Err(fault) => return broken(parts, &fault, answer::BROKEN_CALL),
    };
    match parts.accounts.number(account.id).await {
        Ok(id) => {
            let user = CheckedUser { id, username: name(&account), email: address(&account) };
            Answer::ok(&Checked { success: true, user })
        }
        Err(fault) => broken(parts, &fault, answer::BROKEN_CALL),
    }
}

pub(super) async fn logout(parts: &Parts, asked: &Asked) -> Answer {
    let ended = match parts.signed_in(asked).await {
        Ok(Some(who)) => parts.accounts.logout(who, &asked.head.visit()).await,
        Ok(None) => Ok(()),
        Err(fault) => Err(fault),
    };
    match ended {
        Ok(()) => Answer::done(LOGGED_OUT).with(SET_COOKIE, cookie::clear(asked.head.client.scheme)),
        Err(fault) => broken(parts, &fault, answer::BROKEN),
    }
}

/// What the documents have no own text for: too much of it, or something on our side.
pub(super) fn broken(parts: &Parts, fault: &Fault, text: answer::Refused) -> Answer {
    parts.metrics.refused(fault.code());
    match fault {
        Fault::RateLimited { .. } | Fault::Quota => answer::TOO_FAST.into(),
        _ => text.into(), // one text for all that is not the asker's doing
    }
}

fn address(account: &Account) -> &str {
    account.email.as_deref().unwrap_or_default()
}

/// Accounts of other faces may have no username.
fn name(account: &Account) -> &str {
    account.username.as_deref().unwrap_or(&account.name)
}
