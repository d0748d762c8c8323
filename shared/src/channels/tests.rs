//! The channels as a whole.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::channels::{all_configured, find_sending};

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/channel-settings.md");
const HEAD: &str = "\
# Account settings by channel

The credentials, URLs and settings of `PUT /channel-accounts/{alias}` ([configuration.md](configuration.md)), as the adapters
declare them. The pages of the channels have more details.

Generated from the code by `UPDATE_DOCS=1 cargo test -p logistics`.
";

#[test]
fn the_documented_settings_are_current() {
    let mut page = HEAD.to_owned();
    for adapter in all_configured() {
        let described = adapter.form().described("channel");
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

#[test]
fn an_account_has_a_webhook_url_exactly_if_its_channel_sends_webhooks() {
    for adapter in all_configured() {
        let sending = find_sending(&adapter.name().parse().unwrap());
        assert_eq!(
            adapter.sends_hooks(),
            sending.is_some(),
            "{}",
            adapter.name()
        );
    }
}

/// The text of a page.
fn page(path: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    std::fs::read_to_string(format!("{root}/{path}")).unwrap_or_default()
}

#[test]
fn each_channel_has_a_page_and_is_named_in_the_others() {
    for adapter in all_configured() {
        let folder = adapter.name().to_lowercase();
        let own = format!("docs/channels/{folder}.md");
        let text = page(&own);
        let title = text.lines().next().unwrap_or_default().replace("# ", "");
        assert!(!title.is_empty(), "there is no {own}, or it has no title");
        for (path, what) in [
            ("README.md", format!("[{title}]({own})")),
            (
                "docs/configuration.md",
                format!("\n| [{title}](channels/{folder}.md) |"),
            ),
        ] {
            assert!(page(path).contains(&what), "{path} has no {what:?}");
        }
    }
}
