//! Code 39, the bar code in which an aggregator prints the names of orders.
//!
//! It has 43 characters: digits, capitals, `-`, `.`, a blank and four signs. Its full form writes any other one, a small letter
//! too, as a sign with a capital. Printers and readers of the simple form do not know these pairs, and readers of the full form
//! find one in a sign with a capital that was meant as two characters. Either way another name is read.

/// Whether every reader reads a name as it is.
pub fn is_safe(name: &str) -> bool {
    let mut follows_sign = false;
    name.chars().all(|character| {
        let is_pair = follows_sign && character.is_ascii_uppercase();
        follows_sign = matches!(character, '$' | '/' | '+' | '%');
        let is_known = character.is_ascii_digit()
            || character.is_ascii_uppercase()
            || matches!(character, '-' | '.' | ' ');
        !is_pair && (is_known || follows_sign)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_digits_and_lonely_signs_survive() {
        for name in ["IN-2026.001 A", "A/7", "25%", "$5+", "1+2"] {
            assert!(is_safe(name), "{name}");
        }
    }

    #[test]
    fn what_another_reader_takes_for_something_else_does_not() {
        for name in [
            "so-1", "SO-1a", "SO+R", "A/B", "$A", "%A", "A_1", "#1001", "é",
        ] {
            assert!(!is_safe(name), "{name}");
        }
    }
}
