//! Escapes of half a surrogate pair, such as `"\\ud83d"`.
//!
//! The grammar of JSON allows them, and programs write them that cut a text within a character; but they are no characters, so
//! that the parser refuses the whole body. Each becomes `U+FFFD`, which marks a character that was lost.

/// What stands for the lost character; as long as the escape in its place.
const LOST: &[u8] = b"\\ufffd";
const PAIR: usize = 2 * LOST.len();

/// The same JSON without such escapes; `None` if it has none.
pub(crate) fn without_halves(body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = body.to_vec();
    let mut at = 0;
    let mut is_changed = false;
    while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty()) {
        at += match (unit(rest), rest.get(LOST.len()..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => PAIR,
            (Some(0xd800..=0xdfff), _) => {
                if let Some(half) = whole.get_mut(at..at + LOST.len()) {
                    half.copy_from_slice(LOST);
                    is_changed = true;
                }
                LOST.len()
            }
            // A backslash escapes the character after it, which may be another one.
            _ if rest.starts_with(b"\\") => 2,
            _ => 1,
        };
    }
    is_changed.then_some(whole)
}

/// The code unit of an escape at the start.
fn unit(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(body: &str) -> Option<String> {
        without_halves(body.as_bytes()).map(|body| String::from_utf8(body).unwrap())
    }

    #[test]
    fn half_a_pair_becomes_a_replacement_character() {
        for (body, expected) in [
            (r#"{"a":"x\ud83d"}"#, r#"{"a":"x\ufffd"}"#),
            (r#"["\uDE00y"]"#, r#"["\ufffdy"]"#),
            (r#"["\ud83d\ud83d\ude00"]"#, r#"["\ufffd\ud83d\ude00"]"#),
            (r#"["\ud83d\n"]"#, r#"["\ufffd\n"]"#),
            (r#"["\\\ud83d"]"#, r#"["\\\ufffd"]"#),
            (r#"{"\ude00\ud83d":1}"#, r#"{"\ufffd\ufffd":1}"#),
        ] {
            assert_eq!(mended(body).as_deref(), Some(expected));
        }
    }

    #[test]
    fn everything_else_is_unchanged() {
        for body in [
            "",
            "{}",
            r#"["\ud83d\ude00"]"#,
            r#"["\\ud83d"]"#,
            r#"["\u20b9", "\u"#,
            "\\",
            r#""\ud8"#,
        ] {
            assert_eq!(mended(body), None, "{body}");
        }
    }
}
