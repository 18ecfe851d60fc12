//! `index.html` as browsers get it: addresses that last, and beforehand the names of all modules a view needs, so that
//! they are fetched side by side and not one after the other as each is read.
use super::files::{self, Found, Keep};
use super::views::View;
use bytes::Bytes;
use std::collections::BTreeSet;
use std::sync::LazyLock;

const FIRST: &str = "assets/js/app.js";
/// In `index.html`: where the list of modules goes.
const PLACE: &str = r#"<link rel="modulepreload" href="/assets/js/app.js">"#;

static SHELLS: LazyLock<[Bytes; View::ALL.len()]> =
    LazyLock::new(|| View::ALL.map(|view| render(view).into()));

/// The document for `view`; absent only if the page isn't embedded.
pub(super) fn page(view: View) -> Option<Found> {
    let at = View::ALL.iter().position(|one| *one == view)?;
    let bytes = SHELLS[at].clone();
    let etag = files::etag(&bytes);
    (!bytes.is_empty()).then_some(Found {
        bytes,
        content_type: "text/html; charset=utf-8",
        etag,
        keep: Keep::Ask,
    })
}

fn render(view: View) -> String {
    let document = files::text("index.html").unwrap_or_default();
    let preloads: Vec<_> =
        modules(view).iter().map(|name| format!(r#"<link rel="modulepreload" href="/{name}">"#)).collect();
    addressed(&document.replace(PLACE, &preloads.join("\n    ")))
}

/// What is shown where there is nothing.
pub(super) fn lost() -> Bytes {
    static LOST: LazyLock<Bytes> =
        LazyLock::new(|| addressed(&files::text("lost.html").unwrap_or_default()).into());
    LOST.clone()
}

/// With addresses that last.
fn addressed(document: &str) -> String {
    let (assets, sdk) = (files::lasting("/assets/"), files::lasting("/sdk/"));
    document.replace("\"/assets/", &format!("\"{assets}")).replace("\"/sdk/", &format!("\"{sdk}"))
}

/// Every module that is there once the view is: what the first one and the view's own import, and so on.
fn modules(view: View) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![FIRST.to_owned(), view.module().to_owned()];
    while let Some(name) = waiting.pop() {
        let Some(source) = files::text(&name) else { continue };
        waiting.extend(imports(&source).filter_map(|asked| beside(&name, asked)));
        found.insert(name);
        waiting.retain(|name| !found.contains(name));
    }
    found
}

/// The modules that a source names in its `import` and `export` statements; not those it may ask for later.
fn imports(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let rest = match line.split_once(" from \"") {
            Some((head, rest)) if ["import ", "export ", "}"].iter().any(|word| head.starts_with(word)) => {
                rest
            }
            _ => line.strip_prefix("import \"")?, // imported for what it does
        };
        rest.split_once('"').map(|(asked, _)| asked)
    })
}

/// What `./x.js` or `../x.js` means in the file `name`.
fn beside(name: &str, asked: &str) -> Option<String> {
    let (mut folder, _) = name.rsplit_once('/')?;
    let mut rest = asked.strip_prefix("./").unwrap_or(asked);
    while let Some(up) = rest.strip_prefix("../") {
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        rest = up;
    }
    Some(if folder.is_empty() { rest.to_owned() } else { format!("{folder}/{rest}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_read_and_later_ones_left() {
        let source = "import { a } from \"./a.js\";\nimport {\n  b,\n} from \"../b.js\";\nimport \"./c.js\";\n\
            export { d } from \"./d.js\";\nconst e = () => import(\"./e.js\");\n  say(\"hello from \", \"x\");\n";
        assert_eq!(imports(source).collect::<Vec<_>>(), ["./a.js", "../b.js", "./c.js", "./d.js"]);
    }

    #[test]
    fn names_are_found_beside_a_file() {
        for (name, asked, meant) in [
            ("assets/js/app.js", "./dom.js", "assets/js/dom.js"),
            ("assets/js/app.js", "./account/views.js", "assets/js/account/views.js"),
            ("assets/js/account/views.js", "../dom.js", "assets/js/dom.js"),
            ("assets/js/landing.js", "../../sdk/v1.js", "sdk/v1.js"),
            ("sdk/v1.js", "./v1/error.js", "sdk/v1/error.js"),
        ] {
            assert_eq!(beside(name, asked).as_deref(), Some(meant), "{asked} in {name}");
        }
    }

    #[test]
    fn each_view_names_its_modules_and_all_are_there() {
        for view in View::ALL {
            let modules = modules(view);
            assert!(modules.contains(view.module()) && modules.contains(FIRST), "{view:?}: {modules:?}");
            let named = modules.iter().flat_map(|name| {
                let source = files::text(name).unwrap();
                imports(&source).map(|asked| beside(name, asked).unwrap()).collect::<Vec<_>>()
            });
            for name in named {
                assert!(modules.contains(&name), "{view:?}: {name} is imported and not there");
            }
        }
        assert!(modules(View::Meeting).contains("sdk/v1/engine.js"));
    }

    #[test]
    fn nothing_in_the_document_is_asked_for_without_a_version() {
        for view in View::ALL {
            let document = render(view);
            assert!(!document.contains("\"/assets/") && !document.contains("\"/sdk/"), "{document}");
            assert_eq!(document.matches("rel=\"modulepreload\"").count(), modules(view).len());
        }
    }
}
