//! What was accepted and delivered, by day. Counted when it happened: two queries, whatever the history is.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use futures::future::try_join;
use logistics::clock;
use logistics::domain::client::Scope;
use logistics::domain::statistics::{Counts, Day, hour_of};
use logistics::edge::problem::Problem;
use logistics::store::statistics::CountedDay;

use crate::api::Api;
use crate::chart::{Chart, Column};
use crate::failure::Shown;
use crate::frame::Frame;
use crate::respond::page;

/// How many days are shown, if nothing else is asked for.
const DAYS: i64 = 7;
/// How many days are shown at most.
const MOST_DAYS: i64 = 31;
/// The classes of ages in words.
const AGES: [&str; 7] = [
    "within 1 s",
    "within 5 s",
    "within 30 s",
    "within 1 min",
    "within 5 min",
    "within 1 h",
    "over 1 h",
];

/// Counts with what they are of.
struct Line {
    name: String,
    accepted: u64,
    delivered: u64,
    failed: u64,
    /// Within what time half of the deliveries, and nine of ten, arrived.
    median: &'static str,
    most: &'static str,
}

/// What each aggregator pushed on a day.
struct Pushed {
    day: String,
    counts: Vec<u64>,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    days: i64,
    accepted: Chart,
    ended: Chart,
    by_day: Vec<Line>,
    by_endpoint: Vec<Line>,
    aggregators: Vec<String>,
    pushed: Vec<Pushed>,
}

impl Line {
    fn of(name: String, counts: &Counts) -> Self {
        let (accepted, delivered, failed) = counts.totals();
        let within = |percent| {
            let class = counts.age_within(percent);
            class
                .and_then(|class| AGES.get(class))
                .copied()
                .unwrap_or("–")
        };
        Self {
            name,
            accepted,
            delivered,
            failed,
            median: within(50),
            most: within(90),
        }
    }
}

/// The last days.
pub(crate) async fn show(api: &Api<'_>) -> Shown {
    api.admit(Scope::Notifications).await?;
    let days = api.parameter("days").parse().unwrap_or(DAYS);
    let days = days.clamp(1, MOST_DAYS);
    let (today, _) = hour_of(clock::now());
    let span = (today.minus(days - 1), today);
    let client = &api.visitor.caller().client_id;
    let (aggregators, endpoints) = try_join(
        api.statistics.of_aggregators(client, span),
        api.statistics.of_endpoints(client, span),
    )
    .await
    .map_err(Problem::from)?;
    let frame = Frame::of(api, "/console/overview");
    Ok(page(&overview(
        frame,
        days,
        today,
        &aggregators,
        &endpoints,
    ))?)
}

fn overview(
    frame: Frame,
    days: i64,
    today: Day,
    aggregators: &[CountedDay],
    endpoints: &[CountedDay],
) -> OverviewPage {
    let all_days: Vec<Day> = (0..days).map(|before| today.minus(before)).collect();
    let of_days = summed(aggregators.iter().chain(endpoints), |counted| counted.day);
    let of_endpoints = summed(endpoints, |counted| counted.name.clone());
    let of_pushes = summed(aggregators, |counted| (counted.day, counted.name.clone()));
    let none = Counts::default();
    let on = |day: &Day| of_days.get(day).unwrap_or(&none);
    let names: BTreeSet<&String> = aggregators.iter().map(|counted| &counted.name).collect();
    let columns = |good: fn((u64, u64, u64)) -> (u64, u64)| {
        let columns = all_days.iter().rev().map(|day| {
            let (good, bad) = good(on(day).totals());
            Column {
                label: day.date().to_string(),
                good,
                bad,
            }
        });
        columns.collect::<Vec<_>>()
    };
    OverviewPage {
        frame,
        days,
        accepted: Chart::of(
            format!("Accepted notifications on each of the last {days} days"),
            columns(|(accepted, _, _)| (accepted, 0)),
        ),
        ended: Chart::of(
            format!("Deliveries that arrived and that failed on each of the last {days} days"),
            columns(|(_, delivered, failed)| (delivered, failed)),
        ),
        by_day: all_days
            .iter()
            .map(|day| Line::of(day.date().to_string(), on(day)))
            .collect(),
        by_endpoint: of_endpoints
            .iter()
            .map(|(name, counts)| Line::of(name.clone(), counts))
            .collect(),
        pushed: all_days
            .iter()
            .map(|day| Pushed {
                day: day.date().to_string(),
                counts: names
                    .iter()
                    .map(|name| {
                        let counts = of_pushes.get(&(*day, (*name).clone()));
                        counts.map_or(0, |counts| counts.totals().0)
                    })
                    .collect(),
            })
            .collect(),
        aggregators: names.into_iter().cloned().collect(),
    }
}

/// The sums of what has the same name.
fn summed<'a, K: Ord>(
    counted: impl IntoIterator<Item = &'a CountedDay>,
    name: impl Fn(&CountedDay) -> K,
) -> BTreeMap<K, Counts> {
    let mut sums: BTreeMap<K, Counts> = BTreeMap::new();
    for counted in counted {
        sums.entry(name(counted)).or_default().add(&counted.counts);
    }
    sums
}
