//! A path as an HTTP API understands it.

use percent_encoding::percent_decode_str;

/// Without its percent escapes, once, and up to a `?` that one of them stood for: a deployed HTTP API decodes a path before
/// it looks for the route, and tells the function no more than this. `+` is no space in a path. What AWS makes of escapes
/// that are no UTF-8 is not known; here they become U+FFFD.
pub(super) fn decoded(path: &str) -> String {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    decoded.split('?').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded_once_and_ends_at_a_question_mark() {
        for (sent, told) in [
            ("/items/a-1", "/items/a-1"),
            ("/items/a%20b+c&d=%C3%A4", "/items/a b+c&d=ä"),
            ("/shipments/WH%2FOUT%2f1", "/shipments/WH/OUT/1"),
            ("/shipments/50%2525", "/shipments/50%25"),
            ("/shipments/50%", "/shipments/50%"),
            ("/shipments/a%3Fb%2Fc", "/shipments/a"),
            ("/a/%ff", "/a/\u{fffd}"),
        ] {
            assert_eq!(decoded(sent), told, "{sent}");
        }
    }
}
