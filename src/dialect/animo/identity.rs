//! Who a connection is: an account keeps its own username, everybody else says one.
use super::names::{GUEST, seen};
use std::sync::Arc;

/// What the handshake showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    Guest,
    Account { username: Arc<str>, name: Arc<str> },
}

impl Identity {
    /// The name of the account, for one who says none.
    pub(super) fn name(&self) -> Option<Arc<str>> {
        match self {
            Self::Guest => None,
            Self::Account { name, .. } => Some(name.clone()),
        }
    }

    /// The username to be shown. Whether a guest's is a registered one's is for the face to see.
    pub(super) fn handle(&self, said: Option<Arc<str>>, name: &str) -> Arc<str> {
        match self {
            Self::Account { username, .. } => username.clone(),
            Self::Guest => said.unwrap_or_else(|| guest(name)),
        }
    }
}

/// The username of a guest of whom only a name is known.
fn guest(name: &str) -> Arc<str> {
    let name = seen(name);
    format!("{}{GUEST}", name.as_deref().unwrap_or("Guest")).into()
}
