//! GSTINs: Indian GST registrations.
//!
//! A seller, a deductor (TDS) or a collector (TCS) has two digits of the state, the PAN or tax account of ten characters, a
//! number, a letter of the kind and a check digit. A foreign body (UIN), a foreign taxpayer and a seller of online services
//! from abroad (OIDAR) have two digits of the state, two of the year, three letters of the country, five digits and two
//! letters of the kind before the check digit.

/// The characters by their value in the sum of the check digit.
const VALUES: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LENGTH: usize = 15;

/// What is probably wrong with a GSTIN; `None` if it can be one.
pub fn fault(gstin: &str) -> Option<String> {
    if gstin.chars().any(char::is_whitespace) {
        return Some("has blanks: a GSTIN has none".to_owned());
    }
    if gstin.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return Some("has small letters: a GSTIN has capital ones".to_owned());
    }
    let length = gstin.chars().count();
    if length != LENGTH {
        return Some(format!("has {length} characters: a GSTIN has {LENGTH}"));
    }
    let state = gstin.get(..2).unwrap_or_default();
    if !is_state(state) {
        return Some(format!(
            "begins with {state}, which is no state's code: 01 to 38, 97 or 99"
        ));
    }
    if is_foreign(gstin) {
        return None;
    }
    if !is_of_a_state(gstin) {
        return Some("does not have the form of a GSTIN, such as 29AABCU9603R1ZJ".to_owned());
    }
    let expected = check_digit(gstin)?;
    (!gstin.ends_with(expected)).then(|| {
        format!("has a wrong check digit: a character is wrong, or the last one must be {expected}")
    })
}

/// The states and territories, 38 is Ladakh; 97 is other territory, 99 the centre.
fn is_state(digits: &str) -> bool {
    let number: Option<u8> = digits.parse().ok();
    number.is_some_and(|number| matches!(number, 1..=38 | 97 | 99))
}

/// A seller, a deductor or a collector.
fn is_of_a_state(gstin: &str) -> bool {
    let is_account = has_form(gstin, "00AAAAA0000A") || has_form(gstin, "00AAAA00000A");
    let mut rest = gstin.chars().skip(12);
    let number = rest
        .next()
        .is_some_and(|number| number != '0' && is_code(number));
    let kind = rest
        .next()
        .is_some_and(|kind| matches!(kind, 'Z' | 'D' | 'C'));
    is_account && number && kind && rest.next().is_some_and(is_code)
}

/// A foreign body, a foreign taxpayer or a seller from abroad.
fn is_foreign(gstin: &str) -> bool {
    let kind = gstin.get(12..14).unwrap_or_default();
    has_form(gstin, "0000AAA00000")
        && matches!(kind, "UN" | "ON" | "NR" | "OS")
        && gstin.chars().last().is_some_and(is_code)
}

/// Whether a text begins with characters of a form: `0` is a digit, `A` a letter.
fn has_form(text: &str, form: &str) -> bool {
    let is_right = |(character, expected): (char, char)| match expected {
        '0' => character.is_ascii_digit(),
        _ => character.is_ascii_uppercase(),
    };
    text.chars().zip(form.chars()).all(is_right)
}

fn is_code(character: char) -> bool {
    character.is_ascii_digit() || character.is_ascii_uppercase()
}

/// The last character, from the others: every second one counts twice, in the number system of base 36.
fn check_digit(gstin: &str) -> Option<char> {
    let base = VALUES.len();
    let mut sum = 0;
    for (index, character) in gstin.chars().take(LENGTH - 1).enumerate() {
        let product = VALUES.find(character)? * (1 + index % 2);
        sum += product / base + product % base;
    }
    VALUES.chars().nth((base - sum % base) % base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registrations_of_all_kinds_are_valid() {
        for gstin in [
            "27AAPFU0939F1ZV",
            "29AABCU9603R1ZJ",
            // Ladakh, a deductor, a collector, a foreign body, a foreign taxpayer, a seller from abroad.
            &with_check_digit("38AABCU9603R1Z"),
            &with_check_digit("27AAPFU0939F1D"),
            &with_check_digit("27MUMA12345F1D"),
            &with_check_digit("27AAPFU0939F1C"),
            "0717UNO00211UN1",
            "0719USA00011NR2",
            "9917SGP29003OS1",
        ] {
            assert_eq!(fault(gstin), None, "{gstin}");
        }
    }

    fn with_check_digit(start: &str) -> String {
        let digit = check_digit(&format!("{start}0")).unwrap();
        format!("{start}{digit}")
    }

    #[test]
    fn a_slip_is_named() {
        for (gstin, words) in [
            ("27 AAPFU0939F1ZV", "blanks"),
            ("27AAPFU0939F1ZV ", "blanks"),
            ("27aapfu0939f1zv", "small letters"),
            ("27AAPFU0939F1Z", "14 characters"),
            ("27AAPFU0939F1ZVV", "16 characters"),
            ("39AAPFU0939F1ZV", "no state's code"),
            ("00AAPFU0939F1ZV", "no state's code"),
            ("27AAPFU0939F1ZW", "must be V"),
            ("27AAPFU0993F1ZV", "check digit"),
            ("27AAPFUO939F1ZV", "form"),
            ("27AAPFU0939F1XV", "form"),
        ] {
            let told = fault(gstin).unwrap_or_default();
            assert!(told.contains(words), "{gstin}: {told}");
        }
    }
}
