//! mesibo's conferencing and private API: one endpoint, told what to do by `op`, over the accounts and rooms of all faces.
mod answer;
mod body;
mod contacts;
mod fields;
mod login;
mod pictures;
mod places;
mod rooms;

use self::answer::{Object, Said};
use self::fields::Fields;
use super::context::{ClientAddr, Scheme, client_addr};
use crate::fault::Fault;
use crate::room::record::System;
use crate::service::accounts::{Accounts, Visit};
use crate::service::caller::{Caller, SignedIn};
use crate::service::captcha::Captcha;
use crate::service::contacts::Contacts;
use crate::service::groups::Groups;
use crate::service::rooms::Rooms;
use crate::telemetry::Metrics;
use bytes::Buf;
use futures_util::Stream;
use std::sync::Arc;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::http::{HeaderMap, Method, header};
use warp::path::FullPath;
use warp::reply::Response;

/// Characters of a `User-Agent` or device type that are kept.
const DEVICE_CHARS: usize = 200;

/// What the face works with.
pub struct Parts {
    pub accounts: Accounts,
    pub rooms: Rooms,
    pub groups: Groups,
    pub contacts: Contacts,
    pub metrics: Metrics,
    /// Asked at a sign-in by mail, if there is one.
    pub captcha: Option<Captcha>,
    pub settings: Settings,
}

/// What the operator decides, `dialects.mesibo.*`, and how the server is called.
#[derive(Debug, Clone)]
pub struct Settings {
    pub upload_bytes: usize,
    pub google_key: String,
    /// `operator.name`
    pub operator: String,
    /// `http.public_url`, without a slash at its end; `None`: what each request calls the server.
    pub public_url: Option<String>,
}

/// The endpoint, the pictures that were uploaded, and the browser library. Rejects what isn't its own.
pub fn routes(parts: Parts) -> BoxedFilter<(Response,)> {
    let pictures = pictures::routes(parts.contacts.clone());
    let parts = Arc::new(parts);
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    let own = warp::path::full().and(warp::method()).and_then(|path: FullPath, method: Method| async move {
        Place::of(path.as_str(), &method).map(|place| (place, method)).ok_or_else(warp::reject::not_found)
    });
    own.and(query)
        .and(warp::header::headers_cloned())
        .and(client_addr())
        .and(warp::body::stream())
        .and_then(move |(place, method), query: String, headers, client, body| {
            let (parts, head) = (parts.clone(), Head { place, method, query, headers, client });
            async move { parts.answer(head, body).await.ok_or_else(warp::reject::not_found) }
        })
        .boxed()
        .or(pictures)
        .unify()
        .or(super::page::mesibo_library())
        .unify()
        .boxed()
}

/// Where the endpoint is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A path of its own.
    Own,
    /// `/`, which it shares: there a body must say what it wants.
    Root,
}

impl Place {
    fn of(path: &str, method: &Method) -> Option<Self> {
        match path {
            "/api.php" | "/conf/api.php" => Some(Self::Own),
            "/" if matches!(*method, Method::POST | Method::OPTIONS) => Some(Self::Root),
            _ => None,
        }
    }
}

/// The head of a request.
struct Head {
    place: Place,
    method: Method,
    query: String,
    headers: HeaderMap,
    client: ClientAddr,
}

/// A request that was read.
struct Asked {
    fields: Fields,
    file: Option<Vec<u8>>,
    visit: Visit,
    /// What addresses of this server begin with.
    base: String,
}

impl Asked {
    fn text(&self, name: &str) -> &str {
        self.fields.text(name)
    }

    /// A flag: set by anything but nothing and 0.
    fn has(&self, name: &str) -> bool {
        !matches!(self.text(name), "" | "0")
    }
}

