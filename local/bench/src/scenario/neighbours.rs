//! Many clients, each with one endpoint, of which some are dead and some are slow: what that does to the healthy ones. With
//! the instances and batches of `cargo local`, and a fixed number of pushes per second whatever the answers take.

use std::time::Duration;

use local::stack::Stack;
use logistics::config::LOCAL_TARGETS;
use serde::Serialize;
use simulators::sink::Sink;

use crate::Binaries;
use crate::budgets::DEAD_RATIO;
use crate::figure::{Figure, quantile};
use crate::progress;
use crate::scenario::client::Client;
use crate::scenario::clients::{Clients, Kinds};
use crate::scenario::load::all_arrive;
use crate::scenario::steady::{latencies, push_in_turn};

const CLIENTS: usize = 50;
/// This many clients' systems are dead, and as many are slow.
const UNWELL: usize = 5;
/// As an endpoint has without a setting.
const LANES: u16 = 32;
const PER_SECOND: f64 = 150.0;
/// To each client before measuring.
const WARM_UP: usize = 2;
/// To each client.
const PUSHES: usize = 60;

/// The measurements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Neighbours {
    /// Number of clients with one endpoint each.
    pub clients: usize,
    /// Pushes per second to all of them.
    pub per_second: f64,
    /// With all systems healthy.
    pub all_well: Healthy,
    /// With one in ten dead and one in ten slow.
    pub some_unwell: Healthy,
    /// The p99 of the healthy systems beside the others, as a multiple of that with all healthy.
    pub p99_ratio: Figure,
}

/// From a push to the healthy systems.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Healthy {
    /// Number of deliveries.
    pub count: usize,
    /// The median.
    pub p50_ms: f64,
    /// The 99th percentile.
    pub p99_ms: f64,
}

/// Measures with all systems healthy, and then with some dead and slow ones.
pub(super) async fn measure(binaries: &Binaries, rate: Option<f64>) -> anyhow::Result<Neighbours> {
    let rate = rate.unwrap_or(PER_SECOND);
    let all_well = Kinds {
        healthy: CLIENTS,
        ..Kinds::default()
    };
    let some_unwell = Kinds {
        healthy: CLIENTS - 2 * UNWELL,
        slow: UNWELL,
        dead: UNWELL,
    };
    progress("all endpoints healthy");
    let all_well = run(binaries, all_well, rate).await?;
    progress("one in ten dead, one in ten slow");
    let some_unwell = run(binaries, some_unwell, rate).await?;
    Ok(Neighbours {
        clients: CLIENTS,
        per_second: rate,
        p99_ratio: Figure::new(some_unwell.p99_ms / all_well.p99_ms, DEAD_RATIO),
        all_well,
        some_unwell,
    })
}

async fn run(binaries: &Binaries, kinds: Kinds, rate: f64) -> anyhow::Result<Healthy> {
    let systems = Clients::start(kinds).await?;
    let mut options = binaries.options();
    let targets = (LOCAL_TARGETS.to_owned(), systems.targets());
    options.environment.extend([targets]);
    let stack = Stack::start(options).await?;
    let mut clients = Vec::with_capacity(CLIENTS);
    for (number, address) in systems.addresses().iter().enumerate() {
        let client = Client::new(&stack, &format!("neighbour-{number}")).await?;
        client.add_endpoint("only", address, LANES).await?;
        clients.push(client);
    }
    let pushers: Vec<_> = clients.iter().map(|client| &client.pusher).collect();
    let pace = Duration::try_from_secs_f64(1.0 / rate)?;
    push_in_turn(&pushers, "W", pace, CLIENTS * WARM_UP).await?;
    all_arrive(&systems.healthy, WARM_UP).await?;
    systems.healthy.iter().for_each(Sink::clear);
    let told = push_in_turn(&pushers, "N", pace, CLIENTS * PUSHES).await?;
    let arrived = all_arrive(&systems.healthy, PUSHES).await?;
    stack.stop().await;
    let latencies = latencies(&told, &arrived)?;
    Ok(Healthy {
        count: latencies.len(),
        p50_ms: quantile(&latencies, 0.5),
        p99_ms: quantile(&latencies, 0.99),
    })
}
