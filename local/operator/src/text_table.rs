//! Tables for people: a line for each row, in columns, without frames, so that a line can be copied and filtered.

use comfy_table::{ContentArrangement, Table, presets};

/// The rows below their column names; `nothing` if there are none.
pub(crate) fn table<const COLUMNS: usize>(
    columns: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
    nothing: &str,
) -> String {
    let mut rows = rows.into_iter().peekable();
    if rows.peek().is_none() {
        return nothing.to_owned();
    }
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(columns)
        .add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// A value, or a dash if there is none.
pub(crate) fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// An age in the largest unit that is at least 1.
pub(crate) fn age(seconds: i64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min")];
    let unit = units.into_iter().find(|(length, _)| seconds >= *length);
    unit.map_or_else(
        || format!("{seconds} s"),
        |(length, unit)| format!("{} {unit}", seconds / length),
    )
}
