//! Animo Meet's clients: every row of their contract over HTTP and Socket.IO.
mod attacks;
mod calls;
mod credentials;
mod holes;
mod http;
mod meetings;
mod page;
mod pages;
mod person;
mod styles;
mod together;
mod wire;
