//! Documents that RMS makes itself, as PDF.
//!
//! They use two of the fonts that every reader has, so nothing is embedded. Those fonts know only the characters of Windows-1252:
//! [`letters`] writes any other one as its Unicode number, so that none is lost or replaced by another one.

mod bars;
mod letters;
pub mod manifest;
mod page;
