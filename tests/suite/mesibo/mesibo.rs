//! mesibo's conferencing and private API: every row of its contract, asked as its clients ask; the rows' ids stand in
//! docs/COMPATIBILITY.md.
mod captcha;
mod contacts;
mod holes;
mod library;
mod login;
mod page;
mod pictures;
mod rooms;
mod sockets;
mod wire;
