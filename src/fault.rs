//! The one public error: every refusal of the engine, with its stable code, HTTP status and typed extras.
use std::borrow::Cow;

/// Why something was refused. `code()` is stable and documented in docs/PROTOCOL.md; texts never carry internals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    Malformed,
    Unsupported,
    TooLarge { limit: usize },
    InvalidField { field: Cow<'static, str>, why: Cow<'static, str> },
    StaleGeneration { generation: u64 },
    NotFound,
    MethodNotAllowed,
    UnsupportedMedia,
    LengthRequired,
    StaleVersion { version: i64 },
    IdempotencyConflict,
    Unauthenticated,
    TokenInvalid,
    CodeInvalid,
    Csrf,
    NameTaken,
    Unverified { flow: String },
    WeakPassword { reason: &'static str },
    InvalidEmail,
    InvalidPhone,
    BadOrigin,
    WrongPin,
    NoSuchRoom,
    RoomFull,
    Locked,
    Ended,
    NotJoined,
    IdentityInUse,
    Forbidden { right: &'static str },
    NoSuchTarget,
    Glare,
    UnknownSession,
    BadSecret,
    RateLimited { retry_after_ms: u64 },
    Quota,
    Busy,
    Internal,
    Unavailable,
    StorageUnavailable,
}

/// A typed extra of a refusal, rendered beside `code` and `message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extra {
    Text(&'static str, String),
    Number(&'static str, i64),
}

impl Fault {
    /// A field that is missing, mistyped or out of range; `why` is lowercase and says what would be right.
    pub fn field(field: impl Into<Cow<'static, str>>, why: impl Into<Cow<'static, str>>) -> Self {
        Self::InvalidField { field: field.into(), why: why.into() }
    }

    /// The stable snake_case word.
    pub fn code(&self) -> &'static str {
        self.parts().0
    }

    /// The HTTP status that carries this refusal over REST (RFC 9110).
    pub fn status(&self) -> u16 {
        self.parts().1
    }

    /// One lowercase sentence for a person.
    pub fn message(&self) -> Cow<'static, str> {
        match self {
            Self::InvalidField { field, why } => Cow::Owned(format!("{field}: {why}")),
            Self::TooLarge { limit } => Cow::Owned(format!("larger than the limit of {limit}")),
            other => Cow::Borrowed(other.parts().2),
        }
    }

    /// The extras of this refusal, in the order they are rendered.
    pub fn extras(&self) -> Vec<Extra> {
        match self {
            Self::TooLarge { limit } => vec![Extra::Number("limit", *limit as i64)],
            Self::InvalidField { field, .. } => vec![Extra::Text("field", field.to_string())],
            Self::StaleGeneration { generation } => vec![Extra::Number("gen", *generation as i64)],
            Self::StaleVersion { version } => vec![Extra::Number("version", *version)],
            Self::Unverified { flow } => vec![Extra::Text("flow", flow.clone())],
            Self::WeakPassword { reason } => vec![Extra::Text("reason", (*reason).to_owned())],
            Self::Forbidden { right } => vec![Extra::Text("right", (*right).to_owned())],
            Self::RateLimited { retry_after_ms } => {
                vec![Extra::Number("retry_after_ms", *retry_after_ms as i64)]
            }
            _ => Vec::new(), // all others carry their code alone
        }
    }

    fn parts(&self) -> (&'static str, u16, &'static str) {
        match self {
            Self::Malformed => ("malformed", 400, "this is not the JSON object it should be"),
            Self::Unsupported => ("unsupported", 400, "no such type of frame, or not one of this version"),
            Self::TooLarge { .. } => ("too_large", 413, "too large"),
            Self::InvalidField { .. } => ("invalid_field", 422, "a field is not valid"),
            Self::StaleGeneration { .. } => ("stale_generation", 409, "this belongs to an older negotiation"),
            Self::NotFound => ("not_found", 404, "nothing is here, or nothing for you"),
            Self::MethodNotAllowed => ("method_not_allowed", 405, "this path does not take this method"),
            Self::UnsupportedMedia => ("unsupported_media", 415, "send application/json"),
            Self::LengthRequired => ("length_required", 411, "send a Content-Length"),
            Self::StaleVersion { .. } => ("stale_version", 412, "the settings were changed meanwhile"),
            Self::IdempotencyConflict => {
                ("idempotency_conflict", 409, "this Idempotency-Key was used with another request")
            }
            Self::Unauthenticated => ("unauthenticated", 401, "say who you are first"),
            Self::TokenInvalid => ("token_invalid", 401, "this token is not valid"),
            Self::CodeInvalid => ("code_invalid", 401, "this code is not valid: ask for a new one"),
            Self::Csrf => ("csrf", 403, "a change by cookie has to come from our own pages"),
            Self::NameTaken => ("name_taken", 409, "this username is taken"),
            Self::Unverified { .. } => ("unverified", 403, "confirm the address first: a code is on its way"),
            Self::WeakPassword { .. } => ("weak_password", 422, "choose another password"),
            Self::InvalidEmail => ("invalid_email", 422, "this is not an e-mail address"),
            Self::InvalidPhone => ("invalid_phone", 422, "this is not a phone number with its country code"),
            Self::BadOrigin => ("bad_origin", 403, "this origin may not connect here"),
            Self::WrongPin => ("wrong_pin", 403, "this room asks for a PIN, and this is not it"),
            Self::NoSuchRoom => ("no_such_room", 404, "there is no such room"),
            Self::RoomFull => ("room_full", 409, "the room is full"),
            Self::Locked => ("locked", 423, "the room is locked"),
            Self::Ended => ("ended", 410, "the meeting has ended"),
            Self::NotJoined => ("not_joined", 409, "join a room first"),
            Self::IdentityInUse => ("identity_in_use", 409, "this connection already has a seat"),
            Self::Forbidden { .. } => ("forbidden", 403, "you may not do this here"),
            Self::NoSuchTarget => ("no_such_target", 404, "nobody and nothing of that name is here for you"),
            Self::Glare => ("glare", 409, "the other side offered first: roll back, its offer is on its way"),
            Self::UnknownSession => ("unknown_session", 404, "this seat is gone: join anew"),
            Self::BadSecret => ("bad_secret", 403, "this secret does not open the seat"),
            Self::RateLimited { .. } => ("rate_limited", 429, "too fast: wait and try again"),
            Self::Quota => ("quota", 429, "the limit for this is reached"),
            Self::Busy => ("busy", 503, "too much is waiting here: try again"),
            Self::Internal => ("internal", 500, "something went wrong on our side"),
            Self::Unavailable => ("unavailable", 503, "not available at the moment: try again"),
            Self::StorageUnavailable => {
                ("storage_unavailable", 503, "this can't be kept at the moment: try again")
            }
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code(), self.message())
    }
}

impl std::error::Error for Fault {}
