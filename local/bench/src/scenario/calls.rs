//! Counts the AWS calls of each function, with the tables that they name.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use local::backends::{BackendCall, Interceptor, Moment};
use serde::Deserialize;

/// Number of calls by function and operation; the operation has the name of its table behind it, if it has only one.
pub(super) type Calls = BTreeMap<(String, String), u64>;

/// The calls so far; clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Counter {
    calls: Arc<Mutex<Calls>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfTable {
    table_name: Option<String>,
}

impl Counter {
    /// What tells this counter of each call.
    pub(super) fn interceptor(&self) -> Interceptor {
        let counter = self.clone();
        Interceptor::new(move |call| {
            if call.moment == Moment::BeforeEffect {
                let key = (call.caller.clone(), operation(call));
                *counter.lock().entry(key).or_default() += 1;
            }
            None
        })
    }

    /// All calls so far.
    pub(super) fn so_far(&self) -> Calls {
        self.lock().clone()
    }

    /// The calls of a function since then, by operation, without those to some tables.
    pub(super) fn since(
        &self,
        before: &Calls,
        function: &str,
        without: &[String],
    ) -> BTreeMap<String, u64> {
        since(self.so_far(), before, function, without)
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn operation(call: &BackendCall) -> String {
    let name = call.target.rsplit('.').next().unwrap_or_default();
    let table = serde_json::from_slice::<OfTable>(&call.request);
    match table.ok().and_then(|of| of.table_name) {
        Some(table) => format!("{name} {table}"),
        None => name.to_owned(),
    }
}

fn since(now: Calls, before: &Calls, function: &str, without: &[String]) -> BTreeMap<String, u64> {
    let is_counted = |operation: &str| {
        let table = operation.split_once(' ').map(|(_, table)| table);
        table.is_none_or(|table| without.iter().all(|other| other != table))
    };
    let mut more = BTreeMap::new();
    for (key, calls) in now {
        let calls = calls - before.get(&key).copied().unwrap_or(0);
        let (caller, operation) = key;
        if caller == function && calls > 0 && is_counted(&operation) {
            more.insert(operation, calls);
        }
    }
    more
}

/// Whether an operation changes nothing.
pub(super) fn is_read(operation: &str) -> bool {
    [
        "GetItem",
        "BatchGetItem",
        "TransactGetItems",
        "Query",
        "Scan",
    ]
    .iter()
    .any(|read| operation.split(' ').next() == Some(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(function: &str, operation: &str) -> (String, String) {
        (function.to_owned(), operation.to_owned())
    }

    #[test]
    fn only_new_calls_of_the_function_count_and_not_those_that_authenticate() {
        let before = Calls::from([(key("a", "GetItem Returns"), 2)]);
        let now = Calls::from([
            (key("a", "GetItem Returns"), 5),
            (key("a", "GetItem ApiKeys"), 1),
            (key("a", "SendMessage"), 3),
            (key("b", "SendMessage"), 9),
        ]);
        let more = since(now, &before, "a", &["ApiKeys".to_owned()]);
        let wanted = [
            ("GetItem Returns".to_owned(), 3),
            ("SendMessage".to_owned(), 3),
        ];
        assert_eq!(more, BTreeMap::from(wanted));
    }

    #[test]
    fn a_transaction_and_a_send_write() {
        assert!(is_read("Query ReturnOrdersTable") && is_read("BatchGetItem"));
        assert!(!is_read("TransactWriteItems") && !is_read("SendMessageBatch"));
    }
}
