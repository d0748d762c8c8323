//! What an invocation has counted, and not written yet.

use std::mem;

use crate::telemetry::metrics::declared::{Kind, Metric};

/// The most values of a metric in one line: the format's limit.
pub(super) const MOST_VALUES: usize = 100;

/// The metrics of an invocation, in the order in which they were first counted. Few enough for a search in a list.
#[derive(Debug, Default)]
pub(in crate::telemetry) struct Tally {
    entries: Vec<Entry>,
    is_carried: bool,
}

/// A metric with the values of its dimensions.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) metric: Metric,
    pub(super) partner: Option<Box<str>>,
    pub(super) outcome: Option<&'static str>,
    /// One number, or for a metric whose values are kept each of them.
    pub(super) numbers: Vec<u64>,
}

impl Tally {
    pub(super) fn add(
        &mut self,
        metric: Metric,
        partner: Option<&str>,
        outcome: Option<&'static str>,
        number: u64,
    ) {
        let known = self.entries.iter_mut().find(|entry| {
            entry.metric == metric
                && entry.partner.as_deref() == partner
                && entry.outcome == outcome
        });
        match known {
            Some(entry) => entry.add(number),
            None => self.entries.push(Entry {
                metric,
                partner: partner.map(Box::from),
                outcome,
                numbers: vec![number],
            }),
        }
    }

    pub(super) fn be_carried(&mut self) {
        self.is_carried = true;
    }

    pub(super) fn is_carried(&self) -> bool {
        self.is_carried
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many numbers it has.
    pub(super) fn len(&self) -> usize {
        self.entries.iter().map(|entry| entry.numbers.len()).sum()
    }

    /// Takes the entries that fit into one line, and leaves the others.
    pub(super) fn take_fitting(&mut self, mut fits: impl FnMut(&Entry) -> bool) -> Vec<Entry> {
        let mut taken: Vec<Entry> = Vec::with_capacity(self.entries.len());
        for mut entry in mem::take(&mut self.entries) {
            if !fits(&entry) {
                self.entries.push(entry);
                continue;
            }
            if entry.numbers.len() > MOST_VALUES {
                let numbers = entry.numbers.split_off(MOST_VALUES);
                self.entries.push(Entry {
                    numbers,
                    partner: entry.partner.clone(),
                    ..entry
                });
            }
            taken.push(entry);
        }
        taken
    }
}

impl Entry {
    fn add(&mut self, number: u64) {
        match (self.metric.declaration().kind, self.numbers.first_mut()) {
            (Kind::Values, _) | (_, None) => self.numbers.push(number),
            (Kind::Count, Some(sum)) => *sum = sum.saturating_add(number),
            (Kind::Level, Some(level)) => *level = number.max(*level),
        }
    }
}
