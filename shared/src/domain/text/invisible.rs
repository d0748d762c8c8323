//! Characters that cannot be seen or that change the direction of text.

use std::borrow::Cow;

/// Whether a character is invisible, so that two texts that differ only by it look alike: the code points that Unicode
/// declares ignorable (`Default_Ignorable_Code_Point`, with all that change the direction), the separators of lines and
/// paragraphs, and the marks of annotations.
pub fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a text has such a character.
pub fn has_invisible(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_invisible)
}

/// The text without such characters.
pub(super) fn without(text: &str) -> Cow<'_, str> {
    if has_invisible(text) {
        Cow::Owned(text.chars().filter(|&c| !is_invisible(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_joiners_marks_and_soft_hyphens_are_invisible() {
        let ranges = [
            0x200b..=0x200f,
            0x202a..=0x202e,
            0x2060..=0x2064,
            0x2066..=0x2069,
        ];
        let single = [
            0xad, 0x61c, 0x180e, 0x2028, 0x3164, 0xfe0f, 0xfeff, 0xfff9, 0xe0041,
        ];
        for code in ranges.into_iter().flatten().chain(single) {
            assert!(is_invisible(char::from_u32(code).unwrap()), "{code:x}");
        }
        for text in ["A-1", "ä 1", "१२", "注文", "\u{a0}", "e\u{301}", "🚚"] {
            assert!(!has_invisible(text), "{text}");
        }
        assert_eq!(without("a\u{200d}b\u{e0041}"), "ab");
    }
}
