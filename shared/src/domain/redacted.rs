//! Takes known secrets and personal data out of the texts of others, before they are stored.

/// What stands in the place of something that was taken out.
const TAKEN_OUT: char = '…';
/// So many digits at its end tell a phone number, however its beginning is written.
const TELLING_DIGITS: usize = 8;

/// A text without these data, wherever it has one as whole words, in capital or small letters; and without the numbers that end as
/// one of them does.
pub fn redacted(text: &str, data: &[&str]) -> String {
    let endings: Vec<String> = data.iter().filter_map(|datum| ending(datum)).collect();
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_within_word = false;
    while let Some(next) = rest.chars().next() {
        let found = if is_within_word {
            None
        } else {
            after_datum(rest, data).or_else(|| after_number(rest, &endings))
        };
        if let Some(after) = found {
            shown.push(TAKEN_OUT);
            rest = after;
        } else {
            shown.push(next);
            is_within_word = next.is_alphanumeric();
            rest = rest.strip_prefix(next).unwrap_or_default();
        }
    }
    shown
}

/// The digits at the end of a phone number.
fn ending(datum: &str) -> Option<String> {
    let digits: String = datum.chars().filter(char::is_ascii_digit).collect();
    let begin = digits.len().checked_sub(TELLING_DIGITS)?;
    digits.get(begin..).map(str::to_owned)
}

/// What follows the longest datum at the beginning of a text. One letter is too little to be told from other words.
fn after_datum<'a>(text: &'a str, data: &[&str]) -> Option<&'a str> {
    let telling = data.iter().filter(|datum| datum.chars().count() > 1);
    let found = telling.filter_map(|datum| after(text, datum));
    found.min_by_key(|after| after.len())
}

/// What follows a datum at the beginning of a text, if a word ends there.
fn after<'a>(text: &'a str, datum: &str) -> Option<&'a str> {
    let mut letters = text.chars();
    for wanted in datum.chars() {
        let has = letters.next()?;
        if !has.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    let after = letters.as_str();
    (!after.starts_with(char::is_alphanumeric)).then_some(after)
}

/// What follows the digits at the beginning of a text, if they end as one of the numbers.
fn after_number<'a>(text: &'a str, endings: &[String]) -> Option<&'a str> {
    let after = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = text.strip_suffix(after)?;
    let is_one = endings.iter().any(|ending| digits.ends_with(ending));
    is_one.then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: [&str; 6] = [
        "Ram",
        "O",
        "A-101, Balaji Residency",
        "ram@example.com",
        "+91 98765-43210",
        "s3cr3t",
    ];

    #[test]
    fn data_are_taken_out_as_whole_words_in_any_case() {
        for (text, shown) in [
            ("Ram has no phone", "… has no phone"),
            ("RAM, ram and Rama", "…, … and Rama"),
            ("Gram of ram.", "Gram of …."),
            (
                "no courier goes to a-101, BALAJI Residency!",
                "no courier goes to …!",
            ),
            ("ram@example.com is wrong", "… is wrong"),
            ("token=s3cr3t", "token=…"),
            ("O is one letter", "O is one letter"),
            ("", ""),
            ("Überram Ünder", "Überram Ünder"),
        ] {
            assert_eq!(redacted(text, &DATA), shown, "{text}");
        }
    }

    #[test]
    fn a_phone_number_is_known_by_its_end() {
        for (text, shown) in [
            ("phone +91 98765-43210 is wrong", "phone … is wrong"),
            ("phone 9876543210 is wrong", "phone … is wrong"),
            ("919876543210 or 09876543210", "… or …"),
            (
                "pincode 560102, AWB 98765432109",
                "pincode 560102, AWB 98765432109",
            ),
        ] {
            assert_eq!(redacted(text, &DATA), shown, "{text}");
        }
    }

    #[test]
    fn without_data_nothing_is_taken_out() {
        assert_eq!(redacted("no such road", &[""]), "no such road");
    }
}
