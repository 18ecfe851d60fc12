//! Mail: to a server over SMTP, into a folder as files, or into memory for tests; one mail, one receiver.
mod compose;
mod smtp;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use lettre::message::Mailbox;

pub use compose::{NotASender, sender};
pub use smtp::{NotUsable, Security, Settings as SmtpSettings};

use crate::post::{Failure, Handed, Letter, folder};

/// The way out for mail. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Smtp(Arc<smtp::Smtp>),
    File(PathBuf),
    Memory(Memory),
}

/// Mails that were kept instead of sent.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<Letter>>>);

impl Memory {
    /// All mails so far, the oldest first.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Mailer {
    /// Through a mail server.
    ///
    /// # Errors
    /// A certificate that can't be read, in one line.
    pub fn smtp(from: Mailbox, settings: SmtpSettings) -> Result<Self, NotUsable> {
        Ok(Self { from, way: Way::Smtp(Arc::new(smtp::Smtp::new(settings)?)) })
    }

    /// One `.eml` for each mail in this folder, which is made when it is needed.
    #[must_use]
    pub fn file(from: Mailbox, folder: PathBuf) -> Self {
        Self { from, way: Way::File(folder) }
    }

    /// Into memory.
    #[must_use]
    pub fn memory(from: Mailbox) -> (Self, Memory) {
        let memory = Memory::default();
        (Self { from, way: Way::Memory(memory.clone()) }, memory)
    }

    /// Hands a mail over. Takes at most the time limit of the settings; may be repeated with the same letter, whose
    /// Message-ID stays the same.
    ///
    /// # Errors
    /// Why it was not handed over, and whether trying again makes sense.
    pub async fn send(&self, letter: &Letter) -> Result<Handed, Failure> {
        let message = compose::compose(&self.from, letter, SystemTime::now())?;
        match &self.way {
            Way::Smtp(smtp) => smtp.send(message).await.map(|()| Handed::Over),
            Way::File(path) => {
                let name = format!("{}.eml", letter.id);
                folder::drop_into(path.clone(), name, message.formatted()).await.map(Handed::To)
            }
            Way::Memory(Memory(letters)) => {
                letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
                Ok(Handed::Over)
            }
        }
    }
}
