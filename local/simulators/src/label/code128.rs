//! Code 128 (ISO/IEC 15417), code set B: printable ASCII.

/// Widths of bar, space, bar, space, bar, space, in modules, by symbol value.
#[rustfmt::skip]
const SYMBOLS: [&str; 106] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312",
    "132212", "221213", "221312", "231212", "112232", "122132", "122231", "113222",
    "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131",
    "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321",
    "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121",
    "313121", "211331", "231131", "213113", "213311", "213131", "311123", "311321",
    "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224",
    "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",
    "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412",
    "211214", "211232",
];

const STOP: &str = "2331112";
const START_B: usize = 104;
const CHECK_MODULUS: usize = 103;

/// The widths of alternating bars and spaces, in modules, starting and ending with a bar. Characters other than printable
/// ASCII are skipped.
pub(super) fn widths(content: &str) -> Vec<u8> {
    let values: Vec<usize> = content
        .bytes()
        .filter(|byte| (b' '..=b'~').contains(byte))
        .map(|byte| usize::from(byte - b' '))
        .collect();
    let check = check_value(&values);
    std::iter::once(START_B)
        .chain(values)
        .chain([check])
        .filter_map(|value| SYMBOLS.get(value))
        .chain([&STOP])
        .flat_map(|symbol| symbol.bytes().map(|digit| digit - b'0'))
        .collect()
}

fn check_value(values: &[usize]) -> usize {
    let weighted = (1..).zip(values).map(|(place, value)| place * value);
    (START_B + weighted.sum::<usize>()) % CHECK_MODULUS
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{SYMBOLS, check_value, widths};

    #[test]
    fn each_symbol_is_eleven_modules_wide_with_even_bars_and_unlike_any_other() {
        let mut seen = HashSet::new();
        for symbol in SYMBOLS {
            let widths: Vec<u8> = symbol.bytes().map(|digit| digit - b'0').collect();
            let bars: u8 = widths.iter().step_by(2).sum();
            assert_eq!(widths.iter().sum::<u8>(), 11, "{symbol}");
            assert_eq!(bars % 2, 0, "{symbol}");
            assert!(seen.insert(symbol), "{symbol} twice");
        }
    }

    #[test]
    fn the_check_value_weighs_by_place() {
        let values: Vec<usize> = b"PJJ123C".iter().map(|b| usize::from(b - b' ')).collect();
        // 104 + 48 + 2·42 + 3·42 + 4·17 + 5·18 + 6·19 + 7·35 = 879 = 8·103 + 55
        assert_eq!(check_value(&values), 55);
    }

    #[test]
    fn twelve_digits_take_fifteen_symbols() {
        let modules: u32 = widths("123456789012").into_iter().map(u32::from).sum();
        assert_eq!(modules, 14 * 11 + 13);
    }
}
