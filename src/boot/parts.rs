//! What each layer gets of the configuration: its own settings, and nothing of the others'.
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use crate::actors::{self, Engine, Health, IceSettings};
use crate::auth::room_token;
use crate::config::{self, Config, IcePolicy, Network};
use crate::fault::Fault;
use crate::http::context::Proxies;
use crate::http::health::Watched;
use crate::http::serve;
use crate::jobs;
use crate::room::record::{ChatKind, Keys};
use crate::room::rules::{Rate, RateSettings, Rules};
use crate::seal::KeyRing;
use crate::service::albums::Albums;
use crate::service::gate::PinGuesses;
use crate::service::pictures::Pictures;
use crate::service::{accounts, limits, rooms};
use crate::store;
use crate::telemetry::Metrics;

/// This server's name in the table of servers: there is one.
pub(super) const SERVER: &str = "convene";

/// Inside `data.dir`.
const PICTURES: &str = "pictures";

/// Seconds of a minute and of a day.
const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;

/// `auth.room_token_algorithm`.
pub(super) fn room_token_algorithm(config: &Config) -> room_token::Algorithm {
    match config.auth.room_token_algorithm {
        config::TokenAlgorithm::Hs256 => room_token::Algorithm::Hs256,
        config::TokenAlgorithm::EdDsa => room_token::Algorithm::EdDsa,
    }
}

pub(super) fn actors(config: &Config) -> actors::Settings {
    let grace_ms = milliseconds(config.rooms.grace_seconds.get());
    let limits = &config.limits;
    let rates = RateSettings {
        frames: Rate::per_second(limits.frames_per_second.u32(), limits.frames_burst.u32()),
        chat: Rate::per_second(limits.chat_per_second.u32(), limits.chat_burst.u32()),
        ..RateSettings::default()
    };
    let capacity_max = config.rooms.capacity_max.u32();
    actors::Settings {
        rules: Arc::new(Rules { rates, capacity_max, restore_grace_ms: grace_ms }),
        ice: ice(&config.ice),
        grace_ms,
        retire_ms: milliseconds(config.rooms.retire_seconds.get()),
        server: SERVER.to_owned(),
    }
}

pub(super) fn guest_expiry_ms(config: &Config) -> i64 {
    milliseconds(config.rooms.guest_expiry_hours.get() * 3_600)
}

/// Wherever the pictures came from: their accounts may go while the face that takes them is switched off.
pub(super) fn albums(config: &Config, keys: &Arc<KeyRing>) -> Albums {
    Albums::new(Pictures::new(config.data.dir.join(PICTURES)), keys.clone())
}

pub(super) fn keeping(config: &Config) -> jobs::Keeping {
    jobs::Keeping {
        idle_ms: milliseconds(config.auth.session_idle_days.get() * DAY),
        audit_ms: milliseconds(config.auth.audit_days.get() * DAY),
    }
}

fn ice(ice: &config::Ice) -> IceSettings {
    IceSettings {
        stun_urls: ice.stun_urls.clone(),
        turn_urls: ice.turn_urls.clone(),
        turn_secret: ice.turn_secret.expose().to_owned(),
        turn_ttl_ms: milliseconds(ice.turn_ttl_seconds.get()),
        relay_only: ice.policy == IcePolicy::Relay,
    }
}

pub(super) fn database(config: &Config) -> store::Settings {
    store::Settings {
        max_connections: config.database.max_connections.u32(),
        acquire_timeout: config.database.connect_timeout_seconds.seconds(),
        ..store::Settings::new(config.database_url().expose())
    }
}

pub(super) fn limits(config: &Config) -> limits::Settings {
    limits::Settings {
        requests_per_second: config.limits.requests_per_second.u32(),
        requests_burst: config.limits.requests_burst.u32(),
        rooms_per_hour: config.limits.rooms_per_hour.u32(),
        rooms_per_hour_per_account: config.limits.rooms_per_hour_per_account.u32(),
        signups_per_hour: config.limits.signups_per_hour.u32(),
        joins_per_minute: config.limits.joins_per_minute.u32(),
        connections_per_account: config.limits.connections_per_account.usize(),
        trusted_sources: nets(&config.limits.trusted_sources),
    }
}

pub(super) fn pin_guesses(config: &Config) -> PinGuesses {
    PinGuesses {
        per_source: config.limits.pin_guesses_per_source.usize(),
        per_room: config.limits.pin_guesses_per_room.usize(),
    }
}

pub(super) fn accounts(config: &Config) -> accounts::Settings {
    let (auth, limits) = (&config.auth, &config.limits);
    accounts::Settings {
        password_least: auth.password_min_length.usize(),
        code_ms: milliseconds(auth.code_minutes.get() * MINUTE),
        reset_ms: milliseconds(auth.reset_minutes.get() * MINUTE),
        session_ms: milliseconds(auth.session_days.get() * DAY),
        idle_ms: milliseconds(auth.session_idle_days.get() * DAY),
        mesibo_session_ms: milliseconds(config.dialects.mesibo.token_days.get() * DAY),
        delete_grace_ms: milliseconds(auth.delete_grace_days.get() * DAY),
        keys: limits.keys_per_account.get(),
        budgets: accounts::Budgets {
            codes_per_minute: limits.codes_per_minute_per_target.get(),
            codes_per_hour: limits.codes_per_hour_per_target.get(),
            codes_per_day: limits.codes_per_day_per_target.get(),
            codes_per_hour_per_source: limits.codes_per_hour.get(),
            failures_per_minute: limits.failures_per_minute.usize(),
            free_failures: limits.free_failures.u32(),
        },
    }
}

pub(super) fn rooms(config: &Config, draw: fn() -> Keys) -> rooms::Settings {
    rooms::Settings {
        guests_create: if config.auth.guests_create {
            rooms::GuestsCreate::Yes
        } else {
            rooms::GuestsCreate::No
        },
        capacity: config.rooms.capacity.u32(),
        capacity_max: config.rooms.capacity_max.u32(),
        max_video: config.rooms.max_video.u32(),
        chat: match config.rooms.chat {
            config::Chat::Durable => ChatKind::Durable,
            config::Chat::Ephemeral => ChatKind::Ephemeral,
        },
        draw,
    }
}

pub(super) fn serve(config: &Config) -> serve::Settings {
    serve::Settings {
        connections: config.limits.connections.usize(),
        connections_per_address: config.limits.connections_per_address.usize(),
        uncounted: nets(&config.limits.trusted_sources),
        proxies: Proxies::new(nets(&config.http.trusted_proxies)),
        ..serve::Settings::default()
    }
}

/// `http.public_url` and `http.allowed_origins`.
pub(super) fn own_origins(config: &Config) -> impl Iterator<Item = &str> {
    let further = &config.http.allowed_origins;
    config.http.public_url.iter().chain(further).map(|origin| origin.as_str())
}

pub(super) fn watched(engine: &Engine, config: &Config, metrics: Metrics) -> Watched {
    let health = engine.health().clone();
    let trusted = nets(&config.limits.trusted_sources);
    Watched {
        ready: Arc::new(move || ready(&health)),
        metrics,
        may_scrape: Arc::new(move |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip))),
    }
}

/// Why the server can't do its work now, if so.
pub(super) fn ready(health: &Health) -> Result<(), Fault> {
    if health.is_draining() {
        return Err(Fault::Unavailable);
    }
    if health.has_storage() { Ok(()) } else { Err(Fault::StorageUnavailable) }
}

fn nets(networks: &[Network]) -> Vec<IpNet> {
    networks.iter().map(|network| network.net()).collect()
}

fn milliseconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000)
}
