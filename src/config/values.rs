//! Values with a meaning of their own: bounded numbers, networks and origins; the secret ones are in `values/secret.rs`.
mod secret;

use std::{fmt, net::SocketAddr, time::Duration};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize, de, de::IntoDeserializer};
use url::Url;

pub use secret::{DatabaseUrl, MasterKey, Secret};

/// A whole number from `MIN` to `MAX`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Within<const MIN: u64, const MAX: u64>(u64);

impl<const MIN: u64, const MAX: u64> Within<MIN, MAX> {
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }

    #[must_use]
    pub fn u32(self) -> u32 {
        u32::try_from(self.0).unwrap_or(u32::MAX)
    }

    #[must_use]
    pub fn usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// The number as seconds, for keys that end in `_seconds`.
    #[must_use]
    pub fn seconds(self) -> Duration {
        Duration::from_secs(self.0)
    }
}

struct WholeNumber<const MIN: u64, const MAX: u64>;

impl<const MIN: u64, const MAX: u64> de::Visitor<'_> for WholeNumber<MIN, MAX> {
    type Value = Within<MIN, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {MIN} to {MAX}")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        if (MIN..=MAX).contains(&number) {
            return Ok(Within(number));
        }
        Err(E::custom(format!("{number} is not a whole number from {MIN} to {MAX}")))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::custom(format!("{number} is not a whole number from {MIN} to {MAX}"))),
        }
    }

    /// Values from the environment are text.
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text.trim().parse() {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::custom(format!("{text:?} is not a whole number from {MIN} to {MAX}"))),
        }
    }
}

impl<'de, const MIN: u64, const MAX: u64> Deserialize<'de> for Within<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(WholeNumber)
    }
}

/// A network in CIDR form, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Network(IpNet);

impl Network {
    #[must_use]
    pub fn net(self) -> IpNet {
        self.0
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let net = text.parse::<IpNet>().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from));
        net.map(Self)
            .map_err(|_| de::Error::custom(format!("{text:?} is not a network such as 10.0.0.0/8 or ::1")))
    }
}

/// A web origin in the form browsers send: lower-case `http` or `https`, a host, a port unless it is the scheme's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Origin(String);

impl Origin {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let web = matches!(url.scheme(), "http" | "https");
        let nobody = url.username().is_empty() && url.password().is_none();
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        (web && nobody && bare).then(|| Self(url.origin().ascii_serialization()))
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format!("{text:?} is not an origin such as https://meet.example.org"))
        })
    }
}

/// An origin that may be left empty.
pub(super) mod maybe_origin {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::Origin;

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Origin>, D::Error> {
        let text = String::deserialize(from)?;
        if text.trim().is_empty() {
            return Ok(None);
        }
        let wrong =
            || de::Error::custom(format!("{text:?} is not an origin such as https://meet.example.org"));
        Origin::parse(&text).map(Some).ok_or_else(wrong)
    }

    #[expect(clippy::ref_option, reason = "serde decides the signature")]
    pub(in super::super) fn serialize<S: Serializer>(
        origin: &Option<Origin>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(origin.as_ref().map_or("", Origin::as_str))
    }
}

pub(super) fn address<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(|_| {
        de::Error::custom(format!("{text:?} is not an address such as 127.0.0.1:8080 or [::]:8080"))
    })
}

/// An address that may be left empty.
pub(super) mod maybe_address {
    use serde::de::value::StringDeserializer;
    use serde::{Deserialize, Deserializer, Serializer, de::IntoDeserializer};
    use std::net::SocketAddr;

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<SocketAddr>, D::Error> {
        let text = String::deserialize(from)?;
        if text.trim().is_empty() {
            return Ok(None);
        }
        let text: StringDeserializer<D::Error> = text.into_deserializer();
        super::address(text).map(Some)
    }

    #[expect(clippy::ref_option, reason = "serde decides the signature")]
    pub(in super::super) fn serialize<S: Serializer>(
        address: &Option<SocketAddr>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&address.map(|address| address.to_string()).unwrap_or_default())
    }
}

/// A word out of a few, which the refusal lists.
pub(super) fn one_of<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    T::deserialize(text.clone().into_deserializer()).map_err(|error: de::value::Error| {
        let reason = error.to_string();
        let words = reason.rsplit("expected ").next().unwrap_or_default();
        de::Error::custom(format!("{text:?} is not {}", words.replace('`', "")))
    })
}

#[cfg(test)]
mod tests {
    use super::Origin;

    fn origin(text: &str) -> Option<String> {
        Origin::parse(text).map(|origin| origin.0)
    }

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        assert_eq!(origin("HTTPS://Meet.Example.org:443/").as_deref(), Some("https://meet.example.org"));
        assert_eq!(origin("http://127.0.0.1:8080").as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(origin("http://[::1]:80").as_deref(), Some("http://[::1]"));
    }

    #[test]
    fn what_is_more_or_less_than_an_origin_is_refused() {
        for text in [
            "*",
            "https://",
            "https://a.example/path",
            "ftp://a.example",
            "a.example",
            "https://user@a.example",
            "https://a.example:port",
            "https://a.example?x",
            "https://a b",
            "",
        ] {
            assert_eq!(origin(text), None, "{text}");
        }
    }
}
