//! Phone numbers: the one reading for all aggregators.
//!
//! The calling codes, trunk prefixes and lengths are those of libphonenumber (`domain/country.rs`). Whether a line exists is
//! not checked.

use crate::domain::country::Country;
use crate::domain::personal::Personal;
use crate::domain::text::is_invisible;

/// The calling code of India.
const INDIAN: &str = "91";
/// The number of digits of an Indian line, with its area code.
const INDIAN_DIGITS: usize = 10;
/// The fewest digits that another number after the first one has.
const SHORTEST_SECOND: usize = 6;
/// The number of digits of a number in a country that the table does not have.
const UNKNOWN_DIGITS: std::ops::RangeInclusive<usize> = 4..=15;
/// The longest calling code.
const LONGEST_CODE: usize = 3;

/// A phone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNumber {
    /// The calling code, digits only.
    pub calling_code: String,
    /// The digits after the calling code, without a trunk prefix.
    pub national: Personal,
}

/// A number as a client writes it.
#[derive(Debug, Clone, Copy)]
pub struct WrittenPhone<'a> {
    /// The number.
    pub number: &'a Personal,
    /// Its calling code, if it is given.
    pub calling_code: Option<&'a str>,
    /// The country of the address, if it is known.
    pub country: Option<Country>,
}

/// Why a number cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongPhone {
    /// It has something other than a number.
    #[error(
        "must be a phone number: digits, blanks, hyphens, dots and parentheses, after a + if it begins with a calling code"
    )]
    NotANumber,
    /// It has an extension.
    #[error("must have no extension: leave it out, or write it in an address line")]
    Extension,
    /// There are two.
    #[error("must be one phone number: send only the first one")]
    Several,
    /// It has too few or too many digits.
    #[error("must be a phone number of {0}")]
    Length(String),
    /// The account ships only within India.
    #[error(
        "must be an Indian phone number, because this account ships only within India: 10 digits, with or without +91"
    )]
    NotIndian,
    /// No country has its calling code.
    #[error("must begin with the calling code of a country after + or 00")]
    UnknownCode,
    /// `phoneCode` says something else.
    #[error("must be 91, because this account ships only within India")]
    CodeNotIndian,
    /// `phoneCode` says something else.
    #[error("does not match the calling code at the start of phone")]
    OtherCode,
    /// Nothing says it.
    #[error(
        "is required: the calling code of the phone number, such as 971. It may also be in phone, after a +"
    )]
    NoCode,
}

impl WrongPhone {
    /// The name of the wrong field.
    pub fn field(&self) -> &'static str {
        match self {
            Self::CodeNotIndian | Self::OtherCode | Self::NoCode => "phoneCode",
            Self::NotANumber
            | Self::Extension
            | Self::Several
            | Self::Length(_)
            | Self::NotIndian
            | Self::UnknownCode => "phone",
        }
    }
}

impl WrittenPhone<'_> {
    /// The ten digits of a number in India.
    pub fn within_india(self) -> Result<Personal, WrongPhone> {
        let digits = Digits::of(self.number.expose())?;
        if self.calling_code.is_some_and(|code| code != INDIAN) {
            return Err(WrongPhone::CodeNotIndian);
        }
        let local = if digits.is_international {
            let local = digits.digits.strip_prefix(INDIAN);
            local.ok_or(WrongPhone::NotIndian)?
        } else {
            &digits.digits
        };
        let readings = readings(local, INDIAN, "0");
        let read = readings
            .into_iter()
            .find(|read| read.len() == INDIAN_DIGITS);
        let read = read.ok_or(WrongPhone::NotIndian)?;
        Ok(Personal::from(read.to_owned()))
    }

    /// The number, of any country.
    pub fn anywhere(self) -> Result<PhoneNumber, WrongPhone> {
        let digits = Digits::of(self.number.expose())?;
        let (calling_code, local) = self.split(&digits)?;
        let own = self
            .country
            .filter(|own| own.calling_code() == Some(calling_code));
        let country = own.or_else(|| Country::called(calling_code));
        let local = match country {
            Some(country) => national(local, country),
            None => Some(local).filter(|local| UNKNOWN_DIGITS.contains(&local.len())),
        };
        let local = local.ok_or_else(|| WrongPhone::Length(lengths(calling_code, country)))?;
        Ok(PhoneNumber {
            calling_code: calling_code.to_owned(),
            national: Personal::from(local.to_owned()),
        })
    }

    /// The calling code and the digits after it.
    fn split<'d>(&'d self, digits: &'d Digits) -> Result<(&'d str, &'d str), WrongPhone> {
        let of_country = self.country.and_then(Country::calling_code);
        if !digits.is_international {
            let code = self.calling_code.or(of_country).ok_or(WrongPhone::NoCode)?;
            return Ok((code, &digits.digits));
        }
        let after = |code: &'d str| Some((code, digits.digits.strip_prefix(code)?));
        if let Some(code) = self.calling_code {
            return after(code).ok_or(WrongPhone::OtherCode);
        }
        let own = of_country.and_then(after);
        own.or_else(|| {
            let codes = (1..=LONGEST_CODE).filter_map(|length| digits.digits.get(..length));
            let mut codes = codes.filter(|code| Country::called(code).is_some());
            after(codes.next()?)
        })
        .ok_or(WrongPhone::UnknownCode)
    }
}

