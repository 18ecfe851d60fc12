//! One test executable: its modules are the parts of the product.
#[path = "suite/animo/animo.rs"]
mod animo;
#[path = "suite/common.rs"]
mod common;
#[path = "suite/dialect/dialect.rs"]
mod dialect;
#[path = "suite/hundredms.rs"]
mod hundredms;
#[path = "suite/lockfile.rs"]
mod lockfile;
#[path = "suite/meet.rs"]
mod meet;
#[path = "suite/mesibo/mesibo.rs"]
mod mesibo;
#[path = "suite/operation.rs"]
mod operation;
#[path = "suite/post.rs"]
mod post;
#[path = "suite/rest.rs"]
mod rest;
#[path = "suite/rim/rim.rs"]
mod rim;
#[path = "suite/room/room.rs"]
mod room;
#[path = "suite/scenario.rs"]
mod scenario;
#[path = "suite/secrets.rs"]
mod secrets;
#[path = "suite/store/store.rs"]
mod store;
#[path = "suite/together.rs"]
mod together;
