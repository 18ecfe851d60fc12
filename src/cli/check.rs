//! `convene check`: what is in force, and whether the database and its schema are ready. Changes nothing.
use std::path::Path;

use crate::config::Config;

use super::{DONE, FAILED, Unusable, database, print};

/// Prints the effective configuration, then the state of the database. Returns the exit code.
///
/// # Errors
/// The database can't be used.
pub async fn check(config: &Config) -> Result<u8, Unusable> {
    if !print(&format!("{}\n", config.redacted())) {
        return Ok(FAILED);
    }
    let state = match database::missing_file(config) {
        Some(file) => first_start(&file),
        None => schema(config).await?,
    };
    let told = print(&format!("database {}: {state}\n", config.database_url()));
    Ok(if told { DONE } else { FAILED })
}

fn first_start(file: &Path) -> String {
    format!("{} is not there yet, the first start makes it", file.display())
}

async fn schema(config: &Config) -> Result<String, Unusable> {
    let store = database::open(config).await?;
    let pending = database::pending(&store).await;
    database::close(store).await?;
    Ok(match pending? {
        0 => "reached, the schema is current".to_owned(),
        steps => {
            format!("reached, the schema lacks {steps} steps: the next start, or convene migrate, takes them")
        }
    })
}
