//! Countries: their codes, names, postal codes and phone numbers.
//!
//! The table is compiled in, because the fields that are needed here are a few KB of the libraries that have them
//! (`docs/decisions/2026-11-29-a-table-of-countries.md`). A country is known by its two-letter code or by a listed name,
//! and is never guessed from anything else.

mod table;

use crate::domain::text::CountryCode;
use table::COUNTRIES;

/// Names beside those of the table, in capitals and without full stops.
const OTHER_NAMES: [(&str, &str); 15] = [
    ("BHARAT", "IN"),
    ("BHĀRAT", "IN"),
    // The same with a combining macron.
    ("BHA\u{304}RAT", "IN"),
    ("भारत", "IN"),
    ("REPUBLIC OF INDIA", "IN"),
    ("UNITED STATES OF AMERICA", "US"),
    ("UAE", "AE"),
    ("EMIRATES", "AE"),
    ("KSA", "SA"),
    ("KINGDOM OF SAUDI ARABIA", "SA"),
    ("UK", "GB"),
    ("GREAT BRITAIN", "GB"),
    ("STATE OF KUWAIT", "KW"),
    ("STATE OF QATAR", "QA"),
    ("TÜRKIYE", "TR"),
];

/// A line of the table.
#[derive(Debug)]
struct Row {
    /// ISO 3166-1 alpha-2.
    code: &'static str,
    /// ISO 3166-1 alpha-3.
    long_code: &'static str,
    /// The English name.
    name: &'static str,
    /// Empty for an uninhabited country.
    calling_code: &'static str,
    /// What is dialled before a number within the country, and never after its calling code; may be empty.
    trunk: &'static str,
    /// The numbers of digits of mobile and fixed lines, as bits.
    usual: u32,
    /// The numbers of digits of any line, as bits.
    possible: u32,
    postal_codes: PostalCodes,
}

/// Whether the addresses of a country have a postal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostalCodes {
    /// They always have.
    Required,
    /// Not always.
    Optional,
    /// The country has none.
    Absent,
}

/// A country.
#[derive(Debug, Clone, Copy)]
pub struct Country(&'static Row);

impl PartialEq for Country {
    fn eq(&self, other: &Self) -> bool {
        self.0.code == other.0.code
    }
}

impl Eq for Country {}

impl Country {
    /// The country with this two-letter code.
    pub fn of_code(code: &CountryCode) -> Option<Self> {
        Self::of(code.as_str())
    }

    /// The country with this name: a listed one, its English name, or one of its ISO codes, in any case.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        if name.eq_ignore_ascii_case("India") {
            return Self::of("IN");
        }
        let name = in_capitals(name);
        let other = OTHER_NAMES.iter().find(|(other, _)| *other == name);
        if let Some((_, code)) = other {
            return Self::of(code);
        }
        let is_named = |row: &&Row| {
            row.code == name || row.long_code == name || row.name.to_uppercase() == name
        };
        COUNTRIES.iter().find(is_named).map(Self)
    }

    fn of(code: &str) -> Option<Self> {
        let at = COUNTRIES.binary_search_by(|row| row.code.cmp(code)).ok()?;
        COUNTRIES.get(at).map(Self)
    }

    /// A country with this calling code; several can have the same.
    pub fn called(calling_code: &str) -> Option<Self> {
        let mut rows = COUNTRIES.iter();
        rows.find(|row| row.calling_code == calling_code && !calling_code.is_empty())
            .map(Self)
    }

    /// Whether this is India.
    pub fn is_india(self) -> bool {
        self.0.code == "IN"
    }

    /// ISO 3166-1 alpha-2.
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// The English name.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The calling code; `None` for an uninhabited country.
    pub fn calling_code(self) -> Option<&'static str> {
        Some(self.0.calling_code).filter(|code| !code.is_empty())
    }

    /// Whether addresses have a postal code.
    pub fn postal_codes(self) -> PostalCodes {
        self.0.postal_codes
    }

    /// What is dialled before a number within the country; empty if nothing is.
    pub(super) fn trunk(self) -> &'static str {
        self.0.trunk
    }

    /// Whether mobile or fixed lines have this many digits.
    pub(super) fn has_usually(self, digits: usize) -> bool {
        is_set(self.0.usual, digits)
    }

    /// Whether any line has this many digits.
    pub(super) fn can_have(self, digits: usize) -> bool {
        is_set(self.0.possible, digits)
    }
}

