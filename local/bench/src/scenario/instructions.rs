//! How many instructions a push, a delivery, a label and a page of the console cost, counted by callgrind: the same on any
//! machine of a kind, and under any load.
//!
//! A function runs under valgrind for a few requests, and again for many. The difference, divided by the additional requests,
//! contains no start. Valgrind has no SHA instructions, so hashing counts more than it costs.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use local::stack::{Options, Stack};
use logistics::domain::endpoint::DEFAULT_LANES;
use logistics::domain::message::MessageSubject;
use logistics::domain::text::ClientId;
use serde::Serialize;
use tokio::process::Command;

use crate::Binaries;
use crate::budgets::{INSTRUCTIONS_BATCH, INSTRUCTIONS_PUSH};
use crate::figure::{Figure, rounded};
use crate::memory::{FORWARD, PUSH};
use crate::progress;
use crate::pushes::Pusher;
use crate::requests::Caller;
use crate::scenario::console::CONSOLE;
use crate::scenario::console::pages::{Page, SHORT, pages};
use crate::scenario::console::visitor::Visitor;
use crate::traffic::quiet;

const LABEL: &str = "generate-label";
/// Pages of one route of the API each.
const PAGES: [&str; 2] = ["accounts", "shipment"];
/// Requests before the slope begins: they connect, and fill the caches.
const FEW: usize = 5;
const MANY: usize = 45;
/// Deliveries in a batch.
const BATCH: usize = 10;
/// A function under valgrind is about fifty times slower.
const PATIENCE: Duration = Duration::from_mins(5);

/// Millions of instructions.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Instructions {
    /// Of an accepted push about a known shipment: three AWS calls.
    pub push: Figure,
    /// Of the first push of a shipment: four AWS calls.
    pub first_push: f64,
    /// Of a batch of ten deliveries.
    pub batch_of_ten: Figure,
    /// Of a label, by account.
    pub labels: BTreeMap<String, f64>,
    /// Of a page of the console.
    pub pages: BTreeMap<&'static str, PageInstructions>,
}

/// Of a page, and of the same read through the API.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInstructions {
    pub page: f64,
    pub api: f64,
}

/// Which requests are counted.
enum Work<'a> {
    /// To the shipments of as many pushes before.
    Pushes,
    FirstPushes,
    Batches,
    Labels(&'a str),
    Pages(&'a Page),
    /// What the page shows, asked of the API.
    Routes(&'a Page),
}

impl Work<'_> {
    fn function(&self) -> &'static str {
        match self {
            Self::Pushes | Self::FirstPushes => PUSH,
            Self::Batches => FORWARD,
            Self::Labels(_) => LABEL,
            Self::Pages(_) => CONSOLE,
            Self::Routes(page) => page.routes.first().map_or(CONSOLE, |route| route.function),
        }
    }

    async fn make(&self, stack: &mut Stack, count: usize) -> anyhow::Result<()> {
        match self {
            Self::Pushes => {
                push(stack, 0, MANY).await?;
                push(stack, 1, count).await
            }
            Self::FirstPushes => push(stack, 0, count).await,
            Self::Batches => {
                for shipment in shipments_of_ten_lanes(stack, count)? {
                    Pusher::new(stack)?.push(&shipment, 0).await?;
                }
                stack.release_queues();
                let sink = stack.sink().context("the stack has no sink")?;
                sink.wait_for(count * BATCH, PATIENCE).await?;
                quiet(stack).await;
                Ok(())
            }
            Self::Labels(alias) => {
                let caller = Caller::new(stack)?;
                for order in 0..count {
                    caller.label(alias, order).await?;
                }
                Ok(())
            }
            Self::Pages(page) => {
                let visitor = visitor(stack).await?;
                for _ in 0..count {
                    visitor.open(page).await?;
                }
                Ok(())
            }
            Self::Routes(page) => {
                let visitor = visitor(stack).await?;
                for _ in 0..count {
                    visitor.ask(page).await?;
                }
                Ok(())
            }
        }
    }
}

pub(super) async fn measure(binaries: &Binaries) -> anyhow::Result<Instructions> {
    let mut labels = BTreeMap::new();
    for alias in ["clickpost", "shiprocket"] {
        let millions = slope(binaries, &Work::Labels(alias)).await?;
        labels.insert(alias.to_owned(), rounded(millions));
    }
    Ok(Instructions {
        push: Figure::new(slope(binaries, &Work::Pushes).await?, INSTRUCTIONS_PUSH),
        first_push: rounded(slope(binaries, &Work::FirstPushes).await?),
        batch_of_ten: Figure::new(slope(binaries, &Work::Batches).await?, INSTRUCTIONS_BATCH),
        labels,
        pages: of_pages(binaries).await?,
    })
}

