//! The sections of the systems whose clients are served: `[dialects.<name>]`.
mod hundredms;
mod mesibo;

use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

pub use hundredms::{HundredMs, HundredMsMode, ListScope, UpdateScope};
pub use mesibo::Mesibo;

use super::Invalid;
use super::values::Within;

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Dialects {
    pub animo: Animo,
    pub meet: Meet,
    pub mesibo: Mesibo,
    pub hundredms: HundredMs,
}

/// Animo Meet.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Animo {
    pub enabled: bool,
    pub expire_days: Within<1, 365>,
    pub open_check_host: bool,
    pub synthetic_joins: bool,
    /// Empty when its page lies elsewhere.
    pub static_dir: PathBuf,
}

/// Meet (PHP).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Meet {
    pub enabled: bool,
    /// `None` when empty: its sockets come in on `http.bind` alone.
    #[serde(with = "super::values::maybe_address")]
    pub bind: Option<SocketAddr>,
    /// Empty: there is none.
    pub static_dir: PathBuf,
    pub tell_unknown_email: bool,
    pub tell_known_email: bool,
    pub require_session: bool,
    pub open_hours: Within<1, 8760>,
}

pub(super) fn check(dialects: &Dialects) -> Result<(), Invalid> {
    mesibo::check(&dialects.mesibo)?;
    hundredms::check(&dialects.hundredms)
}
