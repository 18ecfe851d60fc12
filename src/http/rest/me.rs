//! One's own account: profile, password, ways in, devices, what happened, export, deletion.
use super::account_answers::{DeletionBody, DevicesBody, EventsBody, FlowBody, UserBody};
use super::account_bodies::{ChangeMe, ChangePassword, ConfirmCode, DeleteMe, GiveEmail, GivePhone};
use super::bodies::PageQuery;
use super::reply::Reply;
use super::route::{Asked, Rest};
use super::signing::visit;
use super::{cookies, json};
use crate::dialect::native::views::Time;
use crate::fault::Fault;
use crate::service::accounts::{Factor, Profile};
use warp::http::StatusCode;
use warp::http::header;

/// Items on a page unless asked otherwise.
const PAGE: u32 = 50;

pub(super) async fn show(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let account = rest.accounts.me(asked.caller.signed_in()?).await?;
    Ok(Reply::ok(&UserBody::of(&account)).with(header::CACHE_CONTROL, "private, no-store"))
}

pub(super) async fn change(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let ChangeMe { name, username, locale } = json::read(&asked.body)?;
    let wish = Profile { name, username, locale };
    let account = rest.accounts.change(asked.caller.signed_in()?, wish, &visit(&asked)).await?;
    Ok(Reply::ok(&UserBody::of(&account)))
}

pub(super) async fn change_password(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let ChangePassword { current, password } = json::read(&asked.body)?;
    let (who, from) = (asked.caller.signed_in()?, visit(&asked));
    rest.accounts.change_password(who, current.as_deref(), &password, &from).await?;
    Ok(Reply::empty())
}

pub(super) async fn give_email(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let GiveEmail { email } = json::read(&asked.body)?;
    let opened = rest.accounts.give_email(asked.caller.signed_in()?, &email, &visit(&asked)).await?;
    Ok(Reply::ok(&FlowBody::of(&opened)).with_status(StatusCode::ACCEPTED))
}

pub(super) async fn give_phone(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let GivePhone { phone } = json::read(&asked.body)?;
    let opened = rest.accounts.give_phone(asked.caller.signed_in()?, &phone, &visit(&asked)).await?;
    Ok(Reply::ok(&FlowBody::of(&opened)).with_status(StatusCode::ACCEPTED))
}

pub(super) async fn confirm_email(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    confirm(rest, asked, Factor::Email).await
}

pub(super) async fn confirm_phone(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    confirm(rest, asked, Factor::Phone).await
}

async fn confirm(rest: Rest, asked: Asked, factor: Factor) -> Result<Reply, Fault> {
    let ConfirmCode { flow, code } = json::read(&asked.body)?;
    let (who, from) = (asked.caller.signed_in()?, visit(&asked));
    let account = rest.accounts.confirm(who, factor, &flow, &code, &from).await?;
    Ok(Reply::ok(&UserBody::of(&account)))
}

pub(super) async fn drop_email(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    rest.accounts.remove(asked.caller.signed_in()?, Factor::Email, &visit(&asked)).await?;
    Ok(Reply::empty())
}

pub(super) async fn drop_phone(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    rest.accounts.remove(asked.caller.signed_in()?, Factor::Phone, &visit(&asked)).await?;
    Ok(Reply::empty())
}

pub(super) async fn devices(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let devices = rest.accounts.devices(asked.caller.signed_in()?).await?;
    Ok(Reply::ok(&DevicesBody::of(&devices)))
}

pub(super) async fn end_device(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    rest.accounts.end_device(asked.caller.signed_in()?, asked.param(0), &visit(&asked)).await?;
    Ok(Reply::empty())
}

pub(super) async fn end_other_devices(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    rest.accounts.end_other_devices(asked.caller.signed_in()?, &visit(&asked)).await?;
    Ok(Reply::empty())
}

pub(super) async fn events(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let PageQuery { cursor, limit } = PageQuery::read(&asked.query)?;
    let who = asked.caller.signed_in()?;
    let (events, next) = rest.accounts.events(who, cursor.as_deref(), limit.unwrap_or(PAGE)).await?;
    Ok(Reply::ok(&EventsBody::of(&events, next)))
}

pub(super) async fn export(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let export = rest.accounts.export(asked.caller.signed_in()?, &visit(&asked)).await?;
    let reply = Reply::ok(&super::export::ExportBody::of(&export));
    Ok(reply
        .with(header::CONTENT_DISPOSITION, "attachment; filename=\"convene-account.json\"")
        .with(header::CACHE_CONTROL, "private, no-store"))
}

pub(super) async fn delete(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let DeleteMe { password } = json::read(&asked.body)?;
    let (who, from) = (asked.caller.signed_in()?, visit(&asked));
    let delete_after = rest.accounts.delete(who, password.as_deref(), &from).await?;
    let reply =
        Reply::ok(&DeletionBody { delete_after: Time(delete_after) }).with_status(StatusCode::ACCEPTED);
    Ok(reply.with_value(header::SET_COOKIE, cookies::clear(asked.client.scheme)))
}
