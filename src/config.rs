//! What the operator decides: typed sections, read from defaults, a file and the environment, checked before anything starts.
mod dialects;
mod known;
mod layers;
mod outgoing;
mod sections;
mod validate;
mod values;

use std::{ffi::OsString, path::Path};

use config::builder::DefaultState;
use serde::{Deserialize, Serialize};

pub use dialects::{Animo, Dialects, HundredMs, HundredMsMode, ListScope, Meet, Mesibo, UpdateScope};
pub use outgoing::{Mail, MailMode, MailSecurity, Operator, Sms, SmsMode};
pub use sections::{
    Auth, Chat, Data, Database, Http, Ice, IcePolicy, Level, Limits, Log, LogFormat, Rooms, Shutdown,
    TokenAlgorithm,
};
pub use values::{DatabaseUrl, MasterKey, Network, Origin, Secret, Within};

/// `config/default.toml`: the defaults and the documentation of every key.
pub const DEFAULTS: &str = include_str!("../config/default.toml");

/// Why the configuration can't be used, in one line that names the key and where it was set. Never contains a secret.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(String);

impl Invalid {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into().replace(['\n', '\r'], " "))
    }
}

/// The whole configuration. `Debug` and `Serialize` redact secrets, so both may be printed.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub http: Http,
    pub database: Database,
    pub data: Data,
    pub auth: Auth,
    pub rooms: Rooms,
    pub ice: Ice,
    pub operator: Operator,
    pub mail: Mail,
    pub sms: Sms,
    pub limits: Limits,
    pub dialects: Dialects,
    pub log: Log,
    pub shutdown: Shutdown,
}

impl Config {
    /// Reads the defaults, then `file` if one is given, then the `CONVENE__SECTION__KEY` variables of `environment`.
    ///
    /// # Errors
    /// The first thing that is wrong: an unreadable file, an unknown key, a value of the wrong form or out of range.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, Invalid> {
        let defaults = layers::defaults()?;
        let mut builder = config::Config::builder().add_source(defaults.clone());
        if let Some(path) = file {
            let layer = layers::file(path)?;
            known::check_file(&defaults, &layer, path)?;
            builder = builder.add_source(layer);
        }
        builder = builder.add_source(layers::environment(&defaults, environment)?);
        let config = Self::typed(builder)?;
        validate::check(&config)?;
        Ok(config)
    }

    fn typed(builder: config::ConfigBuilder<DefaultState>) -> Result<Self, Invalid> {
        let merged = builder.build().map_err(|error| Invalid::new(error.to_string()))?;
        merged.clone().try_deserialize().map_err(|error| layers::explain(&merged, error))
    }

    /// The database to use: `database.url`, or SQLite inside `data.dir` when that is empty.
    #[must_use]
    pub fn database_url(&self) -> DatabaseUrl {
        if !self.database.url.is_empty() {
            return self.database.url.normalized();
        }
        DatabaseUrl::sqlite(&self.data.dir.join("convene.db"))
    }

    /// The effective configuration as TOML, secrets redacted.
    #[must_use]
    pub fn redacted(&self) -> String {
        toml::to_string(self).expect("strings, numbers, flags and lists all have a form in TOML")
    }
}
