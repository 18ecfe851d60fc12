//! A letter as a message by RFC 5322: one receiver, text and HTML, and headers that no content can add to.
use std::time::SystemTime;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use crate::post::{Failure, Letter};

/// Says that a machine wrote it, so that no machine answers (RFC 3834, and the one that Exchange listens to).
const AUTOMATIC: [(&str, &str); 2] =
    [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")];

/// A name or address that no mail can come from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no mail can come from {0:?}")]
pub struct NotASender(String);

/// The sender of all mails.
///
/// # Errors
/// What is no address, and names that are more than one line.
pub fn sender(name: &str, address: &str) -> Result<Mailbox, NotASender> {
    if name.contains(char::is_control) {
        return Err(NotASender(name.to_owned()));
    }
    let wrong = |_| NotASender(address.to_owned());
    Ok(Mailbox::new(Some(name.to_owned()), address.parse::<Address>().map_err(wrong)?))
}

/// `letter.to` is parsed as exactly one address: lists, names and line breaks don't pass.
pub(super) fn compose(from: &Mailbox, letter: &Letter, now: SystemTime) -> Result<Message, Failure> {
    let to = letter.to.reveal();
    let to: Address = to.parse().map_err(|_| Failure::Never("the receiver is no address".to_owned()))?;
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(letter.subject.as_str())
        .date(now)
        .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())));
    for (name, value) in AUTOMATIC {
        message =
            message.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()));
    }
    let (text, html) = (letter.text.reveal().to_owned(), letter.html.reveal().to_owned());
    message
        .multipart(MultiPart::alternative_plain_html(text, html))
        .map_err(|error| Failure::Never(format!("it can't be written as a mail: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::{Hidden, PostId};

    fn letter(to: &str, subject: &str) -> Letter {
        let (text, html) = (Hidden::new("Enter 123456"), Hidden::new("<p>Enter 123456</p>"));
        let id = PostId(uuid::Uuid::from_u128(7));
        Letter { id, to: Hidden::new(to), subject: subject.to_owned(), text, html }
    }

    fn formatted(letter: &Letter) -> String {
        let from = sender("Café \"Meet\", Ltd. <all@example.org>", "no-reply@meet.example").unwrap();
        let message = compose(&from, letter, SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(message.envelope().to().len(), 1);
        String::from_utf8(message.formatted()).unwrap()
    }

    #[test]
    fn the_headers_are_these_and_no_content_adds_one() {
        let mail = formatted(&letter("ana@example.org", "Code\r\nBcc: eve@example.org\r\n\r\nHello"));
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> = head
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split_once(':').unwrap().0)
            .collect();
        let expected = [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
            "MIME-Version",
            "Content-Type",
        ];
        assert_eq!(names, expected, "{head}");
        assert!(head.contains("\r\nTo: ana@example.org\r\n"), "{head}");
        assert!(head.contains("Message-ID: <00000000000000000000000000000007@meet.example>"), "{head}");
        assert!(head.contains("Date: Thu, 01 Jan 1970 00:00:00 +0000"), "{head}");
    }

    #[test]
    fn only_one_plain_address_is_a_receiver() {
        let from = sender("Convene", "no-reply@meet.example").unwrap();
        for to in [
            "a@example.org, b@example.org",
            "a@example.org;b@example.org",
            "a@example.org\r\nBcc: b@example.org",
            "a@example.org\nb@example.org",
            "Ana <a@example.org>",
            "a@example.org\0",
            "a b@example.org",
            "@example.org",
            "",
        ] {
            let refused = compose(&from, &letter(to, "x"), SystemTime::UNIX_EPOCH);
            assert!(matches!(refused, Err(Failure::Never(_))), "{to:?}");
        }
    }

    #[test]
    fn a_sender_is_an_address() {
        assert!(sender("Convene", "not an address").is_err());
        assert!(sender("Convene\r\nBcc: all@example.org", "no-reply@meet.example").is_err());
    }
}
