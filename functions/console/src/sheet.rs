//! Tables as files: XLSX for spreadsheets, CSV for programs.
//!
//! Spreadsheets take a text of CSV for a number or a formula: they lose leading zeros and the last digits of a long AWB, and
//! `1234E5678` becomes 1.234E+5681. In XLSX each cell says that it is text.

use rust_xlsxwriter::{Workbook, XlsxError};

/// How wide a column is at most, in characters.
const WIDEST: usize = 60;

/// A table of text.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) name: &'static str,
    pub(crate) head: &'static [&'static str],
    pub(crate) rows: Vec<Vec<String>>,
}

impl Sheet {
    /// The table as XLSX, with text in all cells.
    pub(crate) fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.set_name(self.name)?;
        sheet.set_freeze_panes(1, 0)?;
        let head = self.head.iter().map(|name| (*name).to_owned()).collect();
        let rows = std::iter::once(&head).chain(&self.rows);
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                // Never a formula or a number, whatever the text is.
                sheet.write_string(row, column, cell)?;
            }
        }
        for (column, name) in (0..).zip(self.head) {
            let width = self.width(usize::from(column), name);
            sheet.set_column_width(column, width)?;
        }
        workbook.save_to_buffer()
    }

    fn width(&self, column: usize, name: &str) -> f64 {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        let longest = cells.map(|cell| cell.chars().count()).max();
        let longest = longest.unwrap_or_default().max(name.len()).min(WIDEST);
        u32::try_from(longest + 2).map_or(10.0, f64::from)
    }

    /// The table as CSV (RFC 4180), every cell in quotation marks.
    pub(crate) fn csv(&self) -> String {
        let head = self.head.iter().map(|name| (*name).to_owned()).collect();
        let mut text = String::new();
        for cells in std::iter::once(&head).chain(&self.rows) {
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        }
        text
    }
}

/// A cell of CSV. A spreadsheet takes a text with one of these beginnings for a formula: an apostrophe prevents that.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}
