//! The native dialect: frames in, frames out.
mod documented;
mod reading;
mod writing;
