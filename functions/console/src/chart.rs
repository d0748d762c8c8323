//! Charts as SVG, made here: columns of two parts. What a chart shows, the table beside it has in numbers.

/// The height of a chart, and the width of a column, in its own units.
const HEIGHT: u64 = 100;
const WIDTH: usize = 10;
/// The gap between two columns.
const GAP: usize = 2;

/// A column.
#[derive(Debug)]
pub(crate) struct Column {
    /// What it is of.
    pub(crate) label: String,
    /// The lower part.
    pub(crate) good: u64,
    /// The upper part.
    pub(crate) bad: u64,
}

/// A chart.
#[derive(Debug)]
pub(crate) struct Chart {
    /// What it shows, in a sentence.
    pub(crate) words: String,
    pub(crate) height: u64,
    columns: Vec<Column>,
    highest: u64,
}

/// A column as it is drawn.
pub(crate) struct Drawn<'a> {
    pub(crate) column: &'a Column,
    pub(crate) x: usize,
    pub(crate) width: usize,
    pub(crate) good: Segment,
    pub(crate) bad: Segment,
}

/// A segment of a column: where it begins, from above, and how high it is.
#[derive(Clone, Copy)]
pub(crate) struct Segment {
    pub(crate) y: u64,
    pub(crate) height: u64,
}

impl Chart {
    /// A chart of these columns.
    pub(crate) fn of(words: String, columns: Vec<Column>) -> Self {
        let highest = columns.iter().map(|column| column.good + column.bad).max();
        Self {
            words,
            height: HEIGHT,
            columns,
            highest: highest.unwrap_or_default(),
        }
    }

    /// Whether it shows nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.highest == 0
    }

    /// What the highest column stands for.
    pub(crate) fn highest(&self) -> u64 {
        self.highest
    }

    /// What the first column is of.
    pub(crate) fn first(&self) -> &str {
        self.columns.first().map_or("", |column| &column.label)
    }

    /// What the last column is of.
    pub(crate) fn last(&self) -> &str {
        self.columns.last().map_or("", |column| &column.label)
    }

    pub(crate) fn width(&self) -> usize {
        self.columns.len() * WIDTH
    }

    /// Its columns as they are drawn.
    pub(crate) fn drawn(&self) -> impl Iterator<Item = Drawn<'_>> {
        self.columns.iter().enumerate().map(|(index, column)| {
            let bad = self.height_of(column.bad);
            // What is not nothing is seen, also under a high column.
            let good = self.height_of(column.good).min(HEIGHT - bad);
            Drawn {
                column,
                x: index * WIDTH + GAP / 2,
                width: WIDTH - GAP,
                good: Segment {
                    y: HEIGHT - good,
                    height: good,
                },
                bad: Segment {
                    y: HEIGHT - good - bad,
                    height: bad,
                },
            }
        })
    }

    fn height_of(&self, value: u64) -> u64 {
        if value == 0 {
            return 0;
        }
        let height = value.saturating_mul(HEIGHT) / self.highest.max(1);
        height.clamp(2, HEIGHT)
    }
}
