//! What was delivered to each endpoint and what failed, in each of the last 24 hours. One query for all endpoints.

use std::collections::BTreeMap;

use jiff::Timestamp;
use logistics::clock;
use logistics::domain::statistics::{Counts, Day, HOURS, hour_of};
use logistics::edge::problem::Problem;

use crate::api::Api;
use crate::chart::{Chart, Column};
use crate::failure::Failed;

/// An hour of an endpoint.
pub(crate) struct Hour {
    /// Its beginning in UTC, such as `13:00`.
    pub(crate) name: String,
    pub(crate) delivered: u64,
    pub(crate) failed: u64,
}

/// The last 24 hours of an endpoint.
pub(crate) struct LastDay {
    pub(crate) chart: Chart,
    /// The hours in which something was delivered or failed, the latest first.
    pub(crate) hours: Vec<Hour>,
    pub(crate) delivered: u64,
    pub(crate) failed: u64,
}

/// The last days of all endpoints.
pub(crate) struct LastDays {
    now: Timestamp,
    counted: BTreeMap<String, BTreeMap<Day, Counts>>,
}

impl LastDays {
    /// Reads them.
    pub(crate) async fn read(api: &Api<'_>) -> Result<Self, Failed> {
        let now = clock::now();
        let (today, _) = hour_of(now);
        let client = &api.visitor.caller().client_id;
        let days = api.statistics.of_endpoints(client, (today.minus(1), today));
        let mut counted: BTreeMap<String, BTreeMap<Day, Counts>> = BTreeMap::new();
        for day in days.await.map_err(Problem::from)? {
            let of = counted.entry(day.name).or_default();
            of.insert(day.day, day.counts);
        }
        Ok(Self { now, counted })
    }

    /// That of an endpoint.
    pub(crate) fn of(&self, endpoint: &str) -> LastDay {
        let (today, this_hour) = hour_of(self.now);
        let days = self.counted.get(endpoint);
        let hours: Vec<Hour> = (1..=HOURS)
            .map(|number| {
                // From the hour after this one of yesterday, to this one.
                let hour = (this_hour + number) % HOURS;
                let day = if this_hour + number < HOURS {
                    today.minus(1)
                } else {
                    today
                };
                let counts = days.and_then(|days| days.get(&day));
                let of = |hours: fn(&Counts, usize) -> Option<&u64>| {
                    let count = counts.and_then(|counts| hours(counts, hour));
                    count.copied().unwrap_or_default()
                };
                Hour {
                    name: format!("{hour:02}:00"),
                    delivered: of(|counts, hour| counts.delivered.get(hour)),
                    failed: of(|counts, hour| counts.failed.get(hour)),
                }
            })
            .collect();
        LastDay::of(endpoint, hours)
    }
}

impl LastDay {
    fn of(endpoint: &str, hours: Vec<Hour>) -> Self {
        let delivered = hours.iter().map(|hour| hour.delivered).sum();
        let failed = hours.iter().map(|hour| hour.failed).sum();
        let columns = hours.iter().map(|hour| Column {
            label: format!("{} UTC", hour.name),
            good: hour.delivered,
            bad: hour.failed,
        });
        let words = format!(
            "{endpoint}, the last 24 hours by hour: {delivered} delivered, {failed} failed"
        );
        let chart = Chart::of(words, columns.collect());
        let mut hours = hours;
        hours.retain(|hour| hour.delivered + hour.failed > 0);
        hours.reverse();
        Self {
            chart,
            hours,
            delivered,
            failed,
        }
    }
}
