//! The browser library for mesibo's pages, as a page of another site loads it.
use crate::common::Convene;
use crate::rest::ask::{Answer, ask};
use std::collections::HashSet;

const LIBRARY: &str = "/mesibo/mesibo.js";

async fn gets(server: &Convene, path: &str) -> Answer {
    ask(server, "GET", path).gives(200).await
}

/// What a module imports, as paths.
fn imports(path: &str, source: &str) -> Vec<String> {
    let base = url::Url::parse(&format!("http://x{path}")).unwrap();
    let named = source.lines().filter_map(|line| line.split_once(" from \"")?.1.split('"').next());
    named.map(|name| base.join(name).unwrap().path().to_owned()).collect()
}

#[tokio::test]
async fn s_w1_the_library_is_a_classic_script_for_pages_of_any_site_and_kept_like_the_sdk() {
    let server = Convene::start().await;
    let (library, sdk) = (gets(&server, LIBRARY).await, gets(&server, "/sdk/v1.js").await);
    for name in ["content-type", "access-control-allow-origin", "cache-control", "x-content-type-options"] {
        assert_eq!(library.header(name), sdk.header(name), "{name}");
    }
    assert_eq!(library.header("access-control-allow-origin"), "*");
    let is_module = |line: &str| line.starts_with("import ") || line.starts_with("export ");
    assert!(!library.text.lines().any(is_module), "old pages load it without type=module");
    let tag = library.header("etag").to_owned();
    ask(&server, "GET", LIBRARY).with("if-none-match", &tag).gives(304).await;
    ask(&server, "GET", "/mesibo/README.md").is_refused(404, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn s_w1_every_module_of_it_is_there_for_any_site() {
    let server = Convene::start().await;
    let mut waiting = vec!["/mesibo/live.js".to_owned()];
    let mut seen = HashSet::new();
    while let Some(path) = waiting.pop() {
        let module = gets(&server, &path).await;
        assert_eq!(module.header("access-control-allow-origin"), "*", "{path}");
        waiting.extend(imports(&path, &module.text));
        seen.insert(path);
        waiting.retain(|path| !seen.contains(path));
    }
    assert!(seen.contains("/sdk/v1/engine.js") && seen.contains("/mesibo/book.js"), "{seen:?}");
    server.stop().await;
}
