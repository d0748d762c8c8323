//! Text in the encoding of the fonts, Windows-1252.

/// The mark of a text that was cut: an ellipsis.
const CUT: u8 = 0x85;

/// A text in the encoding of the fonts: one byte for each printed character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letters {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// Whether a character is written as its Unicode number.
    pub(super) has_numbers: bool,
}

impl Letters {
    /// Encodes a text. A character that the fonts lack becomes its number, as in `<U+0928>`.
    pub(super) fn of(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len());
        let mut has_numbers = false;
        for character in text.chars() {
            if let Some(byte) = byte_of(character) {
                bytes.push(byte);
            } else {
                has_numbers = true;
                bytes.extend(format!("<U+{:04X}>", u32::from(character)).bytes());
            }
        }
        Self { bytes, has_numbers }
    }

    /// The text, cut to this many printed characters; the last one then is an ellipsis.
    pub(super) fn cut(mut self, most: usize) -> Self {
        if self.bytes.len() > most {
            self.bytes.truncate(most.saturating_sub(1));
            self.bytes.push(CUT);
        }
        self
    }

    /// The text in lines of this many printed characters. What does not fit into the last line is cut.
    pub(super) fn lines(self, length: usize, most: usize) -> Vec<Self> {
        let Self { bytes, has_numbers } = self.cut(length * most);
        let lines = bytes.chunks(length.max(1));
        lines
            .map(|line| Self {
                bytes: line.to_vec(),
                has_numbers,
            })
            .collect()
    }
}

fn byte_of(character: char) -> Option<u8> {
    match character {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(character)).ok(),
        '€' => Some(0x80),
        '…' => Some(CUT),
        '‘' => Some(0x91),
        '’' => Some(0x92),
        '“' => Some(0x93),
        '”' => Some(0x94),
        '•' => Some(0x95),
        '–' => Some(0x96),
        '—' => Some(0x97),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_letters_are_one_byte_each() {
        let letters = Letters::of("Orléans 12–14 (€)");
        assert_eq!(letters.bytes, b"Orl\xe9ans 12\x9614 (\x80)");
        assert!(!letters.has_numbers);
    }

    #[test]
    fn any_other_character_is_written_as_its_number() {
        for (text, written) in [
            ("पु", "<U+092A><U+0941>"),
            ("A-😀", "A-<U+1F600>"),
            ("a\u{9}b\u{85}", "a<U+0009>b<U+0085>"),
        ] {
            let letters = Letters::of(text);
            assert_eq!(letters.bytes, written.as_bytes());
            assert!(letters.has_numbers);
        }
    }

    #[test]
    fn what_does_not_fit_is_cut_visibly() {
        assert_eq!(Letters::of("abcdef").cut(6).bytes, b"abcdef");
        assert_eq!(Letters::of("abcdefg").cut(6).bytes, b"abcde\x85");
        let lines = Letters::of("abcdefghij").lines(4, 2);
        let lines: Vec<_> = lines.iter().map(|line| line.bytes.as_slice()).collect();
        assert_eq!(lines, [b"abcd", b"efg\x85"]);
    }
}
