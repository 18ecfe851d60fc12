//! Reading a query string: known names only, each once, in its range.
use super::bodies::{MessagesQuery, PageQuery};
use crate::fault::Fault;
use std::str::FromStr;
use url::form_urlencoded;

/// Characters of a search at most.
const SEARCH_CHARS: usize = 100;

impl MessagesQuery {
    pub(super) fn read(query: &str) -> Result<Self, Fault> {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "before" => once(&mut read.before, "before", number(&value, "before", 0..=i64::MAX)?)?,
                "after" => once(&mut read.after, "after", number(&value, "after", 0..=i64::MAX)?)?,
                "limit" => once(&mut read.limit, "limit", number(&value, "limit", 1..=100)?)?,
                "search" => once(&mut read.search, "search", search(&value)?)?,
                _ => return Err(unknown(&name)),
            }
        }
        if read.before.is_some() && read.after.is_some() {
            return Err(Fault::field("after", "before and after don't go together"));
        }
        Ok(read)
    }
}

impl PageQuery {
    pub(super) fn read(query: &str) -> Result<Self, Fault> {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "cursor" => once(&mut read.cursor, "cursor", value.into_owned())?,
                "limit" => once(&mut read.limit, "limit", number(&value, "limit", 1..=100)?)?,
                _ => return Err(unknown(&name)),
            }
        }
        Ok(read)
    }
}

/// For routes that take no query.
pub(super) fn none(query: &str) -> Result<(), Fault> {
    match form_urlencoded::parse(query.as_bytes()).next() {
        Some((name, _)) => Err(unknown(&name)),
        None => Ok(()),
    }
}

pub(super) fn once<T>(place: &mut Option<T>, name: &'static str, value: T) -> Result<(), Fault> {
    match place.replace(value) {
        Some(_) => Err(Fault::field(name, "given twice")),
        None => Ok(()),
    }
}

fn number<N: FromStr + PartialOrd + std::fmt::Display>(
    text: &str,
    name: &'static str,
    range: std::ops::RangeInclusive<N>,
) -> Result<N, Fault> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| is_plain && range.contains(number));
    number.ok_or_else(|| {
        Fault::field(name, format!("not a whole number from {} to {}", range.start(), range.end()))
    })
}

fn search(text: &str) -> Result<String, Fault> {
    let count = text.chars().count();
    let is_good = (1..=SEARCH_CHARS).contains(&count) && !text.chars().any(char::is_control);
    if is_good {
        Ok(text.to_owned())
    } else {
        Err(Fault::field("search", "1 to 100 characters, no control characters"))
    }
}

pub(super) fn unknown(name: &str) -> Fault {
    let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
    Fault::field(name, "no such parameter")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read() {
        let query = MessagesQuery::read("before=12&limit=100&search=a%20b%25").unwrap();
        assert_eq!((query.before, query.limit, query.search.as_deref()), (Some(12), Some(100), Some("a b%")));
        assert!(none("").is_ok() && none("x").is_err());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=+5", "limit"),
            ("limit=", "limit"),
            ("before=-1", "before"),
            ("before=9223372036854775808", "before"),
            ("before=1&before=1", "before"),
            ("before=1&after=1", "after"),
            ("search=", "search"),
            ("search=%00", "search"),
            ("sort=name", "sort"),
        ] {
            let Err(Fault::InvalidField { field: named, .. }) = MessagesQuery::read(query) else {
                panic!("{query} was read");
            };
            assert_eq!(named, field, "{query}");
        }
    }
}
