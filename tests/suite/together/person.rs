//! Somebody in a room by one of five systems, each as its clients write: comes, speaks, shows, signals, goes, and hears.
use super::wire::Wire;
use crate::common::Convene;
use crate::rest::ask::ask;
use crate::rest::mailbox;
use serde_json::{Value, json};
use uuid::Uuid;

/// Whose client somebody uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    Native,
    Animo,
    Meet,
    HundredMs,
    /// On its page: the native socket behind its own sign-in and PIN.
    Mesibo,
}

impl System {
    pub(super) const ALL: [Self; 5] = [Self::Native, Self::Animo, Self::Meet, Self::HundredMs, Self::Mesibo];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Animo => "animo",
            Self::Meet => "meet",
            Self::HundredMs => "hundredms",
            Self::Mesibo => "mesibo",
        }
    }

    /// Whether its clients hold calls over this socket.
    pub(super) fn calls(self) -> bool {
        self != Self::HundredMs
    }

    /// Whether its clients say whether microphone and camera are on, and write.
    pub(super) fn speaks(self) -> bool {
        matches!(self, Self::Native | Self::Animo | Self::Mesibo)
    }

    /// What a frame tells of somebody: a coming, a going, flags, a message, a signal.
    pub(super) fn kind(self, frame: &Value) -> Option<char> {
        let word = match self {
            Self::Native | Self::Mesibo | Self::Meet => frame["type"].as_str(),
            Self::Animo => frame[0].as_str(),
            Self::HundredMs => frame["data"]["action"].as_str(),
        };
        match word? {
            "participant_joined" | "user-joined" | "joined" => Some('C'),
            "participant_left" | "user-left" | "left" => Some('G'),
            "participant_changed" if frame.get("media").is_some() => Some('F'),
            "user-media-update" => Some('F'),
            "chat_message" | "chat-message" => Some('M'),
            "offer" | "answer" | "candidate" | "signal" => Some('S'),
            _ => None, // what the table does not tell of
        }
    }
}

/// A room and its keys.
pub(super) struct Room {
    pub(super) code: String,
    secret: String,
    pin: String,
    keys: Value,
}

impl Room {
    /// Its maker is shown the keys of all systems.
    pub(super) async fn make(server: &Convene) -> Self {
        let made = server.room(json!({"name": "All"})).await;
        let path = format!("/v1/rooms/{}", made.code);
        let seen = ask(server, "GET", &path).shows(&made.owner_secret).gives(200).await.json();
        Self {
            code: made.code,
            secret: made.owner_secret,
            pin: seen["pins"]["pin"].as_str().expect("a PIN").to_owned(),
            keys: seen["keys"].clone(),
        }
    }

    /// The key by which this system knows it.
    pub(super) fn key(&self, system: System) -> String {
        match system {
            System::Native | System::Animo => self.code.clone(),
            System::Meet => self.keys["meet"].as_str().expect("a key").to_owned(),
            System::HundredMs => self.keys["hundredms"].as_str().expect("a key").to_owned(),
            System::Mesibo => self.keys["mesibo"].to_string(),
        }
    }

    /// The addresses of all who are there.
    async fn peers(&self, server: &Convene) -> Vec<String> {
        let path = format!("/v1/rooms/{}/participants", self.code);
        let list = ask(server, "GET", &path).shows(&self.secret).gives(200).await.json();
        let people = list["participants"].as_array().expect("people").iter();
        people.map(|person| person["peer"].as_str().expect("an address").to_owned()).collect()
    }
}

pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) system: System,
    /// Its address for others.
    pub(super) peer: String,
    key: String,
    wire: Wire,
}

impl Person {
    /// Comes by the key of its system, and is there; a Meet page offers by that.
    pub(super) async fn comes(server: &Convene, room: &Room, system: System, name: &'static str) -> Self {
        let before = room.peers(server).await;
        let key = room.key(system);
        let wire = match system {
            System::Native => native(server, &key, name, None).await,
            System::Mesibo => native(server, &key, name, Some(member(server, room, name).await)).await,
            System::Animo => animo(server, &key, name).await,
            System::Meet => {
                let mut wire = Wire::opens(server, "/").await;
                wire.says(&meet(&key, "offer", &sdp(name, "offer"))).await;
                server
                    .until("it sits", |server| server.metrics.participants.get() > before.len() as i64)
                    .await;
                wire
            }
            System::HundredMs => {
                let mut wire = Wire::opens(server, "/").await;
                wire.says(&app("join", &key, name)).await;
                wire.hears(|frame| frame["data"]["userId"] == name).await;
                wire
            }
        };
        let mut now = room.peers(server).await;
        now.retain(|peer| !before.contains(peer));
        Self { name, system, peer: now.pop().expect("it has an address"), key, wire }
    }

    pub(super) async fn turns_its_microphone_on(&mut self) {
        match self.system {
            System::Native | System::Mesibo => {
                self.wire.asks(json!({"type": "set_media", "audio": true})).await
            }
            System::Animo => {
                let flags = json!([{"roomId": self.key, "peerAudioEnabled": true}]);
                self.wire.emits("toggle-media", &flags).await;
            }
            System::Meet | System::HundredMs => panic!("its wire has no flags"),
        }
    }

