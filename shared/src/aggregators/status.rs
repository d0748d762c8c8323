//! What aggregators' status codes mean in our vocabulary, as data: adapters translate by it and the docs are made of it.

use crate::domain::notification::Meaning;

/// One code of an aggregator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AggregatorStatus {
    /// The table that it is of; the same code may mean another thing in another table of the same aggregator.
    pub table: &'static str,
    /// The code.
    pub code: String,
    /// The aggregator's own name of it.
    pub name: &'static str,
    /// What it means of a forward shipment.
    pub forward: Meaning,
    /// What it means of a return.
    pub returning: Meaning,
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fmt::Write;

    use super::*;
    use crate::aggregators;

    const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/statuses.md");
    const HEAD: &str = "# What aggregators' status codes become

Made from the code: `UPDATE_DOCS=1 cargo test` rewrites it.

Each code becomes a word of [the vocabulary](notifications.md), is unmapped, or is ignored.

- **Unmapped**: it is news of a parcel, but no word plainly says it, or the code is not here. It is stored, answered
  `UNMAPPED`, not forwarded, and listed by `GET /notifications?status=unmapped`.
- **Ignored**: it tells what is done with an order before a courier has to do with it, or that there is nothing to tell. It
  is stored, answered `IGNORED`, and not forwarded.

Names are the aggregators' own; only codes are looked at.
";

    fn word(meaning: Meaning) -> String {
        match meaning {
            Meaning::Word(word) => word.to_string(),
            Meaning::Ignored => "ignored".to_owned(),
            Meaning::Unmapped => "unmapped".to_owned(),
        }
    }

    fn page() -> String {
        let mut page = HEAD.to_owned();
        for aggregator in aggregators::all_pushing() {
            let mut tables: BTreeMap<&str, Vec<AggregatorStatus>> = BTreeMap::new();
            for status in aggregator.statuses() {
                tables.entry(status.table).or_default().push(status);
            }
            for (table, statuses) in tables {
                let name = aggregator.name();
                write!(page, "\n## {name}, {table}\n\n| code | its name | forward | return |\n|---|---|---|---|\n").unwrap();
                for status in statuses {
                    let (forward, returning) = (word(status.forward), word(status.returning));
                    writeln!(
                        page,
                        "| {} | {} | {forward} | {returning} |",
                        status.code, status.name
                    )
                    .unwrap();
                }
            }
        }
        page
    }

    #[test]
    fn the_committed_page_is_the_present_one() {
        crate::docs::hold(COMMITTED, &page());
    }

    #[test]
    fn a_code_stands_once_in_its_table() {
        for aggregator in aggregators::all_pushing() {
            let mut seen = BTreeSet::new();
            for status in aggregator.statuses() {
                let key = (status.table, status.code.clone());
                assert!(seen.insert(key), "{} {status:?}", aggregator.name());
            }
        }
    }
}
