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
