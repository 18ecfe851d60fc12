//! `convene migrate`: brings the schema up to date, as a start of the server would, and ends.
use crate::config::Config;

use super::{DONE, FAILED, Unusable, database, print};

/// Takes the pending steps and says how many there were. Returns the exit code.
///
/// # Errors
/// The database can't be used, or a step failed.
pub async fn migrate(config: &Config) -> Result<u8, Unusable> {
    let store = database::open(config).await?;
    let pending = database::pending(&store).await?;
    let done = database::bring_up_to_date(&store).await;
    database::close(store).await?;
    done?;
    let told =
        print(&format!("database {}: {pending} steps taken, the schema is current\n", config.database_url()));
    Ok(if told { DONE } else { FAILED })
}
