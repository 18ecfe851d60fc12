//! `/docs`: the OpenAPI document, drawn by Swagger UI out of the binary; nothing comes from elsewhere.
use super::page::headers::add_page;
use bytes::Bytes;
use std::io::{Cursor, Read};
use std::sync::LazyLock;
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use warp::filters::BoxedFilter;
use warp::http::Method;
use warp::http::header::{self, HeaderValue};
use warp::path::FullPath;
use warp::reply::Response;
use warp::{Filter, reject};
use zip::ZipArchive;

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

static SCRIPT_BUNDLE: LazyLock<Bytes> = LazyLock::new(|| unpacked("swagger-ui-bundle.js"));
static STYLES: LazyLock<Bytes> = LazyLock::new(|| unpacked("swagger-ui.css"));

/// The page and its three files.
pub(super) fn routes() -> BoxedFilter<(Response,)> {
    warp::method()
        .and(warp::path::full())
        .and_then(|method: Method, path: FullPath| async move {
            let is_read = matches!(method, Method::GET | Method::HEAD);
            is_read.then(|| file(path.as_str())).flatten().ok_or_else(reject::not_found)
        })
        .boxed()
}

fn file(path: &str) -> Option<Response> {
    let (content_type, bytes) = match path {
        "/docs" | "/docs/" => (HTML, Bytes::from_static(include_bytes!("docs/index.html"))),
        "/docs/init.js" => (SCRIPT, Bytes::from_static(include_bytes!("docs/init.js"))),
        "/docs/swagger-ui-bundle.js" => (SCRIPT, SCRIPT_BUNDLE.clone()),
        "/docs/swagger-ui.css" => (STYLE, STYLES.clone()),
        _ => return None,
    };
    let mut response = Response::new(bytes.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=3600"));
    add_page(headers);
    Some(response)
}

/// A file of Swagger UI's `dist`, unpacked once, when it is first asked for.
fn unpacked(name: &str) -> Bytes {
    read(name).unwrap_or_else(|error| {
        tracing::error!(%error, file = name, "the description's viewer can't be unpacked");
        Bytes::new()
    })
}

fn read(name: &str) -> Result<Bytes, zip::result::ZipError> {
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    let end = format!("/dist/{name}");
    let path = archive.file_names().flatten().find(|path| path.ends_with(&end)).map(|path| path.into_owned());
    let mut file = archive.by_name(path.as_deref().unwrap_or(name))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_viewer_is_in_the_binary() {
        assert!(SCRIPT_BUNDLE.len() > 500_000 && STYLES.len() > 50_000);
        assert!(std::str::from_utf8(&SCRIPT_BUNDLE).unwrap().contains("SwaggerUIBundle"));
    }

    #[test]
    fn the_page_names_no_other_host() {
        for text in [include_str!("docs/index.html"), include_str!("docs/init.js")] {
            assert!(!text.contains("://") && !text.contains("\"//"), "{text}");
        }
        assert!(file("/docs/other").is_none());
    }
}
