//! Shared code for Indian aggregators: local times and ten-digit mobile numbers.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use crate::domain::personal::Personal;

/// Indian Standard Time; India has no daylight saving.
pub const IST_SECONDS: i32 = 5 * 3600 + 30 * 60;

/// The Indian local time of an instant.
pub fn wall_time(instant: Timestamp) -> DateTime {
    let offset = Offset::from_seconds(IST_SECONDS).unwrap_or(Offset::UTC);
    offset.to_datetime(instant)
}

/// The Indian date of an instant.
pub fn day(instant: Timestamp) -> Date {
    wall_time(instant).date()
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
