//! The parameters of a request, wherever they stand: in the query, in a form (also one that nobody encoded), in the parts
//! of a multipart body, in JSON. Pure.
use serde_json::Value;
use std::collections::BTreeMap;
use url::form_urlencoded;

/// A parameter's value. Nothing else of JSON is told apart: a number is as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Field {
    Text(String),
    /// `name[]=a&name[]=b`, or an array.
    List(Vec<String>),
}

/// Parameters by name; names and values without the space around them. Of two of one name the later counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fields(BTreeMap<String, Field>);

impl Fields {
    /// A query or a form: `%41` and `+` are decoded, everything else stands for itself.
    pub(super) fn of_pairs(bytes: &[u8]) -> Self {
        let mut fields = Self::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            fields.put(&name, &value);
        }
        fields
    }

    /// An object; of anything else nothing is taken.
    pub(super) fn of_json(bytes: &[u8]) -> Self {
        Self::try_json(bytes).unwrap_or_default()
    }

    /// The same, if it is an object.
    pub(super) fn try_json(bytes: &[u8]) -> Option<Self> {
        let Ok(Value::Object(object)) = serde_json::from_slice(bytes) else { return None };
        let mut fields = Self::default();
        for (name, value) in object {
            let field = match value {
                Value::Null => continue, // as if it weren't there
                Value::Array(items) => Field::List(items.iter().filter_map(text_of).collect()),
                other => Field::Text(text_of(&other).unwrap_or_default()),
            };
            fields.0.insert(name.trim().to_owned(), field);
        }
        Some(fields)
    }

    /// One parameter more. A name that ends in brackets is a list's.
    pub(super) fn put(&mut self, name: &str, value: &str) {
        let (name, value) = (name.trim(), value.trim().to_owned());
        let base = name.strip_suffix(']').and_then(|name| name.rsplit_once('[')).map(|(base, _)| base.trim());
        let Some(base) = base.filter(|base| !base.is_empty()) else {
            self.0.insert(name.to_owned(), Field::Text(value));
            return;
        };
        match self.0.get_mut(base) {
            Some(Field::List(list)) => list.push(value),
            Some(Field::Text(_)) | None => {
                self.0.insert(base.to_owned(), Field::List(vec![value]));
            }
        }
    }

    /// With those of another source, which count where both have one.
    pub(super) fn under(mut self, stronger: Self) -> Self {
        self.0.extend(stronger.0);
        self
    }

    /// A text, if it is there.
    pub(super) fn maybe(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Field::Text(text)) => Some(text),
            Some(Field::List(_)) | None => None,
        }
    }

    /// A text; empty if there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.maybe(name).unwrap_or_default()
    }

    /// A list: as one, as the text of a JSON array, or divided by commas.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            None => Vec::new(),
            Some(Field::List(list)) => list.clone(),
            Some(Field::Text(text)) => match serde_json::from_str(text) {
                Ok(Value::Array(items)) => items.iter().filter_map(text_of).collect(),
                _ => text.split(',').map(|part| part.trim().to_owned()).collect(),
            },
        }
    }
}

/// A value as the text it would be in a form; `None` for null.
fn text_of(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(is_on) => if *is_on { "1" } else { "0" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        Value::Array(_) | Value::Object(_) => value.to_string(),
    })
}

#[cfg(test)]
mod tests;
