//! Reads the time of an event as an aggregator writes it. All adapters use this reader, so that a form that one of them
//! meets is read everywhere.
//!
//! A form is read only if it has one meaning: `23/05/2026` is a day of May, but `03/05/2026` may be one of March. A date
//! without a time of day is not an instant. A time without an offset is Indian, unless the
//! aggregator is abroad. What is read is listed in docs/values.md.

mod written;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use crate::aggregators::india::IST_SECONDS;
use crate::aggregators::instants::written::{Words, Written};

/// What an aggregator means by a `Z` at the end of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinalZ {
    /// UTC, as everybody else.
    Utc,
    /// Nothing: it is appended to Indian local times.
    Local,
}

/// The longest text that may be a time: JavaScript's has 58 characters with the name of the longest zone.
const LONGEST: usize = 80;
/// The seconds and milliseconds since 1970 that are read as a time have so many digits: from 2001 to 2286.
const EPOCH_SECONDS: usize = 10;
const EPOCH_MILLISECONDS: usize = 13;

/// The instant in a text; `None` if it has none, or more than one meaning.
pub fn instant(text: &str, final_z: FinalZ) -> Option<Timestamp> {
    read(text, final_z, IST_SECONDS)
}

/// The instant in a text of an aggregator outside India: a time without an offset is in this zone.
pub fn instant_in(zone: Offset, text: &str) -> Option<Timestamp> {
    read(text, FinalZ::Utc, zone.seconds())
}

fn read(text: &str, final_z: FinalZ, local_seconds: i32) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    epoch(text).or_else(|| dated(&Written::read(Words::of(text))?, final_z, local_seconds))
}

/// The date in a text, as it is written; `None` if it has none, or more than one meaning.
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    let (year, month, day) = Written::read(Words::of(text))?.date()?;
    Date::new(year, month, day).ok()
}

fn epoch(text: &str) -> Option<Timestamp> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = text.parse().ok()?;
    match text.len() {
        EPOCH_SECONDS => Timestamp::from_second(number).ok(),
        EPOCH_MILLISECONDS => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

fn dated(written: &Written<'_>, final_z: FinalZ, local_seconds: i32) -> Option<Timestamp> {
    let (year, month, day) = written.date()?;
    let time = written.time?;
    let at = DateTime::new(
        year,
        month,
        day,
        time.hour,
        time.minute,
        time.second,
        time.nanosecond,
    );
    let seconds = match written.offset {
        Some(written::Offset::Seconds(seconds)) => seconds,
        Some(written::Offset::Z) if final_z == FinalZ::Utc => 0,
        Some(written::Offset::Z) | None => local_seconds,
    };
    Offset::from_seconds(seconds)
        .ok()?
        .to_timestamp(at.ok()?)
        .ok()
}

#[cfg(test)]
mod tests;