impl Parts {
    /// `None` for what isn't meant for this face.
    async fn answer<B: Buf>(
        &self,
        head: Head,
        body: impl Stream<Item = Result<B, warp::Error>>,
    ) -> Option<Response> {
        if head.method == Method::OPTIONS {
            return Some(answer::preflight());
        }
        if head.method == Method::HEAD {
            return Some(self.sent(Said::Noop, "")); // looks, and asks for nothing
        }
        let query = Fields::of_pairs(head.query.as_bytes());
        if let Err(fault) = self.rooms.limits().request(head.client.ip) {
            let op = query.text("op").to_lowercase();
            return Some(self.sent(self.refused(&fault), &op));
        }
        let came = if head.method == Method::POST {
            body::read(&head.headers, body, self.settings.upload_bytes).await
        } else {
            Ok(body::Came::default())
        };
        let Ok(came) = came else {
            let op = query.text("op").to_lowercase();
            return Some(self.sent(Said::failed("TOOLARGE"), &op));
        };
        let fields = query.under(came.fields);
        let op = fields.text("op").to_lowercase();
        if op.is_empty() && head.place == Place::Root {
            return None;
        }
        let (visit, base) = (visit(&head, &fields), self.base(&head));
        let asked = Asked { fields, file: came.file, visit, base };
        let said = self.judge(&op, asked).await;
        Some(self.sent(said, &op))
    }

    /// First whether anything is asked, then who asks, then what.
    async fn judge(&self, op: &str, asked: Asked) -> Said {
        match op {
            "" => return Said::Noop,
            "login" => return self.log_in(&asked).await,
            _ => {}
        }
        let who = match self.accounts.caller(asked.text("token")).await {
            Ok(Caller::User(who)) => who,
            Ok(_) | Err(Fault::TokenInvalid) if op == "logout" => return Said::SignedOutAnyway,
            Ok(_) | Err(Fault::TokenInvalid) => return Said::NobodySignedIn,
            Err(fault) => return self.refused(&fault),
        };
        let done = match op {
            "logout" => self.log_out(who, &asked).await,
            "setgroup" => self.set_group(who, &asked).await,
            "joingroup" => self.join_group(who, &asked).await,
            "delgroup" => self.delete_group(who, &asked).await,
            "getgroup" => self.get_group(who, &asked).await,
            "rooms" => self.list_rooms(who).await,
            "getboard" => Ok(rooms::empty_board()),
            "setboard" => Ok(Said::done()),
            "getcontacts" => self.get_contacts(who, &asked).await,
            "delcontacts" => self.delete_contacts(who, &asked).await,
            "profile" => self.set_profile(who, &asked).await,
            "upload" => self.upload(who, asked).await,
            _ => return Said::UnknownOp,
        };
        done.unwrap_or_else(|fault| self.refused(&fault))
    }

    async fn log_out(&self, who: SignedIn, asked: &Asked) -> Result<Said, Fault> {
        self.accounts.logout(who, &asked.visit).await?;
        Ok(Said::done())
    }

    /// What no row of the contract has a word for. Never that nobody is signed in: clients forget themselves at that.
    fn refused(&self, fault: &Fault) -> Said {
        self.metrics.refused(fault.code());
        Said::failed(match fault.status() {
            429 => "TOOFAST",
            413 => "TOOLARGE",
            503 => "UNAVAILABLE",
            status if status >= 500 => "ERROR",
            _ => "BADPARA",
        })
    }

    fn sent(&self, said: Said, op: &str) -> Response {
        let response = said.to(op);
        self.metrics.answered(response.status().as_u16());
        response
    }

    fn base(&self, head: &Head) -> String {
        if let Some(url) = &self.settings.public_url {
            return url.clone();
        }
        let scheme = match head.client.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        let host = head.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        let host = if !host.is_empty() && host.bytes().all(is_plain) { host } else { "localhost" };
        format!("{scheme}://{host}")
    }
}

/// Where it comes from, and what its sender calls itself; control characters left out.
fn visit(head: &Head, fields: &Fields) -> Visit {
    let agent = head.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let said = fields.maybe("dt").filter(|dt| !dt.is_empty()).or(agent).unwrap_or_default();
    let device = said.chars().filter(|c| !c.is_control()).take(DEVICE_CHARS).collect();
    Visit { from: head.client.ip, device, system: System::Mesibo }
}

/// A name as it is kept, of whatever was typed: without what can't be shown, and not too long.
fn name(text: &str) -> String {
    let shown = text.chars().filter(|c| crate::room::join::checked_name(&c.to_string()).is_ok() || *c == ' ');
    shown.take(64).collect::<String>().trim().to_owned()
}

/// Nothing beside the operation's own words.
fn nothing() -> Object {
    Object::default()
}
