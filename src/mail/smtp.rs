//! SMTP: a pool of connections to one mail server, and what its answers mean for a mail.
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::post::Failure;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// How long an unused connection is kept.
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

pub(super) struct Smtp {
    builder: AsyncSmtpTransportBuilder,
    /// Replaced when a mail was cut by the time limit: its connection is then in the middle of something, and lettre
    /// would hand it out again.
    transport: Mutex<Transport>,
    time_limit: Duration,
}

impl Smtp {
    pub(super) fn new(settings: Settings) -> Result<Self, NotUsable> {
        let tls = match settings.security {
            Security::StartTls => Tls::Required(parameters(&settings)?),
            Security::Tls => Tls::Wrapper(parameters(&settings)?),
            Security::Plain => Tls::None,
        };
        let pool = PoolConfig::new().max_size(settings.connections).idle_timeout(IDLE);
        let mut builder = Transport::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .hello_name(ClientId::Domain(settings.hello))
            .timeout(Some(settings.time_limit))
            .pool_config(pool);
        if let Some((user, password)) = settings.login {
            builder = builder.credentials(Credentials::new(user, password));
        }
        let transport = Mutex::new(builder.clone().build());
        Ok(Self { builder, transport, time_limit: settings.time_limit })
    }

    pub(super) async fn send(&self, message: Message) -> Result<(), Failure> {
        let transport = self.transport.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match tokio::time::timeout(self.time_limit, transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(judge(&error)),
            Err(_) => {
                let fresh = self.builder.clone().build();
                *self.transport.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
                Err(Failure::Later(format!("smtp: no answer within {} s", self.time_limit.as_secs())))
            }
        }
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