fn is_set(bits: u32, at: usize) -> bool {
    u32::try_from(at)
        .ok()
        .and_then(|at| bits.checked_shr(at))
        .is_some_and(|bits| bits & 1 == 1)
}

/// The name in capitals, without full stops, with single blanks and without `The` before it.
fn in_capitals(name: &str) -> String {
    let name = name.replace('.', "").to_uppercase();
    let words: Vec<&str> = name.split_whitespace().collect();
    let words = match words.as_slice() {
        ["THE", rest @ ..] => rest,
        all => all,
    };
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Option<&'static str> {
        Country::named(name).map(Country::code)
    }

    #[test]
    fn the_table_is_sorted_and_complete() {
        assert!(COUNTRIES.is_sorted_by(|one, other| one.code < other.code));
        for row in &COUNTRIES {
            let country = Country::of_code(&row.code.parse().unwrap()).unwrap();
            assert_eq!(country.name(), row.name);
            assert_eq!(named(row.name), Some(row.code), "{}", row.name);
            assert_eq!(named(&row.long_code.to_lowercase()), Some(row.code));
        }
        assert_eq!(Country::of("ZZ"), None);
    }

    #[test]
    fn india_has_one_reading() {
        for name in [
            "India",
            "INDIA",
            " india ",
            "IN",
            "in",
            "IND",
            "ind",
            "Bharat",
            "BHARAT",
            "Bhārat",
            "Bha\u{304}rat",
            "भारत",
            "Republic of India",
            "The Republic of India",
        ] {
            assert_eq!(named(name), Some("IN"), "{name}");
        }
    }

    #[test]
    fn a_country_abroad_is_known_by_a_listed_name_and_never_guessed() {
        for (name, code) in [
            ("US", "US"),
            ("U.S.A.", "US"),
            ("United States of America", "US"),
            ("UAE", "AE"),
            ("U.A.E.", "AE"),
            ("the United Arab Emirates", "AE"),
            ("KSA", "SA"),
            ("Saudi Arabia", "SA"),
            ("UK", "GB"),
            ("singapore", "SG"),
            ("Réunion", "RE"),
        ] {
            assert_eq!(named(name), Some(code), "{name}");
        }
        for name in [
            "",
            "Dubai",
            "Indiana",
            "Indien",
            "Brasil",
            "Saudi",
            "I N",
            "INDIA (Bharat)",
            "Kerala",
            "Hong Kong SAR",
        ] {
            assert_eq!(named(name), None, "{name}");
        }
    }

    #[test]
    fn postal_codes_are_those_of_the_country() {
        for (code, expected) in [
            ("IN", PostalCodes::Required),
            ("US", PostalCodes::Required),
            ("SG", PostalCodes::Required),
            ("AE", PostalCodes::Absent),
            ("QA", PostalCodes::Absent),
            ("HK", PostalCodes::Absent),
            ("SA", PostalCodes::Optional),
            ("KW", PostalCodes::Optional),
            ("BH", PostalCodes::Optional),
            ("OM", PostalCodes::Optional),
            ("JO", PostalCodes::Optional),
            ("EG", PostalCodes::Optional),
            ("TH", PostalCodes::Optional),
            ("PH", PostalCodes::Optional),
            ("VN", PostalCodes::Optional),
            ("ID", PostalCodes::Optional),
            ("IE", PostalCodes::Optional),
        ] {
            assert_eq!(
                Country::of(code).unwrap().postal_codes(),
                expected,
                "{code}"
            );
        }
    }
}
