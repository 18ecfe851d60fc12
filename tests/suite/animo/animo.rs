//! Animo Meet's clients: every row of their contract over HTTP and Socket.IO.
mod credentials;
mod holes;
mod http;
mod meetings;
mod person;
