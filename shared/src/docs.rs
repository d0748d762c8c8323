//! Checks committed documents that are generated from the code.

/// Fails if a committed document is out of date. With `UPDATE_DOCS` set, it writes the file instead.
#[expect(
    clippy::disallowed_methods,
    reason = "a switch for developers, not configuration"
)]
pub(crate) fn hold(path: &str, present: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, present).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == present,
        "{path} is out of date: run UPDATE_DOCS=1 cargo test"
    );
}

/// Fails if the rows of a table below this head are out of date. With `UPDATE_DOCS` set, it writes them instead.
pub(crate) fn hold_table(path: &str, head: &str, rows: impl Iterator<Item = String>) {
    let page = std::fs::read_to_string(path).unwrap();
    let (before, table) = page.split_once(head).unwrap();
    let separator = table.lines().nth(1).unwrap();
    let after = table
        .lines()
        .skip(1)
        .skip_while(|line| line.starts_with('|'));
    let mut present = format!("{before}{head}\n{separator}\n");
    for line in rows.chain(after.map(str::to_owned)) {
        present.push_str(&line);
        present.push('\n');
    }
    hold(path, &present);
}
