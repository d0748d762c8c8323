//! The table of statistics: what was accepted, delivered and given up, by client and day.
//!
//! An item is a day of an endpoint or of an aggregator. To write it with each notification would cost as much as the
//! notification: an instance adds up in memory, and writes at the end of an invocation, at once after a pause and every ten
//! seconds under load. What an instance has not written when it ends is not counted. Sums are not repeated safely: a write
//! that is sent twice counts twice.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::join_all;
use jiff::Timestamp;

use crate::aws::DynamoDb;
use crate::domain::statistics::{AGES, Counts, Day, HOURS, age_class, hour_of};
use crate::domain::text::ClientId;
use crate::store::failure::StoreFailure;
use crate::store::pages::all_items;

/// Longer than the longest time that the console shows.
const KEPT_DAYS: i64 = 92;
const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;
/// How often an instance may write without a pause: seldom enough that a notification costs no call more, whoever counts them.
const MOST_AT_ONCE: f64 = 2.0;
/// How often it may write under load, in a second.
const EACH_SECOND: f64 = 0.1;
/// More than an instance meets between two writes. Above this limit nothing new is counted, so that a table that cannot be
/// written costs no memory.
const MOST_COUNTED: usize = 1000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Of {
    /// The accepted notifications of an aggregator.
    Aggregator,
    /// The ended deliveries of an endpoint.
    Endpoint,
}

/// A day of an endpoint or an aggregator.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Series {
    client: ClientId,
    of: Of,
    day: Day,
    name: String,
}

/// What an instance has counted and not written, and when it may write.
#[derive(Debug)]
struct Counted {
    sums: HashMap<Series, Counts>,
    allowance: f64,
    filled_at: i64,
}

/// A day of an endpoint or an aggregator, as it was counted.
#[derive(Debug, Clone)]
pub struct CountedDay {
    /// The day.
    pub day: Day,
    /// The endpoint or the aggregator.
    pub name: String,
    /// Its counts.
    pub counts: Counts,
}

/// The table, and what this instance has counted.
#[derive(Debug)]
pub struct Statistics {
    client: DynamoDb,
    table: String,
    counted: Mutex<Counted>,
}

impl Statistics {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self {
            client,
            table,
            counted: Mutex::new(Counted {
                sums: HashMap::new(),
                allowance: MOST_AT_ONCE,
                filled_at: 0,
            }),
        }
    }

    /// Counts a notification of an aggregator that was accepted at `at`.
    pub fn accepted(&self, client: &ClientId, aggregator: &str, at: Timestamp) {
        let (day, hour) = hour_of(at);
        self.count(client, Of::Aggregator, day, aggregator, |counts| {
            raise(&mut counts.accepted, hour);
        });
    }

    /// Counts a delivery that an endpoint accepted at `at`, with the age of its message.
    pub fn delivered(&self, client: &ClientId, endpoint: &str, at: Timestamp, age_ms: u64) {
        let (day, hour) = hour_of(at);
        self.count(client, Of::Endpoint, day, endpoint, |counts| {
            raise(&mut counts.delivered, hour);
            raise(&mut counts.ages, age_class(age_ms));
        });
    }

    /// Counts a delivery that was given up at `at`.
    pub fn failed(&self, client: &ClientId, endpoint: &str, at: Timestamp) {
        let (day, hour) = hour_of(at);
        self.count(client, Of::Endpoint, day, endpoint, |counts| {
            raise(&mut counts.failed, hour);
        });
    }

    fn count(
        &self,
        client: &ClientId,
        of: Of,
        day: Day,
        name: &str,
        add: impl FnOnce(&mut Counts),
    ) {
        let series = Series {
            client: client.clone(),
            of,
            day,
            name: name.to_owned(),
        };
        let mut counted = self.counted();
        if counted.sums.len() < MOST_COUNTED || counted.sums.contains_key(&series) {
            add(counted.sums.entry(series).or_default());
        }
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what was counted, unless it was written a moment ago. What cannot be written is kept for the next time.
    pub async fn write_if_due(&self, now: Timestamp) -> Result<(), StoreFailure> {
        let Some(sums) = self.counted().due(now) else {
            return Ok(());
        };
        let writes = sums.into_iter();
        let writes = writes.map(|(series, counts)| self.write_or_keep(series, counts));
        join_all(writes).await.into_iter().collect()
    }

    async fn write_or_keep(&self, series: Series, counts: Counts) -> Result<(), StoreFailure> {
        let written = self.write(&series, &counts).await;
        if written.is_err() {
            let mut counted = self.counted();
            counted.sums.entry(series).or_default().add(&counts);
        }
        written
    }

    async fn write(&self, series: &Series, counts: &Counts) -> Result<(), StoreFailure> {
        let expires_at = (series.day.0 + KEPT_DAYS) * SECONDS_OF_A_DAY;
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("clientId", AttributeValue::S(series.client.to_string()))
            .key("series", AttributeValue::S(series.key()))
            .expression_attribute_values(":expiry", number(expires_at));
        let mut expression = "SET expiresAt = :expiry ADD ".to_owned();
        for (index, (name, value)) in attributes(counts).enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            // Writing to a string cannot fail.
            write!(expression, "{comma}{name} :n{index}").ok();
            update = update.expression_attribute_values(format!(":n{index}"), number(value));
        }
        let update = update.update_expression(expression);
        self.client.send(update).await?;
        Ok(())
    }

    /// What was accepted by each aggregator, from a day to another one, both inclusive.
    pub async fn of_aggregators(
        &self,
        client: &ClientId,
        days: (Day, Day),
    ) -> Result<Vec<CountedDay>, StoreFailure> {
        self.read(client, Of::Aggregator, days).await
    }

    /// What was delivered to each endpoint, from a day to another one, both inclusive.
    pub async fn of_endpoints(
        &self,
        client: &ClientId,
        days: (Day, Day),
    ) -> Result<Vec<CountedDay>, StoreFailure> {
        self.read(client, Of::Endpoint, days).await
    }

    async fn read(
        &self,
        client: &ClientId,
        of: Of,
        (first, last): (Day, Day),
    ) -> Result<Vec<CountedDay>, StoreFailure> {
        let text = AttributeValue::S;
        // After the names of the last day: a colon is the next sign after the digits.
        let end = format!("{}{:06}:", of.prefix(), last.0);
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client AND series BETWEEN :first AND :last")
            .expression_attribute_values(":client", text(client.to_string()))
            .expression_attribute_values(":first", text(format!("{}{:06}", of.prefix(), first.0)))
            .expression_attribute_values(":last", text(end));
        let items = all_items(&self.client, query).await?;
        Ok(items.iter().filter_map(counted_day).collect())
    }
}

