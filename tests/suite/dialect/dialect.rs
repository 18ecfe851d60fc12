//! The dialects: frames in, frames out.
mod documented;
mod foreign;
mod reading;
mod writing;
