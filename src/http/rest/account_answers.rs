//! What REST gives about accounts.
use super::answers::CallBody;
use crate::dialect::native::views::{RoomBody, Time};
use crate::service::accounts::{Account, Device, Entered, Happened, KeyInfo, Opened};
use crate::service::rooms::{MyCall, Person};
use schemars::JsonSchema;
use serde::Serialize;

/// An account, as its owner sees it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "User")]
pub(super) struct UserBody<'a> {
    id: String,
    name: &'a str,
    username: Option<&'a str>,
    /// Confirmed.
    email: Option<&'a str>,
    /// Confirmed, E.164.
    phone: Option<&'a str>,
    has_password: bool,
    locale: &'a str,
    is_admin: bool,
    created_at: Time,
    /// When it goes for good, if that was asked for; signing in before that keeps it.
    delete_after: Option<Time>,
}

impl<'a> UserBody<'a> {
    pub(super) fn of(account: &'a Account) -> Self {
        Self {
            id: account.id.to_string(),
            name: &account.name,
            username: account.username.as_deref(),
            email: account.email.as_deref(),
            phone: account.phone.as_deref(),
            has_password: account.has_password,
            locale: &account.locale,
            is_admin: account.is_admin,
            created_at: Time(account.created_at),
            delete_after: account.delete_after.map(Time),
        }
    }
}

/// A code is on its way, if that address is somebody's: the answer is the same either way.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Flow")]
pub(super) struct FlowBody {
    /// To be shown with the code.
    flow: String,
    /// Until when the code is good.
    expires_at: Time,
}

impl FlowBody {
    pub(super) fn of(opened: &Opened) -> Self {
        Self { flow: opened.flow.to_string(), expires_at: Time(opened.expires_at) }
    }
}

/// Signed in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SignedIn")]
pub(super) struct SignedInBody<'a> {
    user: UserBody<'a>,
    session: SessionBody,
    /// `cvs_` and 256 random bits: the bearer token, shown this once. Not there if the session is a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Session")]
pub(super) struct SessionBody {
    id: String,
    /// Until when it is good, if it is used at least once in each idle period.
    expires_at: Time,
}

impl<'a> SignedInBody<'a> {
    pub(super) fn of(entered: &'a Entered, token: Option<&'a str>) -> Self {
        let session = SessionBody { id: entered.login.to_string(), expires_at: Time(entered.expires_at) };
        Self { user: UserBody::of(&entered.account), session, token }
    }
}

/// Where one is signed in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Sessions")]
pub(super) struct DevicesBody<'a> {
    sessions: Vec<DeviceBody<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Device")]
struct DeviceBody<'a> {
    id: String,
    /// What the browser or app calls itself.
    device: &'a str,
    /// By which system it signed in.
    face: &'a str,
    source: Option<&'a str>,
    created_at: Time,
    last_used_at: Time,
    expires_at: Time,
    /// Whether it is the one that asks.
    current: bool,
}

impl<'a> DevicesBody<'a> {
    pub(super) fn of(devices: &'a [Device]) -> Self {
        let body = |device: &'a Device| DeviceBody {
            id: device.id.to_string(),
            device: &device.device,
            face: &device.face,
            source: device.source.as_deref(),
            created_at: Time(device.created_at),
            last_used_at: Time(device.last_used_at),
            expires_at: Time(device.expires_at),
            current: device.is_current,
        };
        Self { sessions: devices.iter().map(body).collect() }
    }
}

/// A page of what happened to the account, the newest first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Events")]
pub(super) struct EventsBody<'a> {
    events: Vec<EventBody<'a>>,
    /// The `cursor` of the next page, null at the end.
    next: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub(super) struct EventBody<'a> {
    at: Time,
    /// What happened, such as login or password_changed.
    action: &'a str,
    /// Who did it: the user's id, a key's, operator, or nobody.
    actor: &'a str,
    /// The address it came from.
    source: Option<&'a str>,
}

impl<'a> EventBody<'a> {
    pub(super) fn of(event: &'a Happened) -> Self {
        Self {
            at: Time(event.at),
            action: &event.action,
            actor: &event.actor,
            source: event.source.as_deref(),
        }
    }
}

impl<'a> EventsBody<'a> {
    pub(super) fn of(events: &'a [Happened], next: Option<String>) -> Self {
        Self { events: events.iter().map(EventBody::of).collect(), next }
    }
}

/// The account is marked for deletion.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Deletion")]
pub(super) struct DeletionBody {
    /// When it goes for good; signing in before that keeps it.
    pub(super) delete_after: Time,
}

/// An API key as it is shown again: never its secret.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Key")]
pub(super) struct KeyBody<'a> {
    id: String,
    name: &'a str,
    scopes: Vec<&'static str>,
    /// How its secret begins.
    prefix: &'a str,
    created_at: Time,
    last_used_at: Option<Time>,
    expires_at: Option<Time>,
}

impl<'a> KeyBody<'a> {
    pub(super) fn of(key: &'a KeyInfo) -> Self {
        Self {
            id: key.id.to_string(),
            name: &key.name,
            scopes: key.scopes.words().collect(),
            prefix: &key.prefix,
            created_at: Time(key.created_at),
            last_used_at: key.last_used_at.map(Time),
            expires_at: key.expires_at.map(Time),
        }
    }
}

/// A new API key.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NewKey")]
pub(super) struct NewKeyBody<'a> {
    #[serde(flatten)]
    pub(super) key: KeyBody<'a>,
    /// `cvk_` and 256 random bits, shown this once.
    pub(super) secret: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Keys")]
pub(super) struct KeysBody<'a> {
    pub(super) keys: Vec<KeyBody<'a>>,
}

/// A page of rooms, the newest first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Rooms")]
pub(super) struct RoomsBody<'a> {
    pub(super) rooms: Vec<RoomBody<'a>>,
    /// The `cursor` of the next page, null at the end.
    pub(super) next: Option<String>,
}

/// A page of one's calls, the newest first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MyCalls")]
pub(super) struct MyCallsBody<'a> {
    pub(super) calls: Vec<MyCallBody<'a>>,
    /// The `cursor` of the next page, null at the end.
    pub(super) next: Option<String>,
}

/// A call and where it was.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MyCall")]
pub(super) struct MyCallBody<'a> {
    #[serde(flatten)]
    call: CallBody,
    room: PlaceBody<'a>,
    /// Who took part, in the order they came.
    people: Vec<PersonBody<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Place")]
struct PlaceBody<'a> {
    code: &'a str,
    name: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Person")]
struct PersonBody<'a> {
    name: &'a str,
    /// The account that was shown, null for a guest.
    user: Option<String>,
}

impl<'a> MyCallBody<'a> {
    pub(super) fn of(mine: &'a MyCall) -> Self {
        let person = |person: &'a Person| PersonBody {
            name: &person.name,
            user: person.user.map(|user| user.to_string()),
        };
        Self {
            call: CallBody::of(&mine.call),
            room: PlaceBody { code: &mine.code, name: &mine.name },
            people: mine.people.iter().map(person).collect(),
        }
    }
}
