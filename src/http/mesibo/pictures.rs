//! `upload`, and the pictures that were uploaded.
use super::answer::Said;
use super::places::FILES;
use super::{Asked, Parts, nothing};
use crate::fault::Fault;
use crate::service::caller::SignedIn;
use crate::service::contacts::{Contacts, Use};
use crate::service::pictures::Picture;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::http::Method;
use warp::http::header::{self, HeaderValue};
use warp::path::FullPath;
use warp::reply::Response;

impl Parts {
    /// A picture, for one's profile if `profile` says so; with `delete` the one that is shown there goes.
    pub(super) async fn upload(&self, who: SignedIn, asked: Asked) -> Result<Said, Fault> {
        let is_profile = asked.has("profile");
        let said = |file: String| {
            let fields = nothing()
                .text("email", "")
                .number("gid", 0)
                .number("profile", i64::from(is_profile))
                .text("file", file);
            Said::Done(fields)
        };
        if asked.has("delete") {
            self.contacts.drop_picture(who).await?;
            return Ok(said(String::new()));
        }
        let mut asked = asked;
        let Some(file) = asked.file.take() else { return Ok(Said::failed("MISSINGFILE")) };
        let used = if is_profile { Use::Shown } else { Use::Kept };
        match self.contacts.take_picture(who, file, used, &asked.visit).await {
            Ok(file) => Ok(said(self.file_url(&asked, &file))),
            Err(Fault::UnsupportedMedia) => Ok(Said::failed("BADIMAGE")),
            Err(fault) => Err(fault),
        }
    }
}

/// GET of `/mesibo/files/<name>`. Rejects what isn't there.
pub(super) fn routes(contacts: Contacts) -> BoxedFilter<(Response,)> {
    warp::method()
        .and(warp::path::full())
        .and_then(move |method: Method, path: FullPath| {
            let contacts = contacts.clone();
            async move {
                let is_read = matches!(method, Method::GET | Method::HEAD);
                let name = path.as_str().strip_prefix(FILES).filter(|_| is_read);
                let name = name.ok_or_else(warp::reject::not_found)?;
                let found = contacts.pictures().find(name).await;
                found.map(sent).ok_or_else(warp::reject::not_found)
            }
        })
        .boxed()
}

/// A name stands for one picture for ever; whoever knows it may show it.
fn sent(picture: Picture) -> Response {
    let mut response = Response::new(bytes::Bytes::from(picture.bytes).into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(picture.content_type));
    let keep = HeaderValue::from_static("private, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, keep);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
