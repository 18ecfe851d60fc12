//! From a socket of Socket.IO to the engine: who it is, what its events ask, and what it is not told of itself.
use super::credentials::{UNNAMED, handle, of_handshake};
use crate::actors::outbox::{Emit, Emitted, Outbox};
use crate::actors::{Engine, Reader, Shown};
use crate::dialect::animo::{GUEST, Identity, PRESENT, State, Style};
use crate::dialect::close::Close;
use crate::dialect::{Entry, Wanted};
use crate::http::context::ClientAddr;
use crate::http::socketio::{Accept, Happened, Opening, Over, Packets, Prefix, Receive, Sent};
use crate::room::ids::{MessageId, PeerId};
use crate::service::accounts::{Accounts, username_key};
use crate::service::caller::Caller;
use bytes::Bytes;
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;
use warp::http::HeaderMap;

/// Takes its sockets.
#[derive(Clone)]
pub struct Sockets {
    pub engine: Engine,
    pub accounts: Accounts,
    pub joins: Joins,
}

/// Whether a newcomer is told of each one who is there as if they came now: its page then shows their pictures at once, and
/// says of each that they joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joins {
    Own,
    Everybody,
}

/// The receiving side of one socket.
pub struct Socket {
    reader: Reader,
    state: State,
    accounts: Accounts,
}

/// The credential of a request, by which its session is bound to a user.
pub fn credential(headers: &HeaderMap, client: &ClientAddr) -> Option<String> {
    of_handshake(headers, client.scheme)
}

impl Accept for Sockets {
    type Receive = Socket;

    async fn accept(&self, opening: Opening, packets: Packets) -> Socket {
        let Opening { id, client, headers, prefix } = opening;
        let token = credential(&headers, &client);
        drop(headers); // they hold the whole buffer of the request
        let hint = if token.is_some() || prefix == Prefix::Backend { Style::Object } else { Style::Unknown };
        let outbox = Outbox::packets(Box::new(Told { packets, id: id.clone(), joins: self.joins }));
        let peer = PeerId(id);
        let guest = State::new(peer.clone(), Identity::Guest, hint);
        let mut reader = Box::pin(self.engine.open(guest.dialect(), client.ip, None, outbox)).await;
        let state = match self.identity(token, &mut reader).await {
            Some(account) => State::new(peer, account, hint),
            None => guest,
        };
        Socket { reader, state, accounts: self.accounts.clone() }
    }
}

impl Sockets {
    /// Whose session the handshake showed, if it is good; the connection is then that account's.
    async fn identity(&self, token: Option<String>, reader: &mut Reader) -> Option<Identity> {
        let token = token?;
        let Ok(Caller::User(who)) = self.accounts.caller_by_cookie(&token).await else { return None };
        let account = self.accounts.me(who).await.ok()?;
        match reader.recognise(token.into()).await {
            Shown::Good => {
                let username = handle(&account).into();
                Some(Identity::Account { username, name: account.name.into() })
            }
            Shown::Bad => None,
        }
    }
}

impl Receive for Socket {
    async fn event(&mut self, event: &str, over: &mut Over) -> Happened {
        let Ok(Value::Array(packet)) = serde_json::from_str::<Value>(event) else { return Happened::Unfit };
        let Some((Value::String(name), arguments)) = packet.split_first() else { return Happened::Unfit };
        let Ok(wanted) = self.state.decode(name, arguments, MessageId(Uuid::now_v7())) else {
            return Happened::Unfit;
        };
        for one in wanted {
            match one {
                Wanted::Enter(entry) => {
                    let entry = self.without_false_name(entry).await;
                    self.reader.want(Wanted::Enter(entry)).await;
                }
                Wanted::Ask(command) => {
                    if let Err(fault) = self.reader.ask(*command, over.wait()).await {
                        return Happened::Refused(fault.message());
                    }
                }
                other @ (Wanted::Leave | Wanted::Speaks(_)) => self.reader.want(other).await,
            }
        }
        Happened::Taken
    }
}

impl Socket {
    /// A guest may be called what no account can be or is; else the guests' suffix follows, until that is so.
    async fn without_false_name(&self, mut entry: Box<Entry>) -> Box<Entry> {
        if self.state.is_account() {
            return entry;
        }
        let Some(handle) = entry.handle.as_deref() else { return entry };
        let mut handle = handle.to_owned();
        // ends: what is longer than usernames may be is nobody's
        while looks_like_an_account(&handle) || !self.accounts.is_username_free(&handle).await {
            handle.push_str(GUEST);
        }
        entry.handle = Some(handle.into());
        entry
    }
}

/// Without the guests' suffix: what is no username here may still look like one, in letters of another alphabet, or like
/// what stands for an account that has none.
fn looks_like_an_account(handle: &str) -> bool {
    !handle.ends_with(GUEST) && (username_key(handle).is_none() || handle.starts_with(UNNAMED))
}

/// The sending side: frames of the room become packets for one socket.
struct Told {
    packets: Packets,
    id: Arc<str>,
    joins: Joins,
}

impl Emit for Told {
    fn emit(&self, frame: &Bytes) -> Emitted {
        let mut own_join = None;
        for line in frame.split(|byte| *byte == b'\n') {
            let Some((event, arguments)) = read(line) else {
                tracing::error!("a packet of ours is none");
                continue;
            };
            let sent = match event.as_str() {
                PRESENT => self.present(own_join.as_ref(), &arguments),
                "user-media-update" if arguments.first().is_some_and(|of| of["userId"] == *self.id) => {
                    Sent::Sent
                }
                name => {
                    let sent = self.packets.send(name, &arguments);
                    if name == "user-joined" {
                        own_join = Some(arguments);
                    }
                    sent
                }
            };
            match sent {
                Sent::Sent => {}
                Sent::Full => return Emitted::Full,
                Sent::Gone => return Emitted::Gone,
            }
        }
        Emitted::Taken
    }

    fn end(&self, why: Option<Close>) {
        tracing::debug!(?why, "socket is closed");
        self.packets.disconnect();
    }
}

impl Told {
    /// As if each of them came now; with the room as it is.
    fn present(&self, own_join: Option<&Vec<Value>>, arguments: &[Value]) -> Sent {
        let (Joins::Everybody, Some(own), [Value::Array(people)]) = (self.joins, own_join, arguments) else {
            return Sent::Sent;
        };
        for person in people {
            let sent = self.packets.send("user-joined", &as_joined(own, person));
            if sent != Sent::Sent {
                return sent;
            }
        }
        Sent::Sent
    }
}

fn as_joined(own: &[Value], person: &Value) -> Vec<Value> {
    match own {
        [Value::Object(join)] => {
            let mut join = join.clone();
            join.extend(person.as_object().cloned().unwrap_or_default());
            vec![Value::Object(join)]
        }
        [_, clients, _, _, names] => {
            vec![
                person["id"].clone(),
                clients.clone(),
                person["username"].clone(),
                person["name"].clone(),
                names.clone(),
            ]
        }
        other => other.to_vec(), // there is no third shape
    }
}

fn read(line: &[u8]) -> Option<(String, Vec<Value>)> {
    let Ok(Value::Array(mut packet)) = serde_json::from_slice(line) else { return None };
    if packet.is_empty() {
        return None;
    }
    match packet.remove(0) {
        Value::String(event) => Some((event, packet)),
        _ => None, // an event has a name
    }
}
