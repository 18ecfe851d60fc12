//! Signing up, signing in, codes, passwords forgotten: what people ask who aren't signed in yet.
use super::account_answers::{FlowBody, SignedInBody};
use super::account_bodies::{AskCode, Deliver, GiveEmail, Resend, ResetPassword, ShowCode, SignIn, SignUp};
use super::answers::Empty;
use super::reply::Reply;
use super::route::{Asked, Rest};
use super::{cookies, csrf, json};
use crate::fault::Fault;
use crate::room::record::System;
use crate::service::accounts::{Entered, NewAccount, Visit};
use warp::http::StatusCode;
use warp::http::header;

/// Characters of a `User-Agent` that are kept.
const DEVICE_CHARS: usize = 200;

/// Where a request comes from, and what its sender calls itself; control characters left out.
pub(super) fn visit(asked: &Asked) -> Visit {
    let agent =
        asked.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let device = agent.chars().filter(|c| !c.is_control()).take(DEVICE_CHARS).collect();
    Visit { from: asked.client.ip, device, system: System::Native }
}

pub(super) async fn sign_up(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let SignUp { name, username, email, phone, password, locale } = json::read(&asked.body)?;
    let wish = NewAccount { name, username, email, phone, password, locale };
    let opened = rest.accounts.register(wish, &visit(&asked)).await?;
    Ok(Reply::ok(&FlowBody::of(&opened)).with_status(StatusCode::ACCEPTED))
}

pub(super) async fn verify(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let ShowCode { flow, code, session } = json::read(&asked.body)?;
    may_deliver(session, &rest, &asked)?;
    let entered = rest.accounts.verify(&flow, &code, &visit(&asked)).await?;
    Ok(signed_in(&entered, session, &asked).with_status(StatusCode::CREATED))
}

pub(super) async fn login(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let SignIn { login, password, session } = json::read(&asked.body)?;
    may_deliver(session, &rest, &asked)?;
    let entered = rest.accounts.login(&login, &password, &visit(&asked)).await?;
    Ok(signed_in(&entered, session, &asked))
}

pub(super) async fn ask_code(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let AskCode { email, phone } = json::read(&asked.body)?;
    let opened = rest.accounts.ask_code(email.as_deref(), phone.as_deref(), &visit(&asked)).await?;
    Ok(Reply::ok(&FlowBody::of(&opened)).with_status(StatusCode::ACCEPTED))
}

pub(super) async fn login_by_code(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let ShowCode { flow, code, session } = json::read(&asked.body)?;
    may_deliver(session, &rest, &asked)?;
    let entered = rest.accounts.login_by_code(&flow, &code, &visit(&asked)).await?;
    Ok(signed_in(&entered, session, &asked))
}

pub(super) async fn resend(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let Resend { flow } = json::read(&asked.body)?;
    let opened = rest.accounts.resend(&flow, &visit(&asked)).await?;
    Ok(Reply::ok(&FlowBody::of(&opened)).with_status(StatusCode::ACCEPTED))
}

pub(super) async fn logout(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    rest.accounts.logout(asked.caller.signed_in()?, &visit(&asked)).await?;
    Ok(Reply::empty().with_value(header::SET_COOKIE, cookies::clear(asked.client.scheme)))
}

pub(super) async fn forgot(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let GiveEmail { email } = json::read(&asked.body)?;
    rest.accounts.forgot(&email, &visit(&asked)).await?;
    Ok(Reply::ok(&Empty {}).with_status(StatusCode::ACCEPTED))
}

pub(super) async fn reset(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let ResetPassword { token, password } = json::read(&asked.body)?;
    rest.accounts.reset(&token, &password, &visit(&asked)).await?;
    Ok(Reply::empty())
}

fn may_deliver(session: Deliver, rest: &Rest, asked: &Asked) -> Result<(), Fault> {
    match session {
        Deliver::Bearer => Ok(()),
        Deliver::Cookie => csrf::may_set_cookie(&rest.origins, &asked.headers, asked.client),
    }
}

/// Never kept by anyone on the way: the answer holds a token.
fn signed_in(entered: &Entered, session: Deliver, asked: &Asked) -> Reply {
    let token = entered.token.as_str();
    let reply = match session {
        Deliver::Bearer => Reply::ok(&SignedInBody::of(entered, Some(token))),
        Deliver::Cookie => {
            let cookie = cookies::set(token, asked.client.scheme, entered.lasts_seconds);
            Reply::ok(&SignedInBody::of(entered, None)).with_value(header::SET_COOKIE, cookie)
        }
    };
    reply.with(header::CACHE_CONTROL, "no-store")
}
