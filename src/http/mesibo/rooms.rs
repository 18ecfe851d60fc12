//! Rooms: made, renamed, entered by PIN, listed and deleted.
use super::answer::{Item, Object, Said};
use super::{Asked, Parts, name, nothing};
use crate::fault::Fault;
use crate::room::ids::UserId;
use crate::room::permissions::Role;
use crate::service::caller::SignedIn;
use crate::service::groups::{Group, Seen};
use crate::service::rooms::WhichPins;
use std::collections::HashMap;

/// By this word in place of a PIN its owner asks for another one.
const ANOTHER: &str = "new";

impl Parts {
    /// A new room; with `gid`, one's own gets another name or other PINs.
    pub(super) async fn set_group(&self, who: SignedIn, asked: &Asked) -> Result<Said, Fault> {
        let (gid, name) = (asked.text("gid"), name(asked.text("name")));
        let group = if asked.has("gid") {
            let renewed = renewed(asked.text("pin"), asked.text("spin"));
            self.groups.update(who, gid, &name, renewed).await
        } else {
            self.groups.create(who, &name, &asked.visit).await
        };
        let group = match group {
            Err(Fault::NoSuchRoom | Fault::Ended) => return Ok(Said::failed("BADGROUP")),
            group => group?,
        };
        let fields = nothing()
            .number("gid", group.gid)
            .text("name", &*group.name)
            .number("type", 0)
            .text("resolution", resolution(asked.text("resolution")))
            .number("publish", 1);
        Ok(Said::Done(fields.and(pins(&group))))
    }

    pub(super) async fn join_group(&self, who: SignedIn, asked: &Asked) -> Result<Said, Fault> {
        if !asked.has("gid") {
            return Ok(Said::failed("MISSINGPARA"));
        }
        match self.groups.join(who, asked.text("gid"), asked.text("pin"), &asked.visit).await {
            Ok(group) => {
                let fields = nothing()
                    .number("gid", group.gid)
                    .text("name", &*group.name)
                    .number("type", 0)
                    .number("publish", i64::from(group.role != Role::Viewer));
                Ok(Said::Done(fields.and(pins(&group))))
            }
            // also when no guess is left: nobody is told
            Err(fault @ (Fault::NoSuchRoom | Fault::Ended | Fault::RateLimited { .. })) => {
                self.metrics.refused(fault.code());
                Ok(Said::failed("BADGROUP"))
            }
            Err(fault) => Err(fault),
        }
    }

    pub(super) async fn delete_group(&self, who: SignedIn, asked: &Asked) -> Result<Said, Fault> {
        if !asked.has("gid") {
            return Ok(Said::failed("MISSINGPARA"));
        }
        match self.groups.delete(who, asked.text("gid")).await {
            Ok(()) => {
                let gid = asked.text("gid").parse().unwrap_or_default();
                Ok(Said::Done(nothing().item("gid", Item::Number(gid))))
            }
            Err(Fault::NoSuchRoom | Fault::Ended) => Ok(Said::failed("BADGROUP")),
            Err(fault) => Err(fault),
        }
    }

    /// A group of one's own, or to which one has shown a PIN that still stands.
    pub(super) async fn get_group(&self, who: SignedIn, asked: &Asked) -> Result<Said, Fault> {
        if !asked.has("gid") {
            return Ok(Said::failed("MISSINGPARA"));
        }
        match self.groups.one(who, asked.text("gid")).await {
            Ok(seen) => {
                let fields = nothing()
                    .number("gid", seen.gid)
                    .text("name", &*seen.name)
                    .text("members", super::contacts::members(&seen))
                    .text("status", "")
                    .text("photo", "");
                Ok(Said::Done(fields))
            }
            Err(Fault::NoSuchRoom) => Ok(Said::failed("NOTMEMBER")),
            Err(fault) => Err(fault),
        }
    }

    /// Those to which one has shown a PIN, the last first.
    pub(super) async fn list_rooms(&self, who: SignedIn) -> Result<Said, Fault> {
        let groups = self.groups.of(who).await?;
        let mut numbers: HashMap<UserId, i64> = HashMap::new();
        let mut rooms = Vec::with_capacity(groups.len());
        for group in groups {
            let uid = match group.owner {
                None => 0,
                Some(owner) => match numbers.get(&owner) {
                    Some(known) => *known,
                    None => {
                        let number = self.accounts.number(owner).await?;
                        numbers.insert(owner, number);
                        number
                    }
                },
            };
            rooms.push(row(uid, &group));
        }
        let count = i64::try_from(rooms.len()).unwrap_or(i64::MAX);
        Ok(Said::Done(nothing().item("rooms", Item::List(rooms)).number("count", count)))
    }
}

/// A whiteboard on which nobody has drawn: drawings of today go through the room itself.
pub(super) fn empty_board() -> Said {
    Said::Done(nothing().number("count", 0).item("objs", Item::List(Vec::new())))
}

fn row(uid: i64, group: &Seen) -> Object {
    nothing()
        .text("uid", uid.to_string())
        .text("gid", group.gid.to_string())
        .text("name", &*group.name)
        .text("pin", group.pin.as_str())
        .text("spin", group.spin.as_str())
}

/// For the owner.
fn pins(group: &Group) -> Object {
    match &group.pins {
        Some(pins) => nothing().text("pin", pins.pin.reveal()).text("spin", pins.spin.reveal()),
        None => nothing(),
    }
}

fn renewed(pin: &str, spin: &str) -> Option<WhichPins> {
    match (pin == ANOTHER, spin == ANOTHER) {
        (true, true) => Some(WhichPins::Both),
        (true, false) => Some(WhichPins::Participants),
        (false, true) => Some(WhichPins::Viewers),
        (false, false) => None,
    }
}

/// One of 0 to 5, said back as it came.
fn resolution(text: &str) -> &str {
    if matches!(text, "0" | "1" | "2" | "3" | "4" | "5") { text } else { "0" }
}
