//! `cargo local bench --scenario <name>`: how forwarding behaves under load, one JSON object a scenario.
//!
//! The emulators and all clients run on the same machine, so the figures that count are CPU time and calls for each
//! notification, and ratios within one run.

mod clients;
mod flood;
mod history;
mod import;
mod load;
mod progress;
mod recovery;

use clap::ValueEnum;
use serde::Serialize;

use crate::Binaries;
use crate::budgets::DEAD_RATIO;
use crate::figure::Figure;
use clients::Kinds;
use flood::Flood;
use history::History;
use load::{Load, Measured};
use recovery::Recovery;

/// Endpoints of the fanned-out scenarios.
const ENDPOINTS: usize = 50;
/// Of these so many are dead, and as many slow, in the scenario of that name.
const UNWELL: usize = 5;

/// Requests of the steady client beside a flood: 20 s.
const FLOOD_REQUESTS: usize = 400;

/// What can be put under load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// One healthy endpoint.
    Steady,
    /// 50 healthy endpoints, each wanting every notification.
    Fanout,
    /// The same, with 5 of them dead and 5 that take 10 s to answer.
    Dead,
    /// One endpoint that was down, with 100,000 deliveries waiting for it.
    Recovery,
    /// One client that calls ten times as often as it may, beside another.
    Flood,
    /// Pushes beside 1,000,000 stored notifications, against pushes to an empty table.
    History,
}

/// How much of it.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    /// How many notifications are pushed.
    pub pushes: usize,
    /// How many deliveries wait for the endpoint that comes back.
    pub waiting: usize,
    /// How many notifications are stored before the scenario `history`.
    pub stored: usize,
}

/// The figures of a scenario.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioReport {
    /// Its name.
    pub scenario: String,
    /// What was measured.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What was measured.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Outcome {
    /// Of notifications that were pushed.
    Pushed(Box<Pushed>),
    /// Of deliveries that waited.
    Drained(Recovery),
    /// Of a client beside one that floods.
    Flooded(Flood),
    /// Of pushes with and without a history.
    Compared(Box<History>),
}

/// What became of pushes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pushed {
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

/// Runs a scenario.
pub(super) async fn run(
    scenario: Scenario,
    binaries: &Binaries,
    amount: Amount,
) -> anyhow::Result<ScenarioReport> {
    let load = |kinds| Load {
        kinds,
        pushes: amount.pushes,
    };
    let well = |healthy| {
        load(Kinds {
            healthy,
            ..Kinds::default()
        })
    };
    let outcome = match scenario {
        Scenario::Steady => pushed(well(1), None, binaries).await?,
        Scenario::Fanout => pushed(well(ENDPOINTS), None, binaries).await?,
        Scenario::Dead => {
            let unwell = load(Kinds {
                healthy: ENDPOINTS - 2 * UNWELL,
                dead: UNWELL,
                slow: UNWELL,
            });
            pushed(unwell, Some(well(ENDPOINTS)), binaries).await?
        }
        Scenario::Flood => Outcome::Flooded(flood::measure(binaries, FLOOD_REQUESTS).await?),
        Scenario::History => {
            let history = history::measure(binaries, amount.stored, amount.pushes);
            let history = Box::pin(history).await?;
            Outcome::Compared(Box::new(history))
        }
        Scenario::Recovery => {
            let recovery = recovery::measure(binaries, amount.waiting);
            Outcome::Drained(Box::pin(recovery).await?)
        }
    };
    Ok(ScenarioReport {
        scenario: format!("{scenario:?}").to_lowercase(),
        outcome,
    })
}

/// Measures a load, after another that it is compared with.
async fn pushed(
    load: Load,
    all_well: Option<Load>,
    binaries: &Binaries,
) -> anyhow::Result<Outcome> {
    let all_well = match all_well {
        Some(load) => Some(load.measure(binaries).await?),
        None => None,
    };
    let measured = load.measure(binaries).await?;
    let ratio = |all_well: &Measured| measured.end_to_end_p99_ms / all_well.end_to_end_p99_ms;
    let p99_ratio = all_well
        .as_ref()
        .map(|all_well| Figure::new(ratio(all_well), DEAD_RATIO));
    Ok(Outcome::Pushed(Box::new(Pushed {
        measured,
        all_well,
        p99_ratio,
    })))
}
