//! The native dialect: frames in, frames out.
mod reading;
mod writing;
