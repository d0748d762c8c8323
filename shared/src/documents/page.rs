//! Pages of A4 with text, lines and bar codes, and the file that has them. Positions and sizes are in points from the lower
//! left corner.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use crate::documents::bars::Bars;
use crate::documents::letters::Letters;

/// The size of a page.
pub(super) const WIDTH: f32 = 595.0;
pub(super) const HEIGHT: f32 = 842.0;

/// The width of a letter of [`Font::Plain`], which are all equal, in parts of its size.
pub(super) const LETTER_WIDTH: f32 = 0.6;

/// The objects that all pages share.
const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFORMATION: Ref = Ref::new(3);
const PLAIN: Ref = Ref::new(4);
const BOLD: Ref = Ref::new(5);
/// The number of objects before those of the pages, of which each has two.
const SHARED: i32 = 5;

/// A font.
#[derive(Debug, Clone, Copy)]
pub(super) enum Font {
    /// Courier.
    Plain,
    /// Helvetica, bold.
    Bold,
}

impl Font {
    fn name(self) -> Name<'static> {
        match self {
            Self::Plain => Name(b"P"),
            Self::Bold => Name(b"B"),
        }
    }
}

/// The drawing of a page.
pub(super) struct Page {
    content: Content,
}

impl Page {
    pub(super) fn new() -> Self {
        Self {
            content: Content::new(),
        }
    }

    /// Writes a line of text.
    pub(super) fn text(&mut self, (x, y): (f32, f32), font: Font, size: f32, text: &Letters) {
        self.content.begin_text();
        self.content.set_font(font.name(), size);
        self.content.next_line(x, y);
        self.content.show(Str(&text.bytes));
        self.content.end_text();
    }

    /// Draws a horizontal line.
    pub(super) fn line(&mut self, (x, y): (f32, f32), length: f32) {
        self.content.set_line_width(0.5);
        self.content.move_to(x, y);
        self.content.line_to(x + length, y);
        self.content.stroke();
    }

    /// Draws bars of this height, with modules of this width.
    pub(super) fn bars(&mut self, (x, y): (f32, f32), bars: &Bars, module: f32, height: f32) {
        for (at, width) in &bars.bars {
            let (at, width) = (f32::from(*at) * module, f32::from(*width) * module);
            self.content.rect(x + at, y, width, height);
        }
        self.content.fill_nonzero();
    }

    /// The drawing operators.
    pub(super) fn finish(self) -> Vec<u8> {
        self.content.finish().into_vec()
    }
}

/// The PDF file of these pages.
pub(super) fn file(title: &str, pages: impl ExactSizeIterator<Item = Page>) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.catalog(CATALOG).pages(PAGES);
    pdf.document_info(INFORMATION).title(TextStr(title));
    for (id, name) in [(PLAIN, "Courier"), (BOLD, "Helvetica-Bold")] {
        let mut font = pdf.type1_font(id);
        font.base_font(Name(name.as_bytes()));
        font.encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    let page_id = |number: i32| Ref::new(SHARED + 2 * number - 1);
    pdf.pages(PAGES)
        .kids((1..=count).map(page_id))
        .count(count)
        .media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT));
    for (number, page) in (1..=count).zip(pages) {
        let id = page_id(number);
        write_page(&mut pdf, id, &page.finish());
    }
    pdf.finish()
}

fn write_page(pdf: &mut Pdf, id: Ref, drawing: &[u8]) {
    let content_id = Ref::new(id.get() + 1);
    let mut page = pdf.page(id);
    page.parent(PAGES).contents(content_id);
    let mut resources = page.resources();
    let mut fonts = resources.fonts();
    fonts.pair(Font::Plain.name(), PLAIN);
    fonts.pair(Font::Bold.name(), BOLD);
    fonts.finish();
    resources.finish();
    page.finish();
    match deflated(drawing) {
        Some(deflated) => {
            let mut stream = pdf.stream(content_id, &deflated);
            stream.filter(Filter::FlateDecode);
        }
        None => {
            pdf.stream(content_id, drawing);
        }
    }
}

/// The drawing in zlib's format; `None` cannot happen, because writing to memory does not fail.
fn deflated(drawing: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(drawing).ok()?;
    encoder.finish().ok()
}
