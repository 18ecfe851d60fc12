//! The first frame: which protocol is spoken, and who speaks.
use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;

use crate::dialect::close::Close;
use crate::dialect::native::{self, Hello, Limits};
use crate::fault::Fault;
use crate::room::command::Command;
use crate::room::footing::Footing;
use crate::room::rules;

use super::super::gate::Principal;
use super::super::line::Place;
use super::super::messages::DirectoryMsg;
use super::super::outbox::Class;
use super::super::pulse::SLICES;
use super::super::share;
use super::reader::{FRAME_BYTES, Reader};

pub(super) async fn greet(reader: &Reader, id: Option<u64>, hello: Hello) {
    if hello.protocol != native::PROTOCOL {
        reader.refuse(id, Fault::Unsupported);
        reader.line.outbox.close(Close::BadProtocol);
        return;
    }
    match identify(reader, hello.token).await {
        Err(fault) => reader.refuse(id, fault),
        Ok(principal) => match share_of(reader, &principal) {
            Ok(()) => welcome(reader, id, principal),
            Err(fault) => {
                reader.refuse(id, fault);
                reader.line.outbox.close(Close::TooManyConnections);
            }
        },
    }
}

/// By the token; without one by the cookie of the upgrade, which shuts nobody out: a bad one leaves a guest.
async fn identify(reader: &Reader, token: Option<String>) -> Result<Principal, Fault> {
    let gate = &reader.world.gate;
    match (token, &reader.line.cookie) {
        (Some(token), _) => gate.identify(Arc::from(token)).await,
        (None, Some(cookie)) => Ok(gate.identify(cookie.clone()).await.unwrap_or_default()),
        (None, None) => Ok(Principal::default()),
    }
}

/// An account has its share of the live sockets.
fn share_of(reader: &Reader, principal: &Principal) -> Result<(), Fault> {
    principal.footing.user().map_or(Ok(()), |user| share::count(&reader.world, &reader.line, user))
}

/// A newer session of the same account: the connection and its seat stand on that from now on.
pub(super) async fn refresh(reader: &Reader, id: Option<u64>, token: String, permit: OwnedSemaphorePermit) {
    let newer = match reader.world.gate.identify(Arc::from(token)).await {
        Ok(newer) => newer,
        Err(fault) => return reader.refuse(id, fault),
    };
    let Footing::Account { user, login } = newer.footing else {
        return reader.refuse(id, Fault::TokenInvalid);
    };
    if reader.line.principal().footing.user() != Some(user) {
        return reader.refuse(id, Fault::TokenInvalid);
    }
    reader.line.is(newer);
    match reader.line.settled().await {
        Place::Seated { room } => {
            let ties = Footing::Account { user, login }.ties().collect();
            reader.world.directory.cast(DirectoryMsg::Tied { room: room.id, ties });
            reader.pass_on(id, Command::Renew { user, login }, permit).await;
        }
        Place::Nowhere | Place::Between | Place::Gone => {
            reader.line.push(native::refreshed(id), Class::Must);
            reader.line.outbox.flush();
        }
    }
}

fn welcome(reader: &Reader, id: Option<u64>, principal: Principal) {
    let word = principal.word();
    reader.line.is(principal);
    reader.line.greet();
    let heartbeat_ms = reader.world.tick.as_millis() as u64 * SLICES;
    let limits = Limits {
        frame_bytes: FRAME_BYTES,
        chat_bytes: rules::CHAT_BYTES,
        sdp_bytes: rules::SDP_BYTES,
        candidate_bytes: rules::CANDIDATE_BYTES,
        data_bytes: rules::DATA_BYTES,
        name_chars: rules::NAME_CHARS,
        room_people: reader.world.settings.rules.capacity_max,
    };
    reader.line.push(native::welcome(id, word, heartbeat_ms, &limits), Class::Must);
    reader.line.outbox.flush();
}
