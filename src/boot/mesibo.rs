//! mesibo's face, made as the configuration says.
use std::sync::Arc;

use url::Url;

use crate::actors::gate::Gate;
use crate::config::Config;
use crate::http::Face;
use crate::http::mesibo::{self, Parts, Settings};
use crate::seal::KeyRing;
use crate::service::accounts::Accounts;
use crate::service::albums::Albums;
use crate::service::captcha::Captcha;
use crate::service::contacts::Contacts;
use crate::service::groups::{self, Groups};
use crate::service::rooms::Rooms;
use crate::store::Store;
use crate::telemetry::Metrics;

/// What the face is made of beside the configuration.
pub(super) struct Made {
    pub(super) rooms: Rooms,
    pub(super) accounts: Accounts,
    pub(super) store: Store,
    pub(super) keys: Arc<KeyRing>,
    pub(super) albums: Albums,
    pub(super) gate: Arc<dyn Gate>,
    pub(super) metrics: Metrics,
}

/// The face, if it is enabled.
pub(super) fn face(config: &Config, made: Made) -> Option<Face> {
    let mesibo = &config.dialects.mesibo;
    if !mesibo.enabled {
        return None;
    }
    let Made { rooms, accounts, store, keys, albums, gate, metrics } = made;
    let contacts = Contacts::new(store.clone(), keys.clone(), albums, mesibo.contacts_per_day.get());
    let groups = Groups::new(groups::Parts {
        rooms: rooms.clone(),
        accounts: accounts.clone(),
        store,
        ring: keys,
        gate,
    });
    let secret = &mesibo.captcha_secret;
    let url = Url::parse(&mesibo.captcha_url).ok().filter(|_| !secret.is_empty());
    let settings = Settings {
        upload_bytes: mesibo.upload_bytes.usize(),
        google_key: mesibo.google_key.clone(),
        operator: config.operator.name.clone(),
        public_url: config.http.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned()),
    };
    let captcha = url.and_then(|url| Captcha::new(url, secret.expose().to_owned()));
    Some(mesibo::routes(Parts { accounts, rooms, groups, contacts, metrics, captcha, settings }))
}
