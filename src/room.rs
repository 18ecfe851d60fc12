//! A room is a function: `apply` takes a command and gives effects. Pure: no clock, no chance, no I/O.
pub mod chat;
pub mod command;
pub mod effect;
pub mod event;
pub mod ids;
pub mod join;
pub mod media;
pub mod permissions;
pub mod pins;
pub mod record;
pub mod rules;
pub mod signal;
