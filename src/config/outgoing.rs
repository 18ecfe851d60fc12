//! The sections about what leaves the server for people: who writes, mail, text messages; and the rules between their keys.
use std::net::IpAddr;
use std::path::PathBuf;

use email_address::EmailAddress;
use serde::{Deserialize, Serialize};
use url::Url;

use super::validate::wrong;
use super::values::{Secret, Within};
use super::{Config, Invalid};

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    pub name: String,
    pub address: String,
}

/// Where mails go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailMode {
    File,
    Smtp,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    Auto,
    StartTls,
    Tls,
    Plain,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub mode: MailMode,
    /// Empty when it is inside `data.dir`.
    pub dir: PathBuf,
    pub host: String,
    /// 0 when the usual one is meant.
    pub port: Within<0, 65_535>,
    pub security: MailSecurity,
    pub user: String,
    pub password: Secret,
    /// Empty when it is made of `http.public_url`.
    pub from: String,
    /// Empty when it is `operator.name`.
    pub from_name: String,
    pub ca_file: PathBuf,
    pub timeout_seconds: Within<1, 300>,
    pub connections: Within<1, 32>,
}

/// Where text messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SmsMode {
    File,
    Http,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    pub mode: SmsMode,
    /// Empty when it is inside `data.dir`.
    pub dir: PathBuf,
    /// Hidden when shown: gateways like to have keys in it.
    pub url: Secret,
    pub secret: Secret,
    pub headers: Vec<Secret>,
    pub ca_file: PathBuf,
    pub connections: Within<1, 32>,
}

impl Sms {
    /// `url` as an address of the web, if it is one.
    #[must_use]
    pub fn address(&self) -> Option<Url> {
        Url::parse(self.url.expose()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
    }
}

pub(super) fn check(config: &Config) -> Result<(), Invalid> {
    if config.operator.name.trim().is_empty() {
        return wrong("operator.name", "must not be empty");
    }
    one_line("operator.name", &config.operator.name, 64)?;
    one_line("operator.address", &config.operator.address, 200)?;
    mail(&config.mail)?;
    sms(&config.sms)
}

fn one_line(key: &str, text: &str, most: usize) -> Result<(), Invalid> {
    if text.chars().count() > most {
        return wrong(key, format!("is longer than {most} characters"));
    }
    if text.contains(char::is_control) {
        return wrong(key, "must be one line without control characters");
    }
    Ok(())
}

fn mail(mail: &Mail) -> Result<(), Invalid> {
    one_line("mail.from_name", &mail.from_name, 64)?;
    if !mail.from.is_empty() && !EmailAddress::is_valid(&mail.from) {
        return wrong("mail.from", format!("{:?} is no e-mail address", mail.from));
    }
    if mail.host.contains(|c: char| c.is_whitespace() || c.is_control() || c == '/') {
        return wrong("mail.host", format!("{:?} is no host", mail.host));
    }
    if mail.mode == MailMode::Smtp && mail.host.is_empty() {
        return wrong("mail.host", "is needed when mail.mode is smtp");
    }
    match (mail.user.is_empty(), mail.password.is_empty()) {
        (false, true) => return wrong("mail.password", "is needed when mail.user is set"),
        (true, false) => return wrong("mail.user", "is needed when mail.password is set"),
        (false, false) | (true, true) => {}
    }
    let in_clear = mail.security == MailSecurity::Plain && !mail.user.is_empty();
    if in_clear && !mail.is_local() {
        return wrong("mail.security", "plain sends mail.password in clear: only to a host on this machine");
    }
    Ok(())
}

impl Mail {
    /// Whether the mail server runs on this machine, so that nothing said to it crosses a network.
    #[must_use]
    pub fn is_local(&self) -> bool {
        is_this_machine(&self.host)
    }
}

fn is_this_machine(host: &str) -> bool {
    let number = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || number.is_ok_and(|ip| ip.is_loopback())
}

fn sms(sms: &Sms) -> Result<(), Invalid> {
    if sms.headers.iter().any(|header| !header.expose().contains(':')) {
        return wrong("sms.headers", "each must be \"Name: value\"");
    }
    if !sms.url.is_empty() && sms.address().is_none() {
        return wrong("sms.url", "must begin with https:// or http:// and name a host");
    }
    if sms.mode == SmsMode::File {
        return Ok(());
    }
    if sms.url.is_empty() {
        return wrong("sms.url", "is needed when sms.mode is http");
    }
    if sms.secret.expose().chars().count() < 16 {
        return wrong("sms.secret", "needs at least 16 characters when sms.mode is http");
    }
    Ok(())
}
