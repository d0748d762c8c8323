//! `cargo local bench --scenario <name>`: how forwarding behaves under load, one JSON object a scenario.
//!
//! The emulators and all clients run on the same machine, so the figures that count are CPU time and calls for each
//! notification, and ratios within one run.

mod clients;
mod load;

use clap::ValueEnum;
use serde::Serialize;

use super::Binaries;
use super::budgets::DEAD_RATIO;
use super::figure::Figure;
use clients::Kinds;
use load::{Load, Measured};

/// Endpoints of the fanned-out scenarios.
const ENDPOINTS: usize = 50;
/// Of these so many are dead, and as many slow, in the scenario of that name.
const UNWELL: usize = 5;

/// What can be put under load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// One healthy endpoint.
    Steady,
    /// 50 healthy endpoints, each wanting every notification.
    Fanout,
    /// The same, with 5 of them dead and 5 that take 10 s to answer.
    Dead,
}

/// The figures of a scenario.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioReport {
    /// Its name.
    pub scenario: String,
    /// What was measured.
    #[serde(flatten)]
    pub measured: Measured,
    /// The same load with all endpoints well, measured before in the same run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_well: Option<Measured>,
    /// From push to client, 99 of 100: the healthy endpoints' as a multiple of what it is when all are well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99_ratio: Option<Figure>,
}

/// Runs a scenario with so many pushes.
pub(super) async fn run(
    scenario: Scenario,
    binaries: &Binaries,
    pushes: usize,
) -> anyhow::Result<ScenarioReport> {
    let well = |healthy| Kinds {
        healthy,
        ..Kinds::default()
    };
    let load = |kinds| Load { kinds, pushes };
    let (measured, all_well) = match scenario {
        Scenario::Steady => (load(well(1)).measure(binaries).await?, None),
        Scenario::Fanout => (load(well(ENDPOINTS)).measure(binaries).await?, None),
        Scenario::Dead => {
            let all_well = load(well(ENDPOINTS)).measure(binaries).await?;
            let unwell = Kinds {
                healthy: ENDPOINTS - 2 * UNWELL,
                dead: UNWELL,
                slow: UNWELL,
            };
            (load(unwell).measure(binaries).await?, Some(all_well))
        }
    };
    let ratio = |all_well: &Measured| measured.end_to_end_p99_ms / all_well.end_to_end_p99_ms;
    Ok(ScenarioReport {
        scenario: format!("{scenario:?}").to_lowercase(),
        p99_ratio: all_well
            .as_ref()
            .map(|all_well| Figure::new(ratio(all_well), DEAD_RATIO)),
        measured,
        all_well,
    })
}
