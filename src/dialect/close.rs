//! Every reason for which the server ends a WebSocket, with its close code and its words.
use bytes::Bytes;

use super::frame;

/// Why a socket is closed. The range of the code tells a client what to do: 4000–4099 resume, 4100–4199 join anew,
/// 4200–4299 stop and tell the person, 4300–4399 the client is at fault (docs/PROTOCOL.md); below that RFC 6455, 7.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Close {
    /// 1000: the purpose is fulfilled.
    Normal,
    /// 1002: the framing or the handshake of the close is broken.
    Protocol,
    /// 1003: a binary message where only text is spoken.
    Binary,
    /// 1007: a text that is not UTF-8.
    BadUtf8,
    /// 1008: refused by a rule that has no code of its own (foreign origin, a message that never ends).
    Policy,
    /// 1009: a message or a frame beyond the limit.
    TooLarge,
    /// 4000: the server goes away, another one or the next start takes the session.
    Drain,
    /// 4001: no pong in time.
    HeartbeatMissed,
    /// 4002: the client reads slower than it is written to.
    Slow,
    /// 4004: the server failed.
    ServerError,
    /// 4100: no such session.
    SessionUnknown,
    /// 4102: the session of the account has ended by time.
    AccountExpired,
    /// 4200: removed by a moderator.
    Kicked,
    /// 4202: the room has ended.
    RoomEnded,
    /// 4203: the same person joined from another device.
    Replaced,
    /// 4205: logout, account disabled, password changed, token revoked.
    Revoked,
    /// 4300: not our protocol, or not this version.
    BadProtocol,
    /// 4301: no hello in time.
    NoHello,
    /// 4302: too many bad frames in a row.
    TooManyErrors,
    /// 4303: too fast.
    Rate,
    /// 4304: too many connections from one address or account.
    TooManyConnections,
    /// The answer to the peer's close frame: its own code, or none.
    Answer(Option<u16>),
}

impl Close {
    /// The code on the wire; `None` for a close frame without one.
    #[must_use]
    pub fn code(self) -> Option<u16> {
        Some(match self {
            Self::Normal => 1000,
            Self::Protocol => 1002,
            Self::Binary => 1003,
            Self::BadUtf8 => 1007,
            Self::Policy => 1008,
            Self::TooLarge => 1009,
            Self::Drain => 4000,
            Self::HeartbeatMissed => 4001,
            Self::Slow => 4002,
            Self::ServerError => 4004,
            Self::SessionUnknown => 4100,
            Self::AccountExpired => 4102,
            Self::Kicked => 4200,
            Self::RoomEnded => 4202,
            Self::Replaced => 4203,
            Self::Revoked => 4205,
            Self::BadProtocol => 4300,
            Self::NoHello => 4301,
            Self::TooManyErrors => 4302,
            Self::Rate => 4303,
            Self::TooManyConnections => 4304,
            Self::Answer(code) => return code,
        })
    }

    /// The words beside the code, for whoever reads a trace; at most 123 bytes.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Normal | Self::Answer(_) => "",
            Self::Protocol => "protocol error",
            Self::Binary => "only text is spoken here",
            Self::BadUtf8 => "text is not utf-8",
            Self::Policy => "not allowed here",
            Self::TooLarge => "message too large",
            Self::Drain => "server goes away",
            Self::HeartbeatMissed => "heartbeat missed",
            Self::Slow => "reads too slowly",
            Self::ServerError => "server error",
            Self::SessionUnknown => "session unknown",
            Self::AccountExpired => "account session expired",
            Self::Kicked => "kicked",
            Self::RoomEnded => "room ended",
            Self::Replaced => "replaced by another device",
            Self::Revoked => "revoked",
            Self::BadProtocol => "bad protocol",
            Self::NoHello => "no hello in time",
            Self::TooManyErrors => "too many errors",
            Self::Rate => "too many frames",
            Self::TooManyConnections => "too many connections",
        }
    }

    /// The close frame to send.
    #[must_use]
    pub fn frame(self) -> Bytes {
        match self.code() {
            Some(code) => frame::close(code, self.reason()),
            None => frame::close_without_code(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_carries_code_and_reason() {
        assert_eq!(Close::Kicked.frame()[..], *b"\x88\x08\x10\x68kicked");
        assert_eq!(Close::Answer(Some(3000)).frame()[..], *b"\x88\x02\x0B\xB8");
        assert_eq!(Close::Answer(None).frame()[..], *b"\x88\x00");
    }
}