    pub(super) async fn writes(&mut self, text: &str) {
        match self.system {
            System::Native | System::Mesibo => {
                self.wire.asks(json!({"type": "chat_send", "client_id": text, "text": text})).await;
            }
            System::Animo => {
                self.wire.emits("chat-message", &json!([self.name, text, 1_750_000_000_123_i64])).await;
            }
            System::Meet | System::HundredMs => panic!("its wire has no chat"),
        }
    }

    /// Sends an offer, answer or candidate.
    pub(super) async fn signals(&mut self, to: &Person, what: &str) {
        let body = match what {
            "candidate" => {
                json!({"candidate": format!("candidate:1 1 udp 1 192.0.2.1 9 typ host of {}", self.name),
                                  "sdpMid": "0", "sdpMLineIndex": 0})
            }
            _ => sdp(self.name, what),
        };
        match self.system {
            System::Native | System::Mesibo => {
                let mut frame = json!({"type": what, "to": to.peer, "gen": self.wire.generation.max(1)});
                match what {
                    "candidate" => frame["candidate"] = body,
                    _ => {
                        frame["sdp"] = body["sdp"].clone();
                        frame["sources"] = json!({});
                    }
                }
                self.wire.asks(frame).await;
            }
            System::Animo => {
                let part = if what == "candidate" { "ice" } else { "sdp" };
                let message = json!({part: body}).to_string();
                self.wire.emits("signal", &json!([to.peer, message])).await;
            }
            System::Meet => self.wire.says(&meet(&self.key, what, &body)).await,
            System::HundredMs => panic!("its wire has no signals"),
        }
    }

    /// What it hears: all up to the first of that kind, if one is promised, and whatever has come besides.
    pub(super) async fn hears(&mut self, promised: Option<char>) -> Vec<Value> {
        let system = self.system;
        let mut heard = match promised {
            Some(kind) => self.wire.hears(|frame| system.kind(frame) == Some(kind)).await,
            None => Vec::new(),
        };
        heard.extend(self.wire.has_heard().await);
        heard
    }

    /// Goes as its client does, and is gone.
    pub(super) async fn goes(mut self, server: &Convene, room: &Room) {
        match self.system {
            System::Native | System::Mesibo => self.wire.asks(json!({"type": "leave"})).await,
            System::Animo => self.wire.emits("leave-call", &json!([])).await,
            System::HundredMs => {
                self.wire.says(&app("leave", &self.key, self.name)).await;
                self.wire.hears(|frame| frame["data"]["action"] == "left").await;
            }
            System::Meet => {}
        }
        self.wire.closes().await;
        server.until_so("it is gone", async || !room.peers(server).await.contains(&self.peer)).await;
    }
}

fn sdp(name: &str, kind: &str) -> Value {
    json!({"type": kind, "sdp": format!("v=0 of {name}")})
}

fn meet(room: &str, kind: &str, body: &Value) -> String {
    json!({"room_id": room, "type": kind, kind: body}).to_string()
}

fn app(event: &str, room: &str, user: &str) -> String {
    json!({"event": event, "data": {"roomId": room, "userId": user}}).to_string()
}

async fn native(server: &Convene, key: &str, name: &str, token: Option<String>) -> Wire {
    let mut wire = Wire::opens(server, "/v1/connect").await;
    let mut hello = json!({"type": "hello", "protocol": 1});
    if let Some(token) = token {
        hello["token"] = token.into();
    }
    wire.asks(hello).await;
    wire.asks(json!({"type": "join", "room": key, "profile": {"name": name}})).await;
    wire
}

async fn animo(server: &Convene, key: &str, name: &str) -> Wire {
    let mut wire = Wire::opens(server, "/socket.io/?EIO=4&transport=websocket").await;
    wire.hears(|frame| frame[0] == "open").await;
    wire.says("40").await;
    wire.hears(|frame| frame[0] == "connected").await;
    let join = json!([{"roomID": key, "username": format!("{name}_guest"), "name": name}]);
    wire.emits("join-call", &join).await;
    wire.hears(|frame| frame[0] == "user-joined").await;
    wire
}

/// Signs in by mail and shows the PIN, as mesibo's pages do; its token.
async fn member(server: &Convene, room: &Room, name: &str) -> String {
    let says = async |fields: Value| {
        let answer = ask(server, "POST", "/api.php").json(&fields).gives(200).await.json();
        assert_eq!(answer["result"], "OK", "{answer}");
        answer
    };
    let email = format!("{}@example.org", Uuid::new_v4().simple());
    let mut login = json!({"op": "login", "appid": "app", "name": name, "email": email});
    says(login.clone()).await;
    login["code"] = mailbox::code(server, &email, 0).await.into();
    let token = says(login).await["token"].clone();
    let gid = room.key(System::Mesibo);
    says(json!({"op": "joingroup", "gid": gid, "pin": room.pin, "token": token})).await;
    token.as_str().expect("a token").to_owned()
}
