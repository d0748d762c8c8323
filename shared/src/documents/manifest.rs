//! A manifest as a PDF: pages of 40 parcels in two columns, each with its AWB as bar code and text, and a place to sign.

use jiff::tz::TimeZone;

use crate::documents::bars::Bars;
use crate::documents::letters::Letters;
use crate::documents::page::{Font, HEIGHT, LETTER_WIDTH, Page, WIDTH, file};
use crate::domain::selling::manifest::{HandedOver, Manifest};
use crate::domain::text::WarehouseCode;

/// The number of parcels of a page.
pub const PARCELS_OF_A_PAGE: usize = 40;

const MARGIN: f32 = 40.0;
/// The rows of a column.
const ROWS: usize = 20;
const ROW_HEIGHT: f32 = 33.0;
const COLUMN_WIDTH: f32 = 250.0;
/// Between the columns, so that a reader of bar codes sees one at a time.
const GUTTER: f32 = WIDTH - 2.0 * MARGIN - 2.0 * COLUMN_WIDTH;
/// The top of the first row.
const FIRST_ROW: f32 = HEIGHT - 102.0;

const SIZE: f32 = 7.0;
const BAR_HEIGHT: f32 = 13.0;
/// The width of a module: readers need at least the smallest one, and gain nothing by more than the widest.
const SMALLEST_MODULE: f32 = 0.5;
const WIDEST_MODULE: f32 = 1.0;

/// The manifest as a PDF file. The same manifest is always the same file.
pub fn pdf(manifest: &Manifest) -> Vec<u8> {
    let pages = manifest.shipments.chunks(PARCELS_OF_A_PAGE);
    let count = pages.len();
    let pages = pages.enumerate().map(|(index, parcels)| {
        let sheet = Sheet {
            manifest,
            parcels,
            before: index * PARCELS_OF_A_PAGE,
            number: index + 1,
            count,
        };
        sheet.draw()
    });
    file(&format!("Manifest {}", manifest.id), pages)
}

/// A page to be drawn.
struct Sheet<'a> {
    manifest: &'a Manifest,
    parcels: &'a [HandedOver],
    /// How many parcels are on earlier pages.
    before: usize,
    /// The number of this page, and that of all.
    number: usize,
    count: usize,
}

impl Sheet<'_> {
    fn draw(&self) -> Page {
        let mut page = Page::new();
        let mut has_numbers = self.head(&mut page);
        for (index, parcel) in self.parcels.iter().enumerate() {
            let text = format!("{}. {}", self.before + index + 1, names(parcel));
            has_numbers |= cell(&mut page, place(index), &text, parcel);
        }
        foot(&mut page, has_numbers);
        page
    }

    /// Writes the head; whether a character is written as its number.
    fn head(&self, page: &mut Page) -> bool {
        let manifest = self.manifest;
        let title = Letters::of("Manifest");
        page.text((MARGIN, HEIGHT - 46.0), Font::Bold, 15.0, &title);
        let at = manifest.created_at.to_zoned(TimeZone::UTC);
        let made = format!("{}   {}", manifest.id, at.strftime("%Y-%m-%d %H:%M UTC"));
        let total = manifest.shipments.len();
        let counted = format!(
            "Parcels {} to {} of {total}   Page {} of {}",
            self.before + 1,
            self.before + self.parcels.len(),
            self.number,
            self.count,
        );
        let given = |text: Option<&str>| text.unwrap_or("-").to_owned();
        let warehouse = manifest.warehouse.as_ref().map(WarehouseCode::as_str);
        let courier = format!("Courier: {}", given(manifest.courier_name.as_deref()));
        let warehouse = format!("Warehouse: {}", given(warehouse));
        let mut has_numbers = false;
        for (line, text) in (0u8..).zip([made, counted, courier, warehouse]) {
            let text = Letters::of(&text).cut(letters_in(COLUMN_WIDTH, SIZE));
            has_numbers |= text.has_numbers;
            let y = HEIGHT - 60.0 - 9.0 * f32::from(line);
            page.text((MARGIN, y), Font::Plain, SIZE, &text);
        }
        if let Some(bars) = Bars::of(manifest.id.as_str()) {
            let x = MARGIN + COLUMN_WIDTH + GUTTER;
            page.bars((x, HEIGHT - 64.0), &bars, module(&bars), 26.0);
        }
        has_numbers
    }
}

