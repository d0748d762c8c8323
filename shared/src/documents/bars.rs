//! Bar codes: Code 128 (ISO/IEC 15417).

use barcoders::sym::code128::Code128;

/// The starts of the code sets B, printable ASCII, and C, pairs of digits, as the encoder spells them.
const SET_B: char = '\u{181}';
const SET_C: char = '\u{106}';

/// The bars of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bars {
    /// Where each bar begins and how wide it is, in modules.
    pub(super) bars: Vec<(u16, u16)>,
    /// The width of all, in modules, without the quiet zones.
    pub(super) modules: u16,
}

impl Bars {
    /// Encodes a text; `None` if Code 128 cannot carry it: it has other characters than printable ASCII.
    pub(super) fn of(text: &str) -> Option<Self> {
        if text.is_empty() || !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return None;
        }
        let is_of_pairs =
            text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_digit());
        let set = if is_of_pairs { SET_C } else { SET_B };
        let modules = Code128::new(format!("{set}{text}")).ok()?.encode();
        let mut bars: Vec<(u16, u16)> = Vec::new();
        let mut at = 0;
        for run in modules.chunk_by(|one, next| one == next) {
            let width = u16::try_from(run.len()).ok()?;
            if run.first() == Some(&1) {
                bars.push((at, width));
            }
            at += width;
        }
        Some(Self { bars, modules: at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The widths of alternating bars and spaces.
    fn widths(text: &str) -> String {
        let Bars { bars, modules } = Bars::of(text).unwrap();
        let ends = bars.iter().skip(1).map(|(at, _)| *at).chain([modules]);
        let mut widths = String::new();
        for ((at, width), next) in bars.iter().zip(ends) {
            widths.push_str(&width.to_string());
            if next > at + width {
                widths.push_str(&(next - at - width).to_string());
            }
        }
        widths
    }

    #[test]
    fn known_codes_are_encoded() {
        // The example of the standard's article: start B, P, J, J, 1, 2, 3, C, check 55, stop.
        assert_eq!(
            widths("PJJ123C"),
            "211214 313121 112133 112133 123221 223211 221132 131321 311321 2331112"
                .replace(' ', "")
        );
        // In pairs of digits: start C, 12, 34, 56, check 44, stop.
        assert_eq!(
            widths("123456"),
            "211232 112232 131123 331121 132131 2331112".replace(' ', "")
        );
    }

    #[test]
    fn a_text_takes_eleven_modules_for_each_symbol() {
        assert_eq!(Bars::of("AWB-1").unwrap().modules, 7 * 11 + 13);
        assert_eq!(Bars::of("12345").unwrap().modules, 7 * 11 + 13);
        assert_eq!(Bars::of("123456").unwrap().modules, 5 * 11 + 13);
    }

    #[test]
    fn a_text_that_the_code_cannot_carry_has_no_bars() {
        for text in ["", "é", "A\u{181}B", "A\tB"] {
            assert_eq!(Bars::of(text), None, "{text:?}");
        }
    }
}
