//! The sections of the configuration as types; what each key means stands in `config/default.toml`, its range in its type.
use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::values::{DatabaseUrl, Network, Origin, Secret, Within};

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    #[serde(deserialize_with = "super::values::address")]
    pub bind: SocketAddr,
    /// `None` when empty: the origin is then each request's own host.
    #[serde(with = "super::values::maybe_origin")]
    pub public_url: Option<Origin>,
    pub allowed_origins: Vec<Origin>,
    pub trusted_proxies: Vec<Network>,
    pub workers: Within<0, 256>,
}

impl Http {
    /// Threads to serve with: `workers`, or the cores this process may use when that is 0. At least 1.
    #[must_use]
    pub fn worker_threads(&self) -> usize {
        match self.workers.usize() {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            set => set,
        }
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Empty when SQLite inside `data.dir` is meant: ask [`super::Config::database_url`].
    pub url: DatabaseUrl,
    pub max_connections: Within<2, 200>,
    pub connect_timeout_seconds: Within<1, 60>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    pub dir: PathBuf,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Empty when the key is to be generated: ask [`Secret::master_key`].
    pub secret: Secret,
    pub guests_create: bool,
    pub password_min_length: Within<8, 64>,
    pub code_minutes: Within<1, 10>,
    pub reset_minutes: Within<5, 1440>,
    pub session_days: Within<1, 365>,
    pub session_idle_days: Within<1, 365>,
    pub delete_grace_days: Within<0, 90>,
    pub audit_days: Within<1, 3650>,
    pub room_token_algorithm: TokenAlgorithm,
}

/// How room tokens are signed; tokens of the other algorithm are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum TokenAlgorithm {
    #[serde(rename = "HS256")]
    Hs256,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

/// How chat of a room is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Chat {
    Durable,
    Ephemeral,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rooms {
    pub capacity: Within<2, 1000>,
    pub capacity_max: Within<2, 1000>,
    pub max_video: Within<0, 100>,
    #[serde(deserialize_with = "super::values::one_of")]
    pub chat: Chat,
    pub grace_seconds: Within<5, 3600>,
    pub retire_seconds: Within<1, 86_400>,
    pub guest_expiry_hours: Within<1, 8760>,
}

/// Which paths browsers may use between each other (`iceTransportPolicy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IcePolicy {
    All,
    Relay,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Ice {
    pub stun_urls: Vec<String>,
    pub turn_urls: Vec<String>,
    pub turn_secret: Secret,
    pub turn_ttl_seconds: Within<60, 86_400>,
    #[serde(deserialize_with = "super::values::one_of")]
    pub policy: IcePolicy,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub connections: Within<1, 1_000_000>,
    pub connections_per_address: Within<1, 1_000_000>,
    pub connections_per_account: Within<1, 1_000_000>,
    pub trusted_sources: Vec<Network>,
    pub frames_per_second: Within<1, 100_000>,
    pub frames_burst: Within<1, 100_000>,
    pub chat_per_second: Within<1, 100_000>,
    pub chat_burst: Within<1, 100_000>,
    pub joins_per_minute: Within<1, 1_000_000>,
    pub rooms_per_hour: Within<1, 1_000_000>,
    pub rooms_per_hour_per_account: Within<1, 1_000_000>,
    pub signups_per_hour: Within<1, 1_000_000>,
    pub codes_per_hour: Within<1, 1_000_000>,
    pub codes_per_minute_per_target: Within<1, 100>,
    pub codes_per_hour_per_target: Within<1, 100>,
    pub codes_per_day_per_target: Within<1, 1000>,
    pub failures_per_minute: Within<1, 10_000>,
    pub free_failures: Within<1, 20>,
    pub keys_per_account: Within<1, 1000>,
    pub pin_guesses_per_source: Within<1, 100>,
    pub pin_guesses_per_room: Within<1, 1000>,
    pub requests_per_second: Within<1, 1_000_000>,
    pub requests_burst: Within<1, 1_000_000>,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Pretty,
    Json,
}

/// The least level that is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    #[serde(deserialize_with = "super::values::one_of")]
    pub format: LogFormat,
    #[serde(deserialize_with = "super::values::one_of")]
    pub level: Level,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Shutdown {
    pub drain_seconds: Within<0, 300>,
}
