//! The names of things: newtypes for ids, positions and times, made outside and carried in.
use std::{fmt, str::FromStr, sync::Arc};
use uuid::Uuid;

/// A text that is no id of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

/// Milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millis(pub i64);

impl Millis {
    pub fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
    /// Milliseconds from `earlier` to here, negative if it is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A position in a room's durable history, 1 and up; 0 is before everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct No(pub i64);

/// A position in a room's live log within one epoch, 1 and up; 0 is before everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seq(pub u64);

/// One life of a room in memory: new after each load. Shown as 16 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Epoch(pub u64);

/// One socket of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnId(pub u64);

/// A request whose answer a port of this process awaits (REST).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PortId(pub u64);

/// A seat's index in its room: dense and reused after release, so that fan-out needs no look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_simple().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            /// Takes the 32 lowercase hex digits that `Display` writes, and no other spelling.
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let id = Uuid::try_parse(text).map_err(|_| NotAnId)?;
                let mut plain = [0; 32];
                if id.as_simple().encode_lower(&mut plain) == text { Ok(Self(id)) } else { Err(NotAnId) }
            }
        }
    };
}

uuid_id!(
    /// A room's internal id.
    RoomId
);
uuid_id!(
    /// A seat's internal id: with the room's it makes the session id.
    SeatId
);
uuid_id!(
    /// A chat message.
    MessageId
);
uuid_id!(
    /// A sign-up that awaits its code.
    SignupId
);
uuid_id!(
    /// One call: from the first seat taken to the last released.
    CallId
);

uuid_id!(
    /// An account.
    UserId
);
uuid_id!(
    /// An account's session: one sign-in on one device.
    LoginId
);
uuid_id!(
    /// An API key.
    KeyId
);
uuid_id!(
    /// A room token: its `jti`.
    TokenId
);
uuid_id!(
    /// A one-time code's flow.
    FlowId
);

/// A seat as its holder names it: the room's id, then the seat's, so that a `resume` finds its room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId {
    pub room: RoomId,
    pub seat: SeatId,
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.room, self.seat)
    }
}

impl FromStr for SessionId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (room, seat) = text.split_at_checked(32).unwrap_or((text, ""));
        Ok(Self { room: room.parse()?, seat: seat.parse()? })
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Epoch {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        u64::from_str_radix(text, 16).map(Self).map_err(|_| NotAnId)
    }
}

/// A participant's address for signals; on Socket.IO it is the socket id. At most 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub Arc<str>);

impl PeerId {
    /// Whether a text looks like an id that this server draws for a peer.
    #[must_use]
    pub fn is_like(text: &str) -> bool {
        text.starts_with("p_")
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A client's own name for a message, 1 to 64 characters: makes a retry act once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClientId(pub Arc<str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_names_its_room_and_reads_back() {
        let session = SessionId { room: RoomId(Uuid::from_u128(7)), seat: SeatId(Uuid::from_u128(9)) };
        assert_eq!(session.to_string().parse(), Ok(session));
        for wrong in ["", "7", "é", &session.to_string().to_uppercase()[..63], &format!("{session}0")] {
            assert!(wrong.parse::<SessionId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn ids_have_one_spelling() {
        let id = RoomId(Uuid::from_u128(0xabc));
        assert!(id.0.to_string().parse::<RoomId>().is_err(), "the hyphenated form is another spelling");
        assert!(id.to_string().to_uppercase().parse::<RoomId>().is_err());
    }
}
