//! Text messages: to a gateway by HTTP, into a folder as files, or into memory for tests.
mod gateway;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

pub use gateway::{NotUsable, Settings as GatewaySettings, TIME_LIMIT};

use crate::post::{Failure, Handed, Line, folder};

/// The way out for text messages. Cheap to clone.
#[derive(Clone)]
pub enum Texter {
    Gateway(Arc<gateway::Gateway>),
    File(PathBuf),
    Memory(Memory),
}

/// Text messages that were kept instead of sent.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<Line>>>);

impl Memory {
    /// All of them so far, the oldest first.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Texter {
    /// Through a gateway.
    ///
    /// # Errors
    /// An address, header or certificate that can't be used, in one line.
    pub fn gateway(settings: GatewaySettings) -> Result<Self, NotUsable> {
        gateway::Gateway::new(settings).map(|gateway| Self::Gateway(Arc::new(gateway)))
    }

    /// Hands a text message over; may be repeated with the same one, whose id stays the same.
    ///
    /// # Errors
    /// Why it was not handed over, and whether trying again makes sense.
    pub async fn send(&self, line: &Line) -> Result<Handed, Failure> {
        match self {
            Self::Gateway(gateway) => gateway.send(line).await.map(|()| Handed::Over),
            Self::File(path) => {
                let content = format!("To: {}\n\n{}\n", line.to.reveal(), line.text.reveal());
                let name = format!("{}.txt", line.id);
                folder::drop_into(path.clone(), name, content.into_bytes()).await.map(Handed::To)
            }
            Self::Memory(Memory(lines)) => {
                lines.lock().unwrap_or_else(PoisonError::into_inner).push(line.clone());
                Ok(Handed::Over)
            }
        }
    }
}
