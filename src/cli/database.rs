//! The database as the commands use it: opened by the configuration, its schema looked at or brought up to date.
use std::{path::PathBuf, sync::Arc};

use crate::config::Config;
use crate::seal::KeyRing;
use crate::store::{Settings, Store};

use super::Unusable;

pub(super) async fn open(config: &Config) -> Result<Store, Unusable> {
    let settings = Settings {
        url: config.database_url().expose().to_owned(),
        max_connections: config.database.max_connections.u32(),
        acquire_timeout: config.database.connect_timeout_seconds.seconds(),
    };
    // The commands read and write no sealed row, so that they need (and make) no key of the server's own.
    Store::connect(settings, Arc::new(KeyRing::ephemeral())).await.map_err(Unusable::new)
}

pub(super) async fn close(store: Store) -> Result<(), Unusable> {
    store.close().await.map_err(Unusable::new)
}

/// The SQLite file that a first start would make.
pub(super) fn missing_file(config: &Config) -> Option<PathBuf> {
    config.database_url().sqlite_file().filter(|file| !file.exists())
}

/// Steps of the schema that are still to be done.
pub(super) async fn pending(store: &Store) -> Result<usize, Unusable> {
    convene_migration::pending(store.connection()).await.map_err(Unusable::new)
}

pub(super) async fn bring_up_to_date(store: &Store) -> Result<(), Unusable> {
    convene_migration::migrate(store.connection()).await.map_err(Unusable::new)
}
