//! REST and the page: routes, refusals, who may what, and the document that describes it.
#[path = "rest/ask.rs"]
mod ask;
#[path = "rest/bodies.rs"]
mod bodies;
#[path = "rest/callers.rs"]
mod callers;
#[path = "rest/forms.rs"]
mod forms;
#[path = "rest/history.rs"]
mod history;
#[path = "rest/openapi.rs"]
mod openapi;
#[path = "rest/page.rs"]
mod page;
#[path = "rest/people.rs"]
mod people;
#[path = "rest/retries.rs"]
mod retries;
#[path = "rest/rooms.rs"]
mod rooms;
