//! The face for apps made for a 100ms backend, from the configuration.
use std::sync::Arc;

use crate::actors::{Clock, Engine};
use crate::auth::app_token::AppTokens;
use crate::config::{self, Config, HundredMsMode, ListScope, UpdateScope};
use crate::http::Face;
use crate::http::hundredms::{Errors, Parts, Presence, Settings, Updates, routes};
use crate::http::origin::Origins;
use crate::http::raw::Clients;
use crate::seal::KeyRing;
use crate::service::accounts::Accounts;
use crate::service::hundredms::{self, App, HundredMs, Ids, List, Mode, NotUsable, Roles, Upstream};
use crate::service::rooms::Rooms;
use crate::store::Store;
use crate::telemetry::Metrics;

use super::parts;

/// What it shares with the others.
pub(super) struct Shared<'a> {
    pub(super) rooms: &'a Rooms,
    pub(super) accounts: &'a Accounts,
    pub(super) engine: &'a Engine,
    pub(super) origins: &'a Arc<Origins>,
    pub(super) store: &'a Store,
    pub(super) clock: &'a Clock,
    pub(super) metrics: &'a Metrics,
}

/// Whose tokens open rooms, if the face is enabled.
pub(super) fn app(config: &Config, keys: &KeyRing) -> Option<Arc<App>> {
    let app = &config.dialects.hundredms;
    app.enabled.then(|| {
        Arc::new(App {
            tokens: AppTokens::new(keys, &app.access_key, app.app_secret.expose()),
            roles: Roles {
                host: app.host_roles.clone(),
                viewer: app.viewer_roles.clone(),
                guest: app.default_role.clone(),
            },
            ids: Ids::of(keys),
        })
    })
}

/// Puts the face before the others, one of which may answer every path; its tokens are this app's.
pub(super) fn mount(
    config: &Config,
    app: Arc<App>,
    shared: &Shared<'_>,
    (faces, clients): (&mut Vec<Face>, &mut Clients),
) -> Result<(), NotUsable> {
    let parts = face(config, app, shared)?;
    clients.hundredms = Some(Presence::of(&parts).open());
    faces.insert(0, routes(parts));
    Ok(())
}

fn face(config: &Config, app: Arc<App>, shared: &Shared<'_>) -> Result<Parts, NotUsable> {
    let keys = &config.dialects.hundredms;
    let backend = HundredMs::new(hundredms::Parts {
        rooms: shared.rooms.clone(),
        directory: shared.engine.directory(),
        store: shared.store.clone(),
        clock: shared.clock.clone(),
        app,
        settings: hundredms::Settings {
            mode: mode(keys),
            list: match keys.list {
                ListScope::All => List::All,
                ListScope::Own => List::Own,
            },
            token_ms: i64::try_from(keys.token_hours.get()).unwrap_or(i64::MAX).saturating_mul(3_600_000),
            guests_ms: parts::guest_expiry_ms(config),
            listed: keys.listed_rooms.get(),
        },
        upstream: match keys.upstream.expose() {
            "" => None,
            base => Some(Upstream::new(base)?),
        },
    });
    Ok(Parts {
        backend,
        accounts: shared.accounts.clone(),
        engine: shared.engine.clone(),
        origins: shared.origins.clone(),
        metrics: shared.metrics.clone(),
        settings: Settings {
            prefix: keys.prefix.clone(),
            updates: match keys.update_scope {
                UpdateScope::Sender => Updates::Sender,
                UpdateScope::Room => Updates::Room,
            },
            errors: if keys.errors { Errors::Told } else { Errors::Silent },
        },
    })
}

fn mode(keys: &config::HundredMs) -> Mode {
    match keys.mode {
        HundredMsMode::Open => Mode::Open,
        HundredMsMode::Role => Mode::Role,
        HundredMsMode::Strict => Mode::Strict,
    }
}
