//! How far a long scenario is.

use indicatif::{ProgressBar, ProgressStyle};

/// On standard error, and only if that is a terminal.
pub(super) fn bar(length: usize, what: &str) -> ProgressBar {
    let template = format!("{{bar:40}} {{pos}} of {{len}} {what}, {{eta}} left");
    let bar = ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX));
    match ProgressStyle::with_template(&template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