async fn of_pages(binaries: &Binaries) -> anyhow::Result<BTreeMap<&'static str, PageInstructions>> {
    let mut counted = BTreeMap::new();
    let all = pages("", &[]);
    for page in all.iter().filter(|page| PAGES.contains(&page.name)) {
        let figures = PageInstructions {
            page: rounded(slope(binaries, &Work::Pages(page)).await?),
            api: rounded(slope(binaries, &Work::Routes(page)).await?),
        };
        counted.insert(page.name, figures);
    }
    Ok(counted)
}

/// Millions of instructions for each of the additional requests.
async fn slope(binaries: &Binaries, work: &Work<'_>) -> anyhow::Result<f64> {
    let few = counted(binaries, work, FEW).await?;
    let many = counted(binaries, work, MANY).await?;
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let each = (many.saturating_sub(few)) as f64 / (MANY - FEW) as f64;
    Ok(each / 1e6)
}

/// The instructions of a function's only process for this many requests, with its start.
async fn counted(binaries: &Binaries, work: &Work<'_>, count: usize) -> anyhow::Result<u64> {
    let function = work.function();
    progress(&format!("{function}: {count} under callgrind"));
    let directory = tempfile::tempdir()?;
    let counts = directory.path().join("counts");
    let mut functions = binaries.functions.clone();
    let program = functions.get_mut(function).context("no such function")?;
    *program = under_callgrind(directory.path(), program, &counts)?;
    let mut stack = Stack::start(Options {
        count_calls: true,
        hold_queues: true,
        instance_limit: 1,
        batches_at_a_time: 1,
        binaries: Some(functions),
        ..binaries.options()
    })
    .await?;
    work.make(&mut stack, count).await?;
    end(&stack, function).await?;
    stack.stop().await;
    total(&std::fs::read_to_string(&counts)?)
}

/// Writes a program that runs another one under callgrind.
fn under_callgrind(directory: &Path, program: &Path, counts: &Path) -> anyhow::Result<PathBuf> {
    let script = directory.join("function");
    let (program, counts) = (program.display(), counts.display());
    std::fs::write(
        &script,
        format!(
            "#!/bin/sh\nexec valgrind -q --tool=callgrind --callgrind-out-file='{counts}' '{program}'\n"
        ),
    )?;
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755))?;
    Ok(script)
}

/// Ends the function's process, so that callgrind writes its counts.
async fn end(stack: &Stack, function: &str) -> anyhow::Result<()> {
    let ids = stack.process_ids(function);
    let [id] = ids.as_slice() else {
        anyhow::bail!("{function} has {} processes, expected 1", ids.len());
    };
    let ended = Command::new("kill").arg(id.to_string()).status().await?;
    ensure!(ended.success(), "cannot end {function}");
    while Path::new(&format!("/proc/{id}/cmdline")).exists() && !is_zombie(*id) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

fn is_zombie(id: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| {
        stat.rsplit_once(") ")
            .is_some_and(|(_, rest)| rest.starts_with('Z'))
    })
}

fn total(counts: &str) -> anyhow::Result<u64> {
    let totals = counts
        .lines()
        .find_map(|line| line.strip_prefix("totals: "));
    Ok(totals
        .context("callgrind counted nothing")?
        .trim()
        .parse()?)
}

/// Shipments whose messages wait in ten lanes, so many in each: the only poller then always gets one of each lane.
fn shipments_of_ten_lanes(stack: &Stack, of_each: usize) -> anyhow::Result<Vec<String>> {
    let demo = stack.demo().context("the stack has no demo")?;
    let client: ClientId = demo.client_id.parse()?;
    let mut lanes: BTreeMap<u64, usize> = BTreeMap::new();
    let mut shipments = Vec::with_capacity(of_each * BATCH);
    for number in 0.. {
        if shipments.len() == of_each * BATCH {
            break;
        }
        let shipment = format!("S{number}");
        let subject = MessageSubject::ForwardOrder(shipment.parse()?);
        let lane = subject.lane_seed(&client) % u64::from(DEFAULT_LANES);
        let full = lanes
            .get(&lane)
            .map_or(lanes.len() == BATCH, |some| *some == of_each);
        if !full {
            *lanes.entry(lane).or_default() += 1;
            shipments.push(shipment);
        }
    }
    Ok(shipments)
}

/// Signed in, and with a shipment to show.
async fn visitor(stack: &Stack) -> anyhow::Result<Visitor> {
    Pusher::new(stack)?.push(SHORT, 0).await?;
    Visitor::sign_in(stack).await
}

async fn push(stack: &Stack, step: usize, count: usize) -> anyhow::Result<()> {
    let pusher = Pusher::new(stack)?;
    for shipment in 0..count {
        pusher.push(&format!("S{shipment}"), step).await?;
    }
    Ok(())
}
