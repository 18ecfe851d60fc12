//! Where values come from: the embedded defaults, a file, and the environment, each read into one map of sections.
use std::{ffi::OsString, fs, path::Path};

use config::{ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

use super::{DEFAULTS, Invalid, known};

/// Variables with this prefix are keys; every other one (`CONVENE_CONFIG` too) is none of the configuration's business,
/// unless it is a key but for its underscores.
const PREFIX: &str = "CONVENE__";

/// One source, already read: sections by name.
#[derive(Debug, Clone)]
pub(super) struct Layer(pub(super) Map<String, Value>);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone())
    }
}

pub(super) fn defaults() -> Result<Layer, Invalid> {
    let read = File::from_str(DEFAULTS, FileFormat::Toml).collect();
    read.map(Layer).map_err(|error| Invalid::new(format!("the embedded defaults: {error}")))
}

pub(super) fn file(path: &Path) -> Result<Layer, Invalid> {
    let named = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Invalid::new(format!("cannot read the configuration file {named}: {error}")))?;
    let parsed: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        Invalid::new(format!("{named}, line {line}: {}", error.message()))
    })?;
    let origin = named.to_string();
    Ok(Layer(parsed.into_iter().map(|(key, value)| (key, from_toml(value, &origin))).collect()))
}

fn from_toml(value: toml::Value, origin: &String) -> Value {
    let kind = match value {
        toml::Value::String(text) => ValueKind::String(text),
        toml::Value::Integer(number) => ValueKind::I64(number),
        toml::Value::Float(number) => ValueKind::Float(number),
        toml::Value::Boolean(flag) => ValueKind::Boolean(flag),
        toml::Value::Datetime(time) => ValueKind::String(time.to_string()),
        toml::Value::Array(items) => {
            ValueKind::Array(items.into_iter().map(|item| from_toml(item, origin)).collect())
        }
        toml::Value::Table(table) => {
            ValueKind::Table(table.into_iter().map(|(key, item)| (key, from_toml(item, origin))).collect())
        }
    };
    Value::new(Some(origin), kind)
}

/// Reads `CONVENE__SECTION__KEY` variables; a key that is a list in the defaults is split at commas.
pub(super) fn environment(
    defaults: &Layer,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Layer, Invalid> {
    let mut sections = Map::new();
    for (name, text) in variables {
        let Some(name) = name.to_str() else { continue };
        if !name.starts_with(PREFIX) {
            known::check_other(defaults, name, PREFIX)?;
            continue;
        }
        let key = known::variable(defaults, name, PREFIX)?;
        let text = text
            .into_string()
            .map_err(|_| Invalid::new(format!("the variable {name} is not valid UTF-8")))?;
        let origin = format!("the variable {name}");
        let kind = match at(&defaults.0, &key).map(|value| &value.kind) {
            Some(ValueKind::Array(_)) => list(&text, &origin),
            _ => ValueKind::String(text),
        };
        put(&mut sections, &key, Value::new(Some(&origin), kind));
    }
    Ok(Layer(sections))
}

/// Puts a value at `section.key`, making the tables on the way.
fn put(tables: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((table, rest)) = path.split_once('.') else {
        tables.insert(path.to_owned(), value);
        return;
    };
    let empty = || Value::new(None, ValueKind::Table(Map::new()));
    if let ValueKind::Table(keys) = &mut tables.entry(table.to_owned()).or_insert_with(empty).kind {
        put(keys, rest, value);
    }
}

fn list(text: &str, origin: &String) -> ValueKind {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    ValueKind::Array(items.map(|item| Value::new(Some(origin), item.to_owned())).collect())
}

/// The value at `section.key`.
fn at<'a>(tables: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let Some((table, rest)) = path.split_once('.') else { return tables.get(path) };
    match &tables.get(table)?.kind {
        ValueKind::Table(keys) => at(keys, rest),
        _ => None,
    }
}

/// Says which key of which source is wrong, and why.
pub(super) fn explain(merged: &config::Config, error: ConfigError) -> Invalid {
    let (key, reason) = match error {
        ConfigError::At { error, key: Some(key), .. } => (key, error.to_string()),
        ConfigError::Type { ref unexpected, expected, key: Some(ref key), .. } => {
            let expected = if expected == "a boolean" { "true or false" } else { expected };
            (key.clone(), format!("{unexpected} is not {expected}"))
        }
        other => return Invalid::new(other.to_string()),
    };
    let origin = origin_of(merged, &key).unwrap_or_else(|| "the configuration".to_owned());
    Invalid::new(format!("{origin}: {key}: {reason}"))
}

/// The source a key (`section.key`, perhaps with `[index]`) was last set by.
fn origin_of(merged: &config::Config, key: &str) -> Option<String> {
    let sections = merged.collect().ok()?;
    let (section, _) = key.split_once('.').unwrap_or((key, ""));
    let named = at(&sections, key.split('[').next()?);
    named.or_else(|| sections.get(section))?.origin().map(str::to_owned)
}
