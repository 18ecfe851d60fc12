//! The headers that keep a page to itself.
use warp::http::HeaderMap;
use warp::http::header::{self, HeaderName, HeaderValue};

/// Nothing from elsewhere, nothing inline, no plugin, no foreign frame; sockets only as the page's own server offers them.
pub(crate) const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self' ws: wss:; font-src 'self'; \
    manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

const PERMISSIONS: &str = "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), \
    fullscreen=(self), speaker-selection=(self), screen-wake-lock=(self), geolocation=(), payment=(), usb=(), \
    serial=(), hid=(), midi=()";

/// For every answer: types aren't guessed, and addresses (they hold meeting codes) aren't told to others.
pub(crate) fn add_common(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
}

/// For answers that a browser may show as a page.
pub(crate) fn add_page(headers: &mut HeaderMap) {
    add_common(headers);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    headers.insert(HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
}
