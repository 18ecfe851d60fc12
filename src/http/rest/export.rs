//! One's account as one document: everything that is kept about its owner.
use super::account_answers::{DevicesBody, EventsBody, KeyBody, MyCallBody, UserBody};
use crate::dialect::native::views::RoomBody;
use crate::service::accounts::Export;
use schemars::JsonSchema;
use serde::Serialize;

/// All of it. The newest first in each list; at most 10,000 of a kind.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Export")]
pub(super) struct ExportBody<'a> {
    user: UserBody<'a>,
    #[serde(flatten)]
    devices: DevicesBody<'a>,
    keys: Vec<KeyBody<'a>>,
    rooms: Vec<RoomBody<'a>>,
    calls: Vec<MyCallBody<'a>>,
    #[serde(flatten)]
    events: EventsBody<'a>,
}

impl<'a> ExportBody<'a> {
    pub(super) fn of(export: &'a Export) -> Self {
        Self {
            user: UserBody::of(&export.account),
            devices: DevicesBody::of(&export.devices),
            keys: export.keys.iter().map(KeyBody::of).collect(),
            rooms: export.rooms.iter().map(RoomBody::of).collect(),
            calls: export.calls.iter().map(MyCallBody::of).collect(),
            events: EventsBody::of(&export.events, None),
        }
    }
}
