//! A PDF file of one page: header, five objects, cross-reference table, trailer (ISO 32000-1, 7.5).

use std::fmt::Write as _;

/// A page's size in points.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) width: u16,
    pub(super) height: u16,
}

/// Longer lines would run off the page.
const LINE_LENGTH: usize = 44;

/// The PDF file of a page with this content.
pub(super) fn pdf(page: Page, content: &str) -> Vec<u8> {
    let Page { width, height } = page;
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] \
             /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>"
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (number, object) in (1..).zip(&objects) {
        // Writing to a String cannot fail.
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let entries = objects.len() + 1;
    let start = file.len();
    let _ = write!(
        file,
        "xref\n0 {entries}\n{table}trailer\n<< /Size {entries} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

/// The operators that write a line at a position, in points from the lower left corner.
pub(super) fn text(x: f32, y: f32, size: u8, line: &str) -> String {
    let shown = literal(line);
    format!("BT /F1 {size} Tf {x} {y} Td ({shown}) Tj ET\n")
}

/// The line as a string literal in Windows-1252; other characters become question marks.
fn literal(line: &str) -> String {
    line.chars().take(LINE_LENGTH).map(literal_char).collect()
}

fn literal_char(character: char) -> String {
    match character {
        '(' | ')' | '\\' => format!("\\{character}"),
        ' '..='~' => character.to_string(),
        '\u{a0}'..='\u{ff}' => format!("\\{:03o}", u32::from(character)),
        _ => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn text_cannot_break_out_of_its_literal() {
        assert_eq!(literal(r"a) Tj (b\"), r"a\) Tj \(b\\");
    }

    #[test]
    fn text_beyond_latin_1_is_marked_as_not_shown() {
        assert_eq!(literal("Orléans, पुणे\n"), r"Orl\351ans, ?????");
    }
}
