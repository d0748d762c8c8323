//! The mapping of aggregators' status codes to our vocabulary, as data: adapters use it, and docs are generated from
//! it.

use crate::domain::notification::Meaning;

/// A code of an aggregator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AggregatorStatus {
    /// Its table; the same code may have different meanings in different tables of an aggregator.
    pub table: &'static str,
    /// The code.
    pub code: String,
    /// The aggregator's own name for it.
    pub name: &'static str,
    /// Its meaning for a forward shipment.
    pub forward: Meaning,
    /// Its meaning for a return.
    pub returning: Meaning,
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fmt::Write;

    use super::*;
    use crate::aggregators;
    use crate::domain::status_mappings::CodeMeanings;

    const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/statuses.md");
    const HEAD: &str = "# Status codes of the aggregators

Generated from the code by `UPDATE_DOCS=1 cargo test -p logistics`.

Each code maps to a [notification type](notifications.md), is unmapped, or is ignored.

- **Unmapped**: the code tells something about a parcel, but no type clearly has that meaning, or the code is not listed here.
  It is stored, answered `UNMAPPED`, not forwarded, and listed by `GET /notifications?status=unmapped` and
  `GET /unmapped-statuses`. The configuration of an account [can map it](configuration.md#unmapped-statuses).
- **Ignored**: the code is about the processing of an order before the courier is involved, or has no meaning for a client. It
  is stored, answered `IGNORED`, and not forwarded.

Names are the aggregators' own; RMS uses only the codes.
";

    fn word(meaning: Meaning) -> String {
        match meaning {
            Meaning::Word(word) | Meaning::Mapped(word) => word.to_string(),
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
                write!(page, "\n## {name}, {table}\n\n| code | name | forward | return |\n|---|---|---|---|\n").unwrap();
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
    fn the_committed_page_is_current() {
        crate::docs::hold(COMMITTED, &page());
    }

    /// Some aggregators mark a code with its table.
    #[test]
    fn each_code_has_the_documented_meanings_as_it_is_pushed() {
        for aggregator in aggregators::all_pushing() {
            for status in aggregator.statuses() {
                let documented = CodeMeanings {
                    forward: status.forward,
                    returning: status.returning,
                };
                let marked = |mark: &str| aggregator.meanings(&format!("{mark}{}", status.code));
                let mut read = ["", "S", "E"].into_iter().map(marked);
                let is_read = read.any(|meanings| meanings == Some(documented));
                assert!(is_read, "{} {status:?}", aggregator.name());
            }
        }
    }

    #[test]
    fn codes_are_unique_within_a_table() {
        for aggregator in aggregators::all_pushing() {
            let mut seen = BTreeSet::new();
            for status in aggregator.statuses() {
                let key = (status.table, status.code.clone());
                assert!(seen.insert(key), "{} {status:?}", aggregator.name());
            }
        }
    }
}
