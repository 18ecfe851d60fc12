//! The faces of other systems: made as the configuration says, in the order in which they are asked.
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::actors::Engine;
use crate::config::{self, Config};
use crate::http::Face;
use crate::http::animo::socket::{Joins, Sockets, credential};
use crate::http::animo::{self, Animo, CheckHost};
use crate::http::folder::{Folder, Unknown};
use crate::http::meet::{self, Guests, Tell};
use crate::http::origin::Origins;
use crate::http::raw::Clients;
use crate::http::socketio::Wire;
use crate::seal::random_bytes;
use crate::service::accounts::Accounts;
use crate::service::rooms::Rooms;
use crate::telemetry::Metrics;

use super::StartError;

/// All that are enabled.
pub(super) fn all(
    config: &Config,
    rooms: &Rooms,
    accounts: &Accounts,
    origins: &Arc<Origins>,
    metrics: &Metrics,
) -> Result<(Vec<Face>, Clients), StartError> {
    let mut faces = Vec::new();
    let mut clients = Clients::default();
    if config.dialects.meet.enabled {
        let parts = meet::Parts {
            accounts: accounts.clone(),
            rooms: rooms.clone(),
            origins: origins.clone(),
            metrics: metrics.clone(),
            settings: meet_settings(&config.dialects.meet),
            pages: folder("dialects.meet.static_dir", &config.dialects.meet.static_dir, Unknown::Nothing)?,
        };
        clients.meet = Some(meet::Relay::of(&parts).open());
        faces.push(meet::routes(parts));
    }
    let animo = &config.dialects.animo;
    if animo.enabled {
        faces.push(animo::routes(Animo {
            accounts: accounts.clone(),
            rooms: rooms.clone(),
            origins: origins.clone(),
            metrics: metrics.clone(),
            settings: animo::Settings {
                expire_days: animo.expire_days.get(),
                check_host: if animo.open_check_host { CheckHost::Everybody } else { CheckHost::Themselves },
            },
        }));
        if let Some(folder) = folder("dialects.animo.static_dir", &animo.static_dir, Unknown::Index)? {
            faces.push(animo::pages::routes(folder));
        }
    }
    Ok((faces, clients))
}

/// The port of Meet's own, if there is to be one.
pub(super) async fn own_port(config: &Config) -> Result<Option<TcpListener>, StartError> {
    let Some(address) = config.dialects.meet.bind.filter(|_| config.dialects.meet.enabled) else {
        return Ok(None);
    };
    let bound = TcpListener::bind(address).await;
    bound.map(Some).map_err(|error| StartError::ListenBeside { address, error })
}

fn meet_settings(meet: &config::Meet) -> meet::Settings {
    let tell = |is_told| if is_told { Tell::Told } else { Tell::Hidden };
    let hours = i64::try_from(meet.open_hours.get()).unwrap_or(i64::MAX);
    meet::Settings {
        unknown_email: tell(meet.tell_unknown_email),
        known_email: tell(meet.tell_known_email),
        guests: if meet.require_session {
            Guests::None
        } else {
            Guests::Young(hours.saturating_mul(3_600_000))
        },
    }
}

/// The wire of those that speak Socket.IO, if one does.
pub(super) fn socketio(
    config: &Config,
    engine: &Engine,
    rooms: &Rooms,
    accounts: &Accounts,
    origins: &Arc<Origins>,
) -> Option<Wire> {
    let animo = &config.dialects.animo;
    if !animo.enabled {
        return None;
    }
    let sockets = Sockets {
        engine: engine.clone(),
        accounts: accounts.clone(),
        joins: if animo.synthetic_joins { Joins::Everybody } else { Joins::Own },
    };
    let rooms = rooms.clone();
    let may_come = Arc::new(move |from| rooms.limits().request(from));
    Some(Wire::new(sockets, origins.clone(), random_bytes(), credential, may_come))
}

/// A folder of the operator's pages; none if the key is empty.
fn folder(key: &'static str, path: &Path, unknown: Unknown) -> Result<Option<Folder>, StartError> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    let opened = Folder::open(path, unknown);
    opened.map(Some).map_err(|error| StartError::Folder { key, folder: path.display().to_string(), error })
}