/// The digits of a number without separators.
struct Digits {
    digits: String,
    /// Whether they begin with a calling code.
    is_international: bool,
}

impl Digits {
    fn of(text: &str) -> Result<Self, WrongPhone> {
        let bare: String = text.chars().filter_map(bare).collect();
        if bare.matches('+').count() > 1 {
            return Err(WrongPhone::Several);
        }
        let is_plain =
            |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')' | '.');
        if !bare.chars().all(is_plain) {
            if has_several(&bare) {
                return Err(WrongPhone::Several);
            }
            if has_extension(&bare) {
                return Err(WrongPhone::Extension);
            }
        }
        let bare: String = bare.chars().filter(|c| !is_separator(*c)).collect();
        let (digits, is_international) = match bare.strip_prefix('+') {
            Some(digits) => (digits, true),
            None => match bare.strip_prefix("00") {
                Some(digits) => (digits, true),
                None => (bare.as_str(), false),
            },
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(WrongPhone::NotANumber);
        }
        Ok(Self {
            digits: digits.to_owned(),
            is_international,
        })
    }
}

/// A character in plain form: any digit, plus, hyphen or blank as the one of ASCII. Invisible ones are dropped.
fn bare(character: char) -> Option<char> {
    match character {
        '\u{ff0b}' => Some('+'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '\u{30fc}' => Some('-'),
        // Digits of full width, Arabic, Persian and Devanagari.
        '\u{ff10}'..='\u{ff19}' => digit(character, '\u{ff10}'),
        '\u{660}'..='\u{669}' => digit(character, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(character, '\u{6f0}'),
        '\u{966}'..='\u{96f}' => digit(character, '\u{966}'),
        _ if is_invisible(character) => None,
        '\n' | '\r' => Some('\n'),
        _ if character.is_whitespace() => Some(' '),
        _ => Some(character),
    }
}

fn digit(character: char, zero: char) -> Option<char> {
    char::from_digit(u32::from(character).checked_sub(u32::from(zero))?, 10)
}

fn is_separator(character: char) -> bool {
    matches!(
        character,
        ' ' | '-' | '(' | ')' | '[' | ']' | '.' | '/' | '\n'
    )
}

/// Whether there is a second number after a separator of lists.
fn has_several(text: &str) -> bool {
    let text = text
        .to_ascii_lowercase()
        .replace(" or ", ",")
        .replace(" and ", ",");
    let parts = text.split([',', ';', '/', '|', '&', '\n']);
    parts
        .filter(|part| digits_in(part) >= SHORTEST_SECOND)
        .count()
        > 1
}

fn digits_in(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Whether a number ends with an extension: `x 12`, `ext. 12`, `#12`, `,12`.
fn has_extension(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let marks = ["ext", "x", "#", ",", ";"];
    let mut at = marks.iter().filter_map(|mark| text.split_once(mark));
    at.any(|(number, rest)| digits_in(number) >= SHORTEST_SECOND && digits_in(rest) > 0)
}

/// The digits as they can be meant, the likeliest first: without the trunk prefix, as they are, without a calling code that
/// `phoneCode` or the start of the number says already, and without both.
fn readings<'d>(digits: &'d str, calling_code: &str, trunk: &str) -> Vec<&'d str> {
    // Where no prefix is dialled, people who write `(0)` for all countries write one nevertheless.
    let without_trunk = |digits: &'d str| match trunk {
        "" => digits.strip_prefix('0'),
        trunk => digits.strip_prefix(trunk),
    };
    let plain = Some(digits);
    let local = without_trunk(digits);
    let first = if trunk.is_empty() {
        [plain, local]
    } else {
        [local, plain]
    };
    let once = digits.strip_prefix(calling_code);
    let code_after_trunk = local.and_then(|local| local.strip_prefix(calling_code));
    let rest = [once.and_then(without_trunk), once, code_after_trunk];
    first.into_iter().chain(rest).flatten().collect()
}

/// The digits after the calling code, in a length that the country's lines have.
fn national(digits: &str, country: Country) -> Option<&str> {
    let code = country.calling_code().unwrap_or_default();
    let readings = readings(digits, code, country.trunk());
    let usual = readings.iter().find(|read| country.has_usually(read.len()));
    usual
        .or_else(|| readings.iter().find(|read| country.can_have(read.len())))
        .copied()
}

/// The lengths of a country's numbers, in words.
fn lengths(calling_code: &str, country: Option<Country>) -> String {
    let lengths: Vec<String> = (1..=32)
        .filter(|length| {
            country.map_or(UNKNOWN_DIGITS.contains(length), |country| {
                country.has_usually(*length)
            })
        })
        .map(|length| length.to_string())
        .collect();
    let lengths = match lengths.as_slice() {
        [first, .., last] if lengths.len() > 2 => format!("{first} to {last}"),
        few => few.join(" or "),
    };
    format!("{lengths} digits after the calling code {calling_code}")
}

#[cfg(test)]
mod tests;
