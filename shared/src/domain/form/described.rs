//! A form as a part of a generated page.

use std::fmt::Write as _;

use crate::domain::form::{AccountForm, FormEntry, FormSetting};

impl AccountForm {
    /// Its fields as tables, and what to enter at the partner, which the page calls `partner`.
    pub(crate) fn described(&self, partner: &str) -> String {
        let mut page = String::new();
        entries(&mut page, "credential", self.credentials);
        entries(&mut page, "URL", self.urls);
        settings(&mut page, self.settings);
        write!(page, "\nAt the {partner}:\n\n").unwrap();
        for sentence in self.at_the_partner {
            writeln!(page, "- {sentence}").unwrap();
        }
        page
    }
}

fn entries(page: &mut String, title: &str, entries: &[FormEntry]) {
    write!(page, "\n| {title} | | |\n|---|---|---|\n").unwrap();
    for FormEntry {
        name,
        help,
        is_needed,
        ..
    } in entries
    {
        let needed = if *is_needed { "required" } else { "optional" };
        writeln!(page, "| `{name}` | {needed} | {help} |").unwrap();
    }
}

fn settings(page: &mut String, settings: &[FormSetting]) {
    if settings.is_empty() {
        page.push_str("\nThere are no settings.\n");
        return;
    }
    page.push_str("\n| setting | per warehouse | value | |\n|---|---|---|---|\n");
    for setting in settings {
        let names = setting.described_name().replace(", ", "`, `");
        let warehouse = if setting.per_warehouse { "yes" } else { "no" };
        let (kind, help) = (setting.kind.allowed(), setting.help);
        writeln!(page, "| `{names}` | {warehouse} | {kind} | {help} |").unwrap();
    }
}
