//! The pages about aggregators are complete.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::aggregators::{all_configured, all_pushing};

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md");
const HEAD: &str = "\
# Account settings by aggregator

The credentials, URLs and settings of `PUT /logistic-accounts/{alias}` ([configuration.md](configuration.md)), as the
adapters declare them. The pages of the aggregators have more details.

Generated from the code by `UPDATE_DOCS=1 cargo test -p logistics`.
";

#[test]
fn the_documented_settings_are_current() {
    let mut page = HEAD.to_owned();
    for adapter in all_configured() {
        let described = adapter.form().described("aggregator");
        write!(page, "\n## {}\n{described}", adapter.name()).unwrap();
    }
    crate::docs::hold(COMMITTED, &page);
}

#[test]
fn names_are_unique_within_a_form() {
    for adapter in all_configured() {
        let form = adapter.form();
        let entries = form.credentials.iter().chain(form.urls);
        let names: Vec<_> = entries
            .map(|entry| entry.name)
            .chain(form.settings.iter().map(|setting| setting.name))
            .collect();
        let distinct: BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{}", adapter.name());
    }
}

/// The text of a page.
fn page(path: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    std::fs::read_to_string(format!("{root}/{path}")).unwrap_or_default()
}

/// One with our own vocabulary is a standard, which has a page of another kind.
#[test]
fn each_aggregator_has_a_page_and_is_named_in_the_others() {
    let vendors: Vec<_> = all_pushing()
        .filter(|adapter| !adapter.statuses().is_empty())
        .collect();
    assert!(!vendors.is_empty());
    for adapter in vendors {
        let folder = adapter.name().to_lowercase();
        let own = format!("docs/aggregators/{folder}.md");
        let text = page(&own);
        let title = text.lines().next().unwrap_or_default().replace("# ", "");
        assert!(!title.is_empty(), "there is no {own}, or it has no title");
        for (path, what) in [
            ("README.md", format!("{title}, ")),
            ("README.md", format!("[{title}]({own}),")),
            ("README.md", format!("\n| [{title}]({own}) |")),
            ("README.md", format!("\nput logistic-accounts/{folder} ")),
            ("docs/configuration.md", format!("\n| {title} |")),
            ("docs/simulators.md", format!("\n## {folder}: {title}\n")),
        ] {
            assert!(page(path).contains(&what), "{path} has no {what:?}");
        }
    }
}
