//! Shared code for Indian aggregators: local times without an offset, and ten-digit mobile numbers.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

use crate::domain::personal::Personal;

/// Indian Standard Time; India has no daylight saving.
const IST_SECONDS: i32 = 5 * 3600 + 30 * 60;

/// The formats of local times.
const FORMS: [&str; 6] = [
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%d %m %Y %H:%M:%S",
    "%d-%m-%Y %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
];

/// The instant of a time with an offset, otherwise of an Indian local time. A `Z` at its end is ignored, because
/// aggregators append it to local times. Additional blanks inside the time are ignored too.
pub fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim().trim_end_matches('Z').replace(": ", ":");
    FORMS
        .iter()
        .find_map(|form| DateTime::strptime(form, &text).ok())
        .and_then(|time| time.to_zoned(zone()?).ok())
        .map(|time| time.timestamp())
        .or_else(|| text.parse().ok())
}

/// The Indian local time of an instant.
pub fn wall_time(instant: Timestamp) -> DateTime {
    let offset = Offset::from_seconds(IST_SECONDS).unwrap_or(Offset::UTC);
    offset.to_datetime(instant)
}

/// The Indian date of an instant.
pub fn day(instant: Timestamp) -> Date {
    wall_time(instant).date()
}

fn zone() -> Option<TimeZone> {
    Some(TimeZone::fixed(Offset::from_seconds(IST_SECONDS).ok()?))
}

/// The ten digits of an Indian mobile number, without country code, leading zero and separators; `None` if it is
/// invalid.
pub fn mobile(phone: &Personal) -> Option<String> {
    let phone = phone.expose();
    let is_number = |character: char| {
        character.is_ascii_digit() || matches!(character, ' ' | '-' | '+' | '(' | ')' | '.')
    };
    if !phone.chars().all(is_number) {
        return None;
    }
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    let local = match digits.len() {
        12 => digits.strip_prefix("91")?,
        _ => digits,
    };
    (local.len() == 10).then(|| local.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_is_indian_whatever_its_suffix() {
        for text in [
            "2023-04-20T14:55:13Z",
            "2023-04-20 14:55:13",
            "2023-04-20T14: 55: 13Z",
            "20 04 2023 14:55:13",
            " 2023-04-20T14:55:13.000 ",
        ] {
            let instant = instant(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(instant.to_string(), "2023-04-20T09:25:13Z", "{text}");
            assert_eq!(wall_time(instant).to_string(), "2023-04-20T14:55:13");
        }
        for text in ["20-04-2023 14:55:13", "2023-04-20T14:55"] {
            assert!(instant(text).is_some(), "{text}");
        }
        for text in [
            "2023-04-20T09:25:13+00:00",
            "2023-04-20T14:55:13+05:30",
            "2023-04-20T14:55:13.000+0530",
            "2023-04-20 13:25:13+04:00",
        ] {
            let instant = instant(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(instant.to_string(), "2023-04-20T09:25:13Z", "{text}");
        }
        for text in ["", "NA", "2023-13-20 14:55:13", "yesterday", "2023-04-20"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn a_mobile_number_has_ten_digits_in_any_notation() {
        let mobile = |phone: &str| mobile(&Personal::from(phone.to_owned()));
        for phone in [
            "9999999999",
            "+919999999999",
            "+91 99999-99999",
            "09999999999",
            "919999999999",
        ] {
            assert_eq!(mobile(phone).as_deref(), Some("9999999999"), "{phone}");
        }
        for phone in ["", "12345", "+971501234567", "99999 9999x", "99999999999"] {
            assert_eq!(mobile(phone), None, "{phone}");
        }
    }
}
