//! REST and the page: routes, refusals, who may what, and the document that describes it.
#[path = "rest/accounts_cookies.rs"]
mod accounts_cookies;
#[path = "rest/accounts_login.rs"]
mod accounts_login;
#[path = "rest/accounts_me.rs"]
mod accounts_me;
#[path = "rest/accounts_rooms.rs"]
mod accounts_rooms;
#[path = "rest/accounts_signup.rs"]
mod accounts_signup;
#[path = "rest/ask.rs"]
pub(crate) mod ask;
#[path = "rest/attacks.rs"]
mod attacks;
#[path = "rest/bodies.rs"]
mod bodies;
#[path = "rest/callers.rs"]
mod callers;
#[path = "rest/collisions.rs"]
mod collisions;
#[path = "rest/forms.rs"]
mod forms;
#[path = "rest/history.rs"]
mod history;
#[path = "rest/mailbox.rs"]
pub(crate) mod mailbox;
#[path = "rest/matrix.rs"]
mod matrix;
#[path = "rest/openapi.rs"]
mod openapi;
#[path = "rest/page.rs"]
mod page;
#[path = "rest/people.rs"]
mod people;
#[path = "rest/person.rs"]
pub(crate) mod person;
#[path = "rest/retries.rs"]
mod retries;
#[path = "rest/rooms.rs"]
mod rooms;
