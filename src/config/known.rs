//! Which keys there are (exactly those of the defaults), and the nearest one to a name that isn't.
use std::path::Path;

use config::{Value, ValueKind};

use super::{Invalid, layers::Layer};

/// Every key of the defaults as `section.key` (or `section.part.key`), in alphabetical order.
fn names(defaults: &Layer) -> Vec<String> {
    let mut names: Vec<String> =
        defaults.0.iter().flat_map(|(section, value)| keys_of(section, value)).collect();
    names.sort_unstable();
    names
}

/// The known name most like `name`, as a whole or by its key alone; there is always one, since the defaults are never empty.
fn nearest<'a>(name: &str, known: &'a [String]) -> &'a str {
    let distance = |candidate: &&String| {
        let whole = strsim::damerau_levenshtein(name, candidate);
        let key = strsim::damerau_levenshtein(last_part(name), last_part(candidate));
        (whole.min(key + 1), whole)
    };
    known.iter().min_by_key(distance).map_or("", String::as_str)
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

pub(super) fn check_file(defaults: &Layer, file: &Layer, path: &Path) -> Result<(), Invalid> {
    let known = names(defaults);
    let mut given: Vec<String> = file.0.iter().flat_map(|(section, value)| keys_of(section, value)).collect();
    given.sort_unstable();
    let Some(unknown) = given.iter().find(|name| !known.contains(name)) else { return Ok(()) };
    let (near, named) = (nearest(unknown, &known), path.display());
    Err(Invalid::new(format!("{named}: there is no key {unknown}; the nearest is {near}")))
}

/// `section.key` for each key of a table, also of an unknown one and of tables inside; a bare value at the top is its own name.
fn keys_of(section: &str, value: &Value) -> Vec<String> {
    match &value.kind {
        ValueKind::Table(keys) => {
            keys.iter().flat_map(|(key, value)| keys_of(&format!("{section}.{key}"), value)).collect()
        }
        _ => vec![section.to_owned()],
    }
}

/// The key that a variable names, as `section.key`.
pub(super) fn variable(defaults: &Layer, variable: &str, prefix: &str) -> Result<String, Invalid> {
    let known = names(defaults);
    let rest = variable.strip_prefix(prefix).unwrap_or(variable).to_lowercase();
    let name = rest.replace("__", ".");
    if known.contains(&name) {
        return Ok(name);
    }
    let near = nearest(&name, &known).replace('.', "__").to_uppercase();
    Err(Invalid::new(format!("there is no variable {variable}; the nearest is {prefix}{near}")))
}

/// Refuses `CONVENE_HTTP_BIND`, which would be passed over in silence though it means a key.
pub(super) fn check_other(defaults: &Layer, variable: &str, prefix: &str) -> Result<(), Invalid> {
    let bare = |text: &str| text.replace(['_', '.'], "").to_lowercase();
    let Some(rest) = variable.strip_prefix(prefix.trim_end_matches('_')) else { return Ok(()) };
    match names(defaults).into_iter().find(|name| bare(name) == bare(rest)) {
        None => Ok(()),
        Some(meant) => {
            let meant = meant.replace('.', "__").to_uppercase();
            Err(Invalid::new(format!("there is no variable {variable}; the nearest is {prefix}{meant}")))
        }
    }
}