/// Draws the lines to sign.
fn foot(page: &mut Page, has_numbers: bool) {
    let fields = [
        ("Parcels taken", 0.0, 80.0),
        ("Name", 95.0, 130.0),
        ("Signature", 240.0, 150.0),
        ("Date and time", 405.0, 110.0),
    ];
    for (name, x, length) in fields {
        page.line((MARGIN + x, 46.0), length);
        page.text((MARGIN + x, 37.0), Font::Plain, SIZE, &Letters::of(name));
    }
    if has_numbers {
        let note = "<U+...> is the Unicode number of a character that this document cannot print.";
        page.text((MARGIN, 24.0), Font::Plain, SIZE, &Letters::of(note));
    }
}

/// The order, and which of its parcels.
fn names(parcel: &HandedOver) -> String {
    match &parcel.shipment_code {
        Some(code) => format!("{} / {code}", parcel.order_number),
        None => parcel.order_number.to_string(),
    }
}

/// The upper left corner of a parcel's cell: down the first column, then down the second.
fn place(index: usize) -> (f32, f32) {
    let (column, row) = (index / ROWS, index % ROWS);
    let number = |count: usize| f32::from(u8::try_from(count).unwrap_or(u8::MAX));
    (
        MARGIN + number(column) * (COLUMN_WIDTH + GUTTER),
        FIRST_ROW - number(row) * ROW_HEIGHT,
    )
}

/// Draws a parcel; whether a character is written as its number.
fn cell(page: &mut Page, (x, top): (f32, f32), names: &str, parcel: &HandedOver) -> bool {
    let length = letters_in(COLUMN_WIDTH, SIZE);
    let first = Letters::of(names).cut(length);
    page.text((x, top - SIZE), Font::Plain, SIZE, &first);
    let awb = parcel.awb.as_str();
    let carrier = parcel.carrier_name.as_deref().unwrap_or_default();
    let bars = Bars::of(awb).filter(|bars| module(bars) >= SMALLEST_MODULE);
    let bottom = top - ROW_HEIGHT + 3.0;
    let mut has_numbers = first.has_numbers;
    let lines = if let Some(bars) = bars {
        page.bars((x, bottom + SIZE), &bars, module(&bars), BAR_HEIGHT);
        vec![Letters::of(&format!("{awb}  {carrier}")).cut(length)]
    } else {
        // Too long for bars that can be read, or not in ASCII: the text has their place.
        Letters::of(&format!("{awb}  {carrier}")).lines(length, 3)
    };
    for (line, text) in (0u8..).zip(lines.iter().rev()) {
        let y = bottom + SIZE * f32::from(line);
        page.text((x, y), Font::Plain, SIZE, text);
        has_numbers |= text.has_numbers;
    }
    has_numbers
}

/// The width of a module with which bars fill the column at most.
fn module(bars: &Bars) -> f32 {
    (COLUMN_WIDTH / f32::from(bars.modules)).min(WIDEST_MODULE)
}

