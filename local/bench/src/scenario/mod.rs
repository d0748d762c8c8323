//! `cargo local bench --scenario <name>`: how the functions behave under load, one JSON object per scenario.
//!
//! The emulators and all clients run on the same machine, so the meaningful figures are CPU time and calls per
//! notification, and ratios within one run.

mod calls;
mod channel;
mod client;
mod clients;
mod console;
mod flood;
mod fulfilment;
mod growth;
mod history;
mod hostile;
mod import;
mod instructions;
mod large;
mod load;
mod neighbours;
mod progress;
mod recovery;
mod returns;
mod shares;
mod steady;

use clap::ValueEnum;
use serde::Serialize;

use crate::Binaries;
use crate::budgets::DEAD_RATIO;
use crate::figure::Figure;
use crate::speed::{self, Speed};
use channel::Channel;
use clients::Kinds;
use console::ConsolePages;
use flood::Flood;
use fulfilment::Fulfilment;
use growth::Growth;
use history::History;
use hostile::Hostile;
use instructions::Instructions;
use load::{Load, Measured};
use neighbours::Neighbours;
use recovery::Recovery;
use returns::Returns;
use shares::Shares;

/// Number of endpoints in the scenarios with fan-out.
const ENDPOINTS: usize = 50;
/// In the scenario `dead`, this many of them are dead and this many are slow.
const UNWELL: usize = 5;

/// Requests of each steady client in each half of the scenario `flood`: 20 s.
const FLOOD_REQUESTS: usize = 400;

/// A load scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// One healthy endpoint.
    Steady,
    /// 50 healthy endpoints, each receiving every notification.
    Fanout,
    /// 50 endpoints, of which 5 are dead and 5 take 10 s to answer.
    Dead,
    /// 50 clients with one endpoint each, of which 5 are dead and 5 slow, at 150 pushes a second.
    Neighbours,
    /// One endpoint that recovers from an outage with 100,000 waiting deliveries.
    Recovery,
    /// One client that exceeds its rate limit tenfold, next to steady clients.
    Flood,
    /// One client whose endpoints turn silent, next to a steady client.
    Hostile,
    /// Pushes with 1,000,000 stored notifications, compared with an empty table.
    History,
    /// Pushes with many events, compared with pushes of one event.
    Large,
    /// 500 return orders and their results, compared with pushes.
    Returns,
    /// A poll of 10,000 changed orders, beside the same listing by pymagento; the stock of 1,000 articles.
    Channel,
    /// The cost of a unit with 1 to 10,000 endpoints, accounts, events and stored notifications.
    Growth,
    /// A push, a label and a push with 1,000 events at the processor share of functions with little memory; needs root.
    Shares,
    /// The instructions of a push, a batch of deliveries and a label, counted by callgrind; needs valgrind.
    Instructions,
    /// 500 questions about prices, compared with pushes; recommendations with and without dates of delivery; lists of 100 outbound
    /// orders.
    Fulfilment,
    /// The console's pages, each beside the same read through the API; the page of a shipment with 1,000 events.
    Console,
    /// Pushes by 8 connections as fast as they are answered.
    Speed,
}

/// The size of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    /// Number of notifications to push.
    pub pushes: usize,
    /// Pushes per second in the scenarios `steady`, `fanout`, `dead` and `neighbours`, whatever the answers take; `None` is a rate that no machine
    /// finds high.
    pub rate: Option<f64>,
    /// Number of deliveries waiting for the recovering endpoint.
    pub waiting: usize,
    /// Number of notifications stored before the scenario `history`.
    pub stored: usize,
}

/// The figures of a scenario.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioReport {
    /// The scenario's name.
    pub scenario: String,
    /// The measurements.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// The measurements of a scenario.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Outcome {
    /// Of pushed notifications.
    Pushed(Box<Pushed>),
    /// Of waiting deliveries.
    Drained(Recovery),
    /// Of a client during another client's flood.
    Flooded(Flood),
    /// Of a client during another client's attack.
    Attacked(Box<Hostile>),
    /// Of pushes with and without a history.
    Compared(Box<History>),
    /// Of pushes with many events.
    Large(Box<large::Large>),
    /// Of return orders and their results.
    Returned(Box<Returns>),
    /// Of a channel's orders and stock.
    Polled(Box<Channel>),
    /// Of clients beside others.
    Beside(Neighbours),
    /// By size.
    Grown(Box<Growth>),
    /// By memory.
    Shared(Box<Shares>),
    /// In instructions.
    Counted(Box<Instructions>),
    /// Of prices and dates of delivery.
    Priced(Box<Fulfilment>),
    /// Of the console's pages.
    Shown(Box<ConsolePages>),
    /// Of pushes by several connections.
    Fast(Speed),
}

/// The measurements of pushes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pushed {
    /// The measurements.
    #[serde(flatten)]
    pub measured: Measured,
    /// The same load with all endpoints healthy, measured earlier in the same run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_well: Option<Measured>,
    /// The p99 from push to client: the healthy endpoints' as a multiple of the p99 with all endpoints healthy.
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
        rate: amount.rate,
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
        Scenario::Neighbours => Outcome::Beside(neighbours::measure(binaries, amount.rate).await?),
        Scenario::Flood => Outcome::Flooded(flood::measure(binaries, FLOOD_REQUESTS).await?),
        Scenario::Hostile => {
            let hostile = Box::pin(hostile::measure(binaries)).await?;
            Outcome::Attacked(Box::new(hostile))
        }
        Scenario::History => {
            let history = history::measure(binaries, amount.stored, amount.pushes);
            let history = Box::pin(history).await?;
            Outcome::Compared(Box::new(history))
        }
        Scenario::Recovery => {
            let recovery = recovery::measure(binaries, amount.waiting);
            Outcome::Drained(Box::pin(recovery).await?)
        }
        Scenario::Large => {
            let large = Box::pin(large::measure(binaries)).await?;
            Outcome::Large(Box::new(large))
        }
        Scenario::Returns => {
            let returns = Box::pin(returns::measure(binaries)).await?;
            Outcome::Returned(Box::new(returns))
        }
        Scenario::Channel => {
            let channel = Box::pin(channel::measure(binaries)).await?;
            Outcome::Polled(Box::new(channel))
        }
        Scenario::Growth => {
            let growth = Box::pin(growth::measure(binaries)).await?;
            Outcome::Grown(Box::new(growth))
        }
        Scenario::Shares => {
            let shares = Box::pin(shares::measure(binaries)).await?;
            Outcome::Shared(Box::new(shares))
        }
        Scenario::Instructions => {
            let counted = Box::pin(instructions::measure(binaries)).await?;
            Outcome::Counted(Box::new(counted))
        }
        Scenario::Fulfilment => {
            let fulfilment = Box::pin(fulfilment::measure(binaries)).await?;
            Outcome::Priced(Box::new(fulfilment))
        }
        Scenario::Console => {
            let pages = Box::pin(console::measure(binaries)).await?;
            Outcome::Shown(Box::new(pages))
        }
        Scenario::Speed => Outcome::Fast(speed::measure(binaries, amount.pushes).await?),
    };
    Ok(ScenarioReport {
        scenario: format!("{scenario:?}").to_lowercase(),
        outcome,
    })
}

/// Measures a load, after the load that it is compared with.
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