impl Of {
    fn prefix(self) -> &'static str {
        match self {
            Self::Aggregator => "A",
            Self::Endpoint => "E",
        }
    }
}

impl Series {
    /// The sort key: by day, so that a time is one query.
    fn key(&self) -> String {
        format!("{}{:06}#{}", self.of.prefix(), self.day.0, self.name)
    }
}

impl Counted {
    /// What is to be written now; `None` if nothing is.
    fn due(&mut self, now: Timestamp) -> Option<HashMap<Series, Counts>> {
        let now = now.as_millisecond();
        let passed = u32::try_from((now - self.filled_at).max(0)).unwrap_or(u32::MAX);
        let filled = self.allowance + f64::from(passed) / 1000.0 * EACH_SECOND;
        self.allowance = filled.min(MOST_AT_ONCE);
        self.filled_at = now;
        if self.sums.is_empty() || self.allowance < 1.0 {
            return None;
        }
        self.allowance -= 1.0;
        Some(std::mem::take(&mut self.sums))
    }
}

fn raise(counts: &mut [u64], index: usize) {
    if let Some(count) = counts.get_mut(index) {
        *count += 1;
    }
}

/// The counts that are not zero, by the names of their attributes.
fn attributes(counts: &Counts) -> impl Iterator<Item = (String, i64)> {
    let all = [
        ("a", &counts.accepted[..]),
        ("d", &counts.delivered[..]),
        ("f", &counts.failed[..]),
        ("g", &counts.ages[..]),
    ];
    let all = all.into_iter().flat_map(|(letter, values)| {
        let values = values.iter().enumerate();
        values.map(move |(index, value)| (letter, index, *value))
    });
    all.filter(|(_, _, value)| *value > 0)
        .map(|(letter, index, value)| {
            let value = i64::try_from(value).unwrap_or(i64::MAX);
            (format!("{letter}{index}"), value)
        })
}

fn counted_day(item: &HashMap<String, AttributeValue>) -> Option<CountedDay> {
    let series = item.get("series")?.as_s().ok()?;
    let (day, name) = series.get(1..)?.split_once('#')?;
    let numbers: BTreeMap<&str, u64> = item
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.as_n().ok()?.parse().ok()?)))
        .collect();
    let of = |letter: &str, index: usize| {
        let name = format!("{letter}{index}");
        numbers.get(name.as_str()).copied().unwrap_or_default()
    };
    let hours = |letter: &str| -> [u64; HOURS] { std::array::from_fn(|hour| of(letter, hour)) };
    Some(CountedDay {
        day: Day(day.parse().ok()?),
        name: name.to_owned(),
        counts: Counts {
            accepted: hours("a"),
            delivered: hours("d"),
            failed: hours("f"),
            ages: std::array::from_fn::<u64, AGES, _>(|class| of("g", class)),
        },
    })
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn counted() -> Counted {
        Counted {
            sums: HashMap::new(),
            allowance: MOST_AT_ONCE,
            filled_at: at(0).as_millisecond(),
        }
    }

    fn one(counted: &mut Counted) {
        let series = Series {
            client: "demo".parse().unwrap(),
            of: Of::Endpoint,
            day: Day(1),
            name: "sink".to_owned(),
        };
        counted.sums.entry(series).or_default().delivered[0] += 1;
    }

    #[test]
    fn after_a_pause_everything_is_written_at_once_and_under_load_every_ten_seconds() {
        let mut counted = counted();
        assert!(counted.due(at(0)).is_none(), "nothing was counted");
        let mut written = 0;
        for second in 0..100 {
            one(&mut counted);
            written += usize::from(counted.due(at(second)).is_some());
        }
        assert_eq!(written, 11);
        one(&mut counted);
        assert!(counted.due(at(200)).is_some());
    }

    #[test]
    fn a_day_is_read_as_it_was_written() {
        let mut counts = Counts::default();
        counts.delivered[23] = 7;
        counts.ages[AGES - 1] = 7;
        counts.failed[0] = 2;
        let series = Series {
            client: "demo".parse().unwrap(),
            of: Of::Endpoint,
            day: Day(20_787),
            name: "a-b".to_owned(),
        };
        let mut item: HashMap<String, AttributeValue> = attributes(&counts)
            .map(|(name, value)| (name, number(value)))
            .collect();
        assert_eq!(item.len(), 3);
        item.insert("series".to_owned(), AttributeValue::S(series.key()));
        item.insert("clientId".to_owned(), AttributeValue::S("demo".to_owned()));
        item.insert("expiresAt".to_owned(), number(1));
        let read = counted_day(&item).unwrap();
        assert_eq!((read.day, read.name.as_str()), (Day(20_787), "a-b"));
        assert_eq!(read.counts, counts);
    }
}