/// How many letters fit into this width.
fn letters_in(width: f32, size: f32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a page is some hundred letters wide"
    )]
    let count = (width / (LETTER_WIDTH * size)) as usize;
    count
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::ZlibDecoder;

    use super::*;

    fn manifest(parcels: usize) -> Manifest {
        let parcel = |number| HandedOver {
            order_number: format!("A-{number}").parse().unwrap(),
            shipment_code: None,
            awb: format!("AWB{number:09}").parse().unwrap(),
            carrier_name: Some("Express".to_owned()),
        };
        Manifest {
            id: "mft_1".parse().unwrap(),
            created_at: "2026-11-29T10:30:00Z".parse().unwrap(),
            courier_name: Some("Express".to_owned()),
            warehouse: Some("wh-1".parse().unwrap()),
            shipments: (1..=parcels).map(parcel).collect(),
        }
    }

    /// The drawing operators of each page.
    fn drawings(file: &[u8]) -> Vec<String> {
        let mut drawings = Vec::new();
        let mut rest = file;
        let find = |text: &[u8], word: &[u8]| text.windows(word.len()).position(|at| at == word);
        while let Some(at) = find(rest, b"stream\n") {
            rest = &rest[at + 7..];
            let end = find(rest, b"\nendstream").unwrap();
            let mut drawing = Vec::new();
            let mut decoder = ZlibDecoder::new(&rest[..end]);
            decoder.read_to_end(&mut drawing).unwrap();
            drawings.push(drawing.into_iter().map(char::from).collect());
            rest = &rest[end + 10..];
        }
        drawings
    }

    /// The texts that a page shows.
    fn texts(drawing: &str) -> Vec<String> {
        let shown = drawing.lines().filter_map(|line| line.strip_suffix(" Tj"));
        shown.map(text).collect()
    }

    /// The text of a string: in parentheses, or as hexadecimal numbers.
    fn text(string: &str) -> String {
        if let Some(digits) = string.strip_prefix('<') {
            let digits = digits.trim_end_matches('>');
            let pairs = (0..digits.len()).step_by(2);
            let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
            return pairs.map(byte).map(char::from).collect();
        }
        let inner = string.strip_prefix('(').unwrap().strip_suffix(')').unwrap();
        let mut characters = inner.chars();
        let mut text = String::new();
        while let Some(character) = characters.next() {
            match character {
                '\\' => text.extend(characters.next()),
                other => text.push(other),
            }
        }
        text
    }

    fn bars_drawn(drawing: &str) -> usize {
        drawing.lines().filter(|line| line.ends_with(" re")).count()
    }

    #[test]
    fn a_page_has_40_parcels_with_their_numbers_and_the_counts() {
        let pages = drawings(&pdf(&manifest(95)));
        assert_eq!(pages.len(), 3);
        for (page, first, last) in [(0, 1, 40), (1, 41, 80), (2, 81, 95)] {
            let texts = texts(&pages[page]);
            let has = |text: &str| texts.iter().any(|shown| shown == text);
            let shown = (1..=95).filter(|n| has(&format!("{n}. A-{n}")));
            assert_eq!(
                shown.collect::<Vec<_>>(),
                (first..=last).collect::<Vec<_>>()
            );
            assert!(has(&format!("AWB{last:09}  Express")));
            let counts = format!("Parcels {first} to {last} of 95   Page {} of 3", page + 1);
            for line in [
                counts.as_str(),
                "mft_1   2026-11-29 10:30 UTC",
                "Courier: Express",
                "Warehouse: wh-1",
                "Signature",
            ] {
                assert!(has(line), "{line}");
            }
        }
        assert_eq!(drawings(&pdf(&manifest(40))).len(), 1);
    }

    #[test]
    fn each_awb_has_its_bars() {
        let bars = |text: &str| Bars::of(text).unwrap().bars.len();
        let page = &drawings(&pdf(&manifest(3)))[0];
        assert_eq!(bars_drawn(page), bars("mft_1") + 3 * bars("AWB000000001"));
    }

    #[test]
    fn an_awb_without_bars_is_written_in_full() {
        let mut manifest = manifest(2);
        manifest.shipments[0].awb = "x".repeat(100).parse().unwrap();
        manifest.shipments[1].awb = "AWBé1".parse().unwrap();
        let page = &drawings(&pdf(&manifest))[0];
        assert_eq!(bars_drawn(page), Bars::of("mft_1").unwrap().bars.len());
        let texts = texts(page);
        let joined = texts.iter().rev().map(String::as_str).collect::<String>();
        let end = format!("{}xx  Express", "x".repeat(39));
        assert!(
            texts.contains(&"x".repeat(59)) && texts.contains(&end),
            "{joined}"
        );
        assert!(texts.contains(&"AWBé1  Express".to_owned()));
    }

    #[test]
    fn a_character_that_cannot_be_printed_is_written_as_its_number_and_explained() {
        let mut manifest = manifest(1);
        let explains = |page: &str| texts(page).iter().any(|text| text.starts_with("<U+...>"));
        assert!(!explains(&drawings(&pdf(&manifest))[0]));
        manifest.shipments[0].order_number = "न-1".parse().unwrap();
        let page = &drawings(&pdf(&manifest))[0];
        assert!(texts(page).contains(&"1. <U+0928>-1".to_owned()));
        assert!(explains(page));
    }

    #[test]
    fn a_text_cannot_leave_its_place() {
        let mut manifest = manifest(1);
        let name = format!("a) Tj (b\\{}", "c".repeat(500));
        manifest.courier_name = Some(name.clone());
        let texts = texts(&drawings(&pdf(&manifest))[0]);
        let shown: String = format!("Courier: {name}").chars().take(58).collect();
        assert!(texts.contains(&format!("{shown}\u{85}")), "{texts:?}");
    }
}
