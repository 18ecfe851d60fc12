//! REST and the page: routes, refusals, who may what, and the document that describes it.
#[path = "rest/openapi.rs"]
mod openapi;
