//! The valid values of a kind of text: in words, as a check, and as a regular expression for the API's description.

/// The valid values of a kind of text.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// In words, as the end of the sentence "must be …".
    pub words: &'static str,
    /// As a regular expression that ECMAScript, Python, Java and Rust know. It allows no invisible character of the basic
    /// plane; the others cannot be written in a form that all of them read.
    pub pattern: &'static str,
    /// The maximum number of characters.
    pub longest: usize,
    is_valid: fn(&str) -> bool,
}

impl Shape {
    /// A name in URLs.
    pub const NAME: Self = Self {
        words: "1 to 64 characters of A-Z, a-z, 0-9, _ and -",
        pattern: "^[A-Za-z0-9_-]{1,64}$",
        longest: 64,
        is_valid: is_name,
    };
    /// A name in the system of a sales order.
    pub const SHORT_NAME: Self = Self {
        words: "1 to 50 characters of A-Z, a-z, 0-9, _ and -",
        pattern: "^[A-Za-z0-9_-]{1,50}$",
        longest: 50,
        is_valid: is_name,
    };
    /// A name that contains another one.
    pub const LONG_NAME: Self = Self {
        words: "1 to 100 characters of A-Z, a-z, 0-9, _ and -",
        pattern: "^[A-Za-z0-9_-]{1,100}$",
        longest: 100,
        is_valid: is_name,
    };
    /// A code that another system chose.
    pub const CODE: Self = Self {
        words: "1 to 100 printable characters without blanks at its ends",
        pattern: CODE_PATTERN,
        longest: 100,
        is_valid: is_printable,
    };
    /// The id of an invoice, which may be a number too.
    pub const INVOICE_CODE: Self = Self {
        words: "a whole number, or 1 to 100 printable characters without blanks at their ends",
        ..Self::CODE
    };
    /// Visible ASCII.
    pub const VISIBLE_ASCII: Self = Self {
        words: "1 to 100 visible ASCII characters",
        pattern: "^[!-~]{1,100}$",
        longest: 100,
        is_valid: |value| value.bytes().all(|byte| byte.is_ascii_graphic()),
    };
    /// A whole number only as JSON writes it, because it is sent as JSON: neither `+5` nor `007`.
    pub const WHOLE_NUMBER: Self = Self {
        words: "a whole number from 0 to 9223372036854775807",
        pattern: "^(0|[1-9][0-9]{0,18})$",
        longest: 19,
        is_valid: |value| {
            let number = value.parse::<i64>();
            number.is_ok_and(|number| number >= 0 && number.to_string() == value)
        },
    };
    /// An ISO 3166-1 alpha-2 code.
    pub const COUNTRY_CODE: Self = Self {
        words: "a country code of two capital letters, such as IN",
        pattern: "^[A-Z]{2}$",
        longest: 2,
        is_valid: |value| value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_uppercase()),
    };
    /// A country's calling code.
    pub const CALLING_CODE: Self = Self {
        words: "a calling code of 1 to 3 digits, such as 91",
        pattern: "^[0-9]{1,3}$",
        longest: 3,
        is_valid: are_digits,
    };
    /// A code of the Harmonized System.
    pub const TARIFF_CODE: Self = Self {
        words: "a tariff code of 4 to 12 digits, such as 62034200",
        pattern: "^[0-9]{4,12}$",
        longest: 12,
        is_valid: |value| value.len() >= 4 && are_digits(value),
    };

    /// Whether a value is valid. Invisible characters are valid here: stored values may have them.
    pub fn allows(&self, value: &str) -> bool {
        (1..=self.longest).contains(&value.chars().count()) && (self.is_valid)(value)
    }
}

/// The characters of a code but the invisible ones, with no blank at the ends.
const CODE_PATTERN: &str = concat!(
    r"^[^\s\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]",
    r"([^\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]*",
    r"[^\s\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb])?$",
);

fn is_name(value: &str) -> bool {
    value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn is_printable(value: &str) -> bool {
    !value.chars().any(char::is_control) && value.trim().len() == value.len()
}

fn are_digits(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit())
}
