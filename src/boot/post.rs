//! The ways out for mails and text messages, from the configuration.
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use url::{Host, Url};

use crate::config::{Config, MailMode, MailSecurity, SmsMode};
use crate::jobs::Outgoing;
use crate::mail::{self, Mailer, Security, SmtpSettings};
use crate::post::Writer;
use crate::sms::{self, GatewaySettings, Texter};

/// Why mails or text messages can't go out: one line that names the key. Never contains a secret.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("{key}: {} can't be read: {why}", path.display())]
    File { key: &'static str, path: PathBuf, why: std::io::Error },
    #[error("mail.from: {0}")]
    Sender(#[from] mail::NotASender),
    #[error("mail: {0}")]
    Mail(#[from] mail::NotUsable),
    #[error("sms: {0}")]
    Sms(#[from] sms::NotUsable),
}

/// `bound` is where the server really listens: links lead there when `http.public_url` is empty.
pub(super) fn outgoing(config: &Config, bound: SocketAddr) -> Result<Outgoing, PostError> {
    let base = base(config, bound);
    let real = config.mail.mode == MailMode::Smtp || config.sms.mode == SmsMode::Http;
    if real && config.http.public_url.is_none() {
        tracing::warn!(
            links = base,
            "http.public_url is empty: links in messages lead to where this server listens"
        );
    }
    let time_limit = config.mail.timeout_seconds.seconds().max(sms::TIME_LIMIT);
    Ok(Outgoing {
        mailer: mailer(config, &base)?,
        texter: texter(config)?,
        writer: Writer {
            operator: config.operator.name.clone(),
            address: config.operator.address.clone(),
            base,
        },
        mails: config.mail.connections.usize(),
        texts: config.sms.connections.usize(),
        time_limit,
    })
}

/// What links begin with: never taken from a request.
fn base(config: &Config, bound: SocketAddr) -> String {
    match &config.http.public_url {
        Some(url) => url.as_str().to_owned(),
        None if bound.ip().is_unspecified() => format!("http://localhost:{}", bound.port()),
        None => format!("http://{bound}"),
    }
}

fn mailer(config: &Config, base: &str) -> Result<Mailer, PostError> {
    let host = host_name(base);
    let mail = &config.mail;
    let address = match mail.from.as_str() {
        "" => format!("no-reply@{host}"),
        from => from.to_owned(),
    };
    let name = if mail.from_name.is_empty() { &config.operator.name } else { &mail.from_name };
    let from = mail::sender(name, &address)?;
    match mail.mode {
        MailMode::File => Ok(Mailer::file(from, folder(config, &mail.dir, "mail"))),
        MailMode::Smtp => Ok(Mailer::smtp(from, smtp(config, host)?)?),
    }
}

fn smtp(config: &Config, hello: String) -> Result<SmtpSettings, PostError> {
    let mail = &config.mail;
    let (security, usual) = match mail.security {
        MailSecurity::Auto if mail.port.get() == 465 => (Security::Tls, 465),
        MailSecurity::Auto if mail.is_local() => (Security::Plain, 25),
        MailSecurity::Auto | MailSecurity::StartTls => (Security::StartTls, 587),
        MailSecurity::Tls => (Security::Tls, 465),
        MailSecurity::Plain => (Security::Plain, 25),
    };
    let port = u16::try_from(mail.port.get()).ok().filter(|port| *port != 0).unwrap_or(usual);
    let login = (!mail.user.is_empty()).then(|| (mail.user.clone(), mail.password.expose().to_owned()));
    Ok(SmtpSettings {
        host: mail.host.clone(),
        port,
        security,
        login,
        extra_ca: certificates("mail.ca_file", &mail.ca_file)?,
        hello,
        time_limit: mail.timeout_seconds.seconds(),
        connections: mail.connections.u32(),
    })
}

fn texter(config: &Config) -> Result<Texter, PostError> {
    let sms = &config.sms;
    let url = match (sms.mode, sms.address()) {
        (SmsMode::Http, Some(url)) => url,
        (SmsMode::File, _) | (SmsMode::Http, None) => {
            return Ok(Texter::File(folder(config, &sms.dir, "sms")));
        }
    };
    let headers = sms.headers.iter().filter_map(|header| header.expose().split_once(':'));
    let headers = headers.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect();
    let extra_ca = certificates("sms.ca_file", &sms.ca_file)?;
    Ok(Texter::gateway(GatewaySettings { url, secret: sms.secret.expose().to_owned(), headers, extra_ca })?)
}

/// The folder that is set, or one of this name inside `data.dir`.
fn folder(config: &Config, set: &Path, name: &str) -> PathBuf {
    if set.as_os_str().is_empty() { config.data.dir.join(name) } else { set.to_owned() }
}

fn certificates(key: &'static str, path: &Path) -> Result<Option<Vec<u8>>, PostError> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    fs::read(path).map(Some).map_err(|why| PostError::File { key, path: path.to_owned(), why })
}

/// The host of a URL, if it has a name; `localhost` if it has a number only.
fn host_name(base: &str) -> String {
    match Url::parse(base).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => "localhost".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_protected_unless_its_server_is_this_machine() {
        let auto = |host: &str, port: &str| {
            let keys = [("MODE", "smtp"), ("HOST", host), ("PORT", port)];
            let env = keys.map(|(key, value)| (format!("CONVENE__MAIL__{key}").into(), value.into()));
            let config = Config::load(None, env).expect("two keys are enough");
            let settings = smtp(&config, "meet.example".to_owned()).expect("no file is needed");
            (settings.security, settings.port)
        };
        assert_eq!(auto("mail.example", "0"), (Security::StartTls, 587));
        assert_eq!(auto("mail.example", "25"), (Security::StartTls, 25));
        assert_eq!(auto("mail.example", "465"), (Security::Tls, 465));
        assert_eq!(auto("192.0.2.1", "0"), (Security::StartTls, 587));
        assert_eq!(auto("localhost.example", "0"), (Security::StartTls, 587));
        for local in ["localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]"] {
            assert_eq!(auto(local, "0"), (Security::Plain, 25), "{local}");
        }
        assert_eq!(auto("127.0.0.1", "465"), (Security::Tls, 465));
    }
}
