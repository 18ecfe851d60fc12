//! What is said on the wire: Convene's native protocol, or Socket.IO over Engine.IO 4, for the same work.
use crate::socket::{Socket, Stage};
use serde::Deserialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speech {
    Native,
    SocketIo,
}

/// What a frame that carries no mark meant.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    Nothing,
    Seated,
    /// The pair has negotiated once: candidates may follow.
    Linked,
    /// A request was refused, in the server's words.
    Refused(String),
}

#[derive(Deserialize)]
struct Joined {
    ok: JoinedBody,
}

#[derive(Deserialize)]
struct JoinedBody {
    #[serde(rename = "self")]
    own: Own,
}

#[derive(Deserialize)]
struct Own {
    peer: String,
}

#[derive(Deserialize)]
struct Connected {
    sid: String,
}

#[derive(Deserialize)]
struct FromPeer {
    from: String,
}

impl Speech {
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Native => "/v1/connect",
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket",
        }
    }

    /// The first words on an open socket.
    pub(crate) fn greet(self, socket: &mut Socket) {
        match self {
            Self::Native => socket.say(r#"{"id":1,"type":"hello","protocol":1}"#),
            Self::SocketIo => socket.say("40"),
        }
    }

    /// Goes on with the opening, answers heartbeats and offers.
    pub(crate) fn answer(self, socket: &mut Socket, text: &[u8], room: &str) -> Meant {
        match self {
            Self::Native => native(socket, text, room),
            Self::SocketIo => socket_io(socket, text, room),
        }
    }

    pub(crate) fn chat(self, client_id: u64, text: &str) -> String {
        match self {
            Self::Native => format!(r#"{{"type":"chat_send","client_id":"c{client_id}","text":"{text}"}}"#),
            Self::SocketIo => format!(r#"42["chat_send",{{"client_id":"c{client_id}","text":"{text}"}}]"#),
        }
    }

    /// A candidate of the pair's first negotiation.
    pub(crate) fn signal(self, to: &str, text: &str) -> String {
        let candidate = format!(
            r#""to":"{to}","gen":1,"candidate":{{"candidate":"{text}","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"f00d"}}"#
        );
        match self {
            Self::Native => format!(r#"{{"type":"candidate",{candidate}}}"#),
            Self::SocketIo => format!(r#"42["candidate",{{{candidate}}}]"#),
        }
    }

    /// The offer that opens a negotiation, where the server keeps count of them.
    pub(crate) fn offer(self, to: &str) -> Option<String> {
        match self {
            Self::Native => {
                Some(format!(r#"{{"type":"offer","to":"{to}","gen":1,"sdp":"v=0\r\n","sources":{{}}}}"#))
            }
            Self::SocketIo => None,
        }
    }
}

fn native(socket: &mut Socket, text: &[u8], room: &str) -> Meant {
    if text.starts_with(br#"{"id":1,"ok""#) {
        let name = format!("Person {}", socket.member);
        socket.say(&format!(
            r#"{{"id":2,"type":"join","room":"{room}","profile":{{"name":"{name}"}},"media":{{"audio":true}}}}"#
        ));
        return Meant::Nothing;
    }
    if text.starts_with(br#"{"id":2,"ok""#)
        && let Ok(Joined { ok: JoinedBody { own } }) = serde_json::from_slice(text)
    {
        socket.peer = own.peer;
        socket.stage = Stage::Seated;
        return Meant::Seated;
    }
    if text.starts_with(br#"{"type":"offer""#)
        && let Ok(FromPeer { from }) = serde_json::from_slice(text)
    {
        socket.say(&format!(r#"{{"type":"answer","to":"{from}","gen":1,"sdp":"v=0\r\n","sources":{{}}}}"#));
        return Meant::Nothing;
    }
    if text.starts_with(br#"{"type":"answer""#) {
        return Meant::Linked;
    }
    if text.starts_with(br#"{"id""#) && memchr::memmem::find(text, br#""err":"#).is_some() {
        return Meant::Refused(String::from_utf8_lossy(text).into_owned());
    }
    Meant::Nothing
}

fn socket_io(socket: &mut Socket, text: &[u8], room: &str) -> Meant {
    match text {
        b"2" => socket.say("3"),
        [b'4', b'0', json @ ..] => {
            if let Ok(Connected { sid }) = serde_json::from_slice(json) {
                socket.peer = sid;
                let name = format!("Person {}", socket.member);
                socket.say(&format!(
                    r#"420["join",{{"room":"{room}","profile":{{"name":"{name}"}},"media":{{"audio":true}}}}]"#
                ));
            }
        }
        [b'4', b'3', ..] => {
            socket.stage = Stage::Seated;
            return Meant::Seated;
        }
        [b'4', b'4', ..] => return Meant::Refused(String::from_utf8_lossy(text).into_owned()),
        _ => {}
    }
    Meant::Nothing
}
