//! The shipping label: one page of four by six inches, the size of label printers, as PDF.
//!
//! It uses only what every viewer supports: a standard font and filled rectangles. [`document`] writes the file, [`code128`]
//! the barcode; this module has the layout.

mod code128;
mod document;

use std::fmt::Write as _;

use document::{Page, text};

/// 4 x 6 inches in points.
const PAGE: Page = Page {
    width: 288,
    height: 432,
};

const MARGIN: f32 = 24.0;
const BARCODE_WIDTH: f32 = 240.0;
const BARCODE_HEIGHT: f32 = 70.0;
const BARCODE_BASE: f32 = 130.0;

/// The content of a label.
pub(super) struct Label<'a> {
    pub(super) awb: &'a str,
    pub(super) order_number: &'a str,
    pub(super) carrier: &'a str,
    pub(super) payment_type: &'a str,
    pub(super) from_city: &'a str,
    pub(super) to_city: &'a str,
}

impl Label<'_> {
    /// The label as a PDF file.
    pub(super) fn pdf(&self) -> Vec<u8> {
        document::pdf(PAGE, &self.drawing())
    }

    /// The page's content, in PDF's drawing operators; y grows upwards.
    fn drawing(&self) -> String {
        let mut drawing = String::new();
        let lines = [
            (380.0, 20, self.carrier.to_owned()),
            (352.0, 12, self.payment_type.to_owned()),
            (312.0, 10, format!("From: {}", self.from_city)),
            (286.0, 16, format!("To: {}", self.to_city)),
            (246.0, 10, format!("Order: {}", self.order_number)),
            (104.0, 14, format!("AWB {}", self.awb)),
            (24.0, 7, "Simulated: no courier will come for it".to_owned()),
        ];
        for (y, size, line) in lines {
            drawing.push_str(&text(MARGIN, y, size, &line));
        }
        drawing.push_str(&barcode(self.awb));
        drawing
    }
}

/// The bars as filled rectangles.
fn barcode(content: &str) -> String {
    let widths = code128::widths(content);
    let modules: u16 = widths.iter().map(|width| u16::from(*width)).sum();
    let module = BARCODE_WIDTH / f32::from(modules);
    let mut bars = String::new();
    let mut x = MARGIN;
    for (index, width) in widths.iter().enumerate() {
        let width = f32::from(*width) * module;
        if index % 2 == 0 {
            // Writing to a String cannot fail.
            let _ = writeln!(bars, "{x:.3} {BARCODE_BASE} {width:.3} {BARCODE_HEIGHT} re");
        }
        x += width;
    }
    bars.push_str("f\n");
    bars
}
