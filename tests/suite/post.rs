//! Mails and text messages on their whole way: from the outbox of a running server to a mail server, a gateway, a file.
#[path = "post/beside.rs"]
mod beside;
#[path = "post/certificate.rs"]
mod certificate;
#[path = "post/files.rs"]
mod files;
#[path = "post/gateway.rs"]
mod gateway;
#[path = "post/sender.rs"]
mod sender;
#[path = "post/smtp.rs"]
mod smtp;
#[path = "post/texts.rs"]
mod texts;
