//! Everything someone needs to show a room, in JSON.
use super::IceServers;
use super::views::{MessageBody, ParticipantBody, RightsBody, RoomBody, Time};
use crate::room::event::{Polite, Snapshot};
use serde::Serialize;

/// The ICE part of a snapshot, and of the push `ice_servers`.
#[derive(Serialize)]
pub(super) struct IceBody<'a> {
    ice_servers: Vec<IceServerBody<'a>>,
    /// all, or relay.
    ice_policy: &'static str,
    /// When the credentials end, if they do.
    ice_expires: Option<Time>,
}

#[derive(Serialize)]
struct IceServerBody<'a> {
    urls: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<&'a str>,
}

impl<'a> IceBody<'a> {
    pub(super) fn of(ice: &'a IceServers) -> Self {
        let servers = ice.servers.iter().map(|server| IceServerBody {
            urls: &server.urls,
            username: server.username.as_deref(),
            credential: server.credential.as_deref(),
        });
        Self {
            ice_servers: servers.collect(),
            ice_policy: if ice.relay_only { "relay" } else { "all" },
            ice_expires: ice.expires.map(Time),
        }
    }
}

/// A snapshot; with ICE servers where its reader may need to set up links.
#[derive(Serialize)]
pub(super) struct SnapshotBody<'a> {
    #[serde(rename = "self")]
    me: ParticipantBody<'a>,
    room: RoomBody<'a>,
    rights: RightsBody,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    ice: Option<IceBody<'a>>,
    participants: Vec<ParticipantBody<'a>>,
    chat: ChatBody<'a>,
    epoch: String,
    seq: u64,
    last_no: i64,
}

/// A stretch of chat, oldest first, and whether there is more beyond it.
#[derive(Serialize)]
pub(super) struct ChatBody<'a> {
    pub(super) messages: Vec<MessageBody<'a>>,
    pub(super) more: bool,
}

impl<'a> SnapshotBody<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, ice: Option<&'a IceServers>) -> Self {
        let others = snapshot.others.iter();
        Self {
            me: ParticipantBody::of(&snapshot.me),
            room: RoomBody::of(&snapshot.room),
            rights: RightsBody(snapshot.me.rights),
            ice: ice.map(IceBody::of),
            participants: others
                .map(|(who, polite): &(_, Polite)| ParticipantBody::of(who).towards(*polite))
                .collect(),
            chat: ChatBody {
                messages: snapshot.messages.iter().map(|message| MessageBody::of(message)).collect(),
                more: snapshot.more,
            },
            epoch: snapshot.at.epoch.to_string(),
            seq: snapshot.at.seq.0,
            last_no: snapshot.at.no.0,
        }
    }
}
