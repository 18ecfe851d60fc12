//! SMTP: connections to one mail server, kept for a while, and what its answers mean for a mail.
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::{Instant, timeout};

use crate::post::Failure;

/// How long after its last mail a connection is used again.
const IDLE: Duration = Duration::from_secs(30);

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Begins in clear and must change to TLS before anything is said.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None, for a relay on this machine.
    Plain,
}

/// One mail server.
#[derive(Clone)]
pub struct Settings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// User and password, if the server wants them.
    pub login: Option<(String, String)>,
    /// Certificates (PEM) to be trusted beside the known ones.
    pub extra_ca: Option<Vec<u8>>,
    /// What this server calls itself.
    pub hello: String,
    /// For a whole mail, from the connection to the server's last word.
    pub time_limit: Duration,
    /// Connections kept open.
    pub connections: u32,
}

/// Settings that no connection can be made with.
#[derive(Debug, thiserror::Error)]
#[error("mail can't be sent over SMTP: {0}")]
pub struct NotUsable(String);

/// The pool is our own: lettre's takes a connection back that was cut by a time limit in the middle of a mail, and waits
/// without limit for a stalled server's goodbye. Here a connection belongs to the try that uses it, and falls with it.
pub(super) struct Smtp {
    settings: Settings,
    tls: Option<TlsParameters>,
    hello: ClientId,
    login: Option<Credentials>,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
}

impl Smtp {
    pub(super) fn new(mut settings: Settings) -> Result<Self, NotUsable> {
        let tls = match settings.security {
            Security::StartTls | Security::Tls => Some(parameters(&settings)?),
            Security::Plain => None,
        };
        let login = settings.login.take().map(|(user, password)| Credentials::new(user, password));
        let hello = ClientId::Domain(settings.hello.clone());
        Ok(Self { settings, tls, hello, login, idle: Mutex::default() })
    }

    pub(super) async fn send(&self, message: Message) -> Result<(), Failure> {
        let limit = self.settings.time_limit;
        match timeout(limit, self.deliver(message)).await {
            Ok(done) => done.map_err(|error| judge(&error)),
            Err(_) => Err(Failure::Later(format!("smtp: no answer within {} s", limit.as_secs()))),
        }
    }

    async fn deliver(&self, message: Message) -> Result<(), Error> {
        let mut connection = self.connection().await?;
        connection.send(message.envelope(), &message.formatted()).await?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.settings.connections as usize {
            idle.push(Idle { connection, since: Instant::now() });
        }
        Ok(())
    }

    /// One that still answers, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, Error> {
        while let Some(mut connection) = self.parked() {
            if connection.test_connected().await {
                return Ok(connection);
            }
        }
        self.connect().await
    }

    fn parked(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|idle| idle.since.elapsed() < IDLE);
        idle.pop().map(|idle| idle.connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let settings = &self.settings;
        let at_once = self.tls.clone().filter(|_| settings.security == Security::Tls);
        let place = (settings.host.as_str(), settings.port);
        let limit = Some(settings.time_limit);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(place, limit, &self.hello, at_once, None).await?;
        if let Some(tls) = self.tls.clone().filter(|_| settings.security == Security::StartTls) {
            connection.starttls(tls, &self.hello).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(DEFAULT_MECHANISMS, login).await?;
        }
        Ok(connection)
    }
}

fn parameters(settings: &Settings) -> Result<TlsParameters, NotUsable> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.extra_ca {
        let certificate = Certificate::from_pem(pem).map_err(|error| NotUsable(error.to_string()))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(|error| NotUsable(error.to_string()))
}

/// A server's answer is told by its code alone: the text behind it often repeats the receiver's address.
fn judge(error: &Error) -> Failure {
    let Some(code) = error.status().map(u16::from) else {
        let why =
            if error.is_response() { "an answer that can't be read".to_owned() } else { error.to_string() };
        return Failure::Later(format!("smtp: {why}"));
    };
    let why = format!("smtp: {code}");
    if refuses_the_mail(code) { Failure::Never(why) } else { Failure::Later(why) }
}

/// Which codes are about this mail or its receiver, for good (RFC 5321, 4.2.2 and 4.2.3). The other 5xx are about the
/// login, the encryption or the dialogue: the operator can mend that, and nothing is lost until then.
fn refuses_the_mail(code: u16) -> bool {
    matches!(code, 550..=559)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_the_mail_is_for_good_and_what_is_about_us_is_not() {
        assert!([550, 551, 552, 553, 554, 556].into_iter().all(refuses_the_mail));
        assert!(![421, 450, 451, 452, 500, 503, 521, 530, 534, 535].into_iter().any(refuses_the_mail));
    }
}
