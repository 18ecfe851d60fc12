//! The sections of the systems whose clients are served: `[dialects.<name>]`.
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Dialects {
    pub animo: Animo,
    pub meet: Meet,
}

/// Animo Meet.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Animo {
    pub enabled: bool,
}

/// Meet (PHP).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Meet {
    pub enabled: bool,
    /// `None` when empty: its sockets come in on `http.bind` alone.
    #[serde(with = "super::values::maybe_address")]
    pub bind: Option<SocketAddr>,
}
