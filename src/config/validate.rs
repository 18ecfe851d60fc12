//! What a type alone can't say: rules between keys, and texts that are read elsewhere. One line each, naming the key.
use url::Url;

use super::{Config, IcePolicy, Invalid};

pub(super) fn check(config: &Config) -> Result<(), Invalid> {
    database(config)?;
    keys(config)?;
    rooms(config)?;
    ice(config)?;
    super::dialects::check(&config.dialects)?;
    super::outgoing::check(config)
}

pub(super) fn wrong(key: &str, reason: impl std::fmt::Display) -> Result<(), Invalid> {
    Err(Invalid::new(format!("{key}: {reason}")))
}

fn database(config: &Config) -> Result<(), Invalid> {
    let url = &config.database.url;
    if url.is_empty() {
        return Ok(());
    }
    match url.scheme() {
        Some("sqlite") if url.expose().contains(":memory:") || url.expose().contains("mode=memory") => wrong(
            "database.url",
            "sqlite needs a file, such as sqlite://data/convene.db: what is in memory dies with the server",
        ),
        Some("sqlite" | "postgres" | "postgresql" | "mysql" | "mariadb") => place(url.expose()),
        _ => wrong("database.url", "must begin with sqlite://, postgres://, mysql:// or mariadb://"),
    }
}

/// The drivers take only what parses as a URL with something behind its scheme.
fn place(url: &str) -> Result<(), Invalid> {
    match url.split_once("://") {
        None | Some((_, "")) => wrong("database.url", "the scheme must be followed by :// and a place"),
        Some((scheme, _)) => match Url::parse(url) {
            // without a name MySQL connects, and then knows no table
            Ok(url) if matches!(scheme, "mysql" | "mariadb") && url.path().len() < 2 => {
                wrong("database.url", "must name a database, as in mysql://host/convene")
            }
            Ok(_) => Ok(()),
            Err(error) => wrong(
                "database.url",
                format!("{error} (in a password, write what is special in a URL as %40 for @, %2F for /)"),
            ),
        },
    }
}

fn keys(config: &Config) -> Result<(), Invalid> {
    if config.data.dir.as_os_str().is_empty() {
        return wrong("data.dir", "must name a folder");
    }
    let secret = &config.auth.secret;
    if !secret.is_empty() && secret.master_key().is_none() {
        return wrong("auth.secret", "must be 32 bytes, as 64 hex digits or as base64");
    }
    Ok(())
}

fn rooms(config: &Config) -> Result<(), Invalid> {
    let (capacity, most) = (config.rooms.capacity.get(), config.rooms.capacity_max.get());
    if capacity > most {
        return wrong("rooms.capacity", format!("{capacity} is more than rooms.capacity_max, {most}"));
    }
    Ok(())
}

fn ice(config: &Config) -> Result<(), Invalid> {
    let ice = &config.ice;
    servers("ice.stun_urls", &ice.stun_urls, ["stun:", "stuns:"])?;
    servers("ice.turn_urls", &ice.turn_urls, ["turn:", "turns:"])?;
    if !ice.turn_urls.is_empty() && ice.turn_secret.is_empty() {
        return wrong("ice.turn_secret", "is needed when ice.turn_urls is set");
    }
    if ice.policy == IcePolicy::Relay && ice.turn_urls.is_empty() {
        return wrong("ice.policy", "relay needs a server in ice.turn_urls");
    }
    Ok(())
}

fn servers(key: &str, urls: &[String], schemes: [&str; 2]) -> Result<(), Invalid> {
    let good =
        |url: &String| schemes.iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
    match urls.iter().find(|url| !good(url) || url.contains(char::is_whitespace)) {
        Some(url) => {
            wrong(key, format!("{url:?} does not begin with {} or {} and a host", schemes[0], schemes[1]))
        }
        None => Ok(()),
    }
}
