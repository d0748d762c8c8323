//! Checks that `docs/metrics.md` lists every metric as it is declared.

use crate::telemetry::metrics::declared::{Declaration, Kind, Metric};

#[test]
fn the_page_lists_every_metric() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/metrics.md");
    let rows = Metric::all().map(|metric| {
        let Declaration {
            kind,
            unit,
            labels,
            meaning,
        } = metric.declaration();
        let kind = match kind {
            Kind::Count => "sum",
            Kind::Values => "percentiles",
            Kind::Level => "maximum",
        };
        let by: Vec<String> = labels
            .names()
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        format!(
            "| `{}` | {unit} | {kind} | {} | {meaning} |",
            metric.name(),
            by.join(", ")
        )
    });
    crate::docs::hold_table(page, "| metric | unit | statistic | by | meaning |", rows);
}
