//! What DynamoDB left out of a read is read again, and many keys are read with as few calls as possible.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::aws;
use crate::store::batch_read::{PAUSES, read_all};
use crate::store::failure::StoreFailure;
use crate::store::items::key_of;
use crate::store::keys::Key;

const TABLE: &str = "table";

/// A table that has every item, and processes only some keys of a read.
#[derive(Clone)]
struct Busy {
    /// How many keys each read processes.
    processes: usize,
    /// The number of keys of each read.
    reads: Arc<Mutex<Vec<usize>>>,
}

impl Respond for Busy {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let asked: Value = serde_json::from_slice(&request.body).unwrap();
        let keys = asked["RequestItems"][TABLE]["Keys"].as_array().unwrap();
        self.reads.lock().unwrap().push(keys.len());
        let (done, left) = keys.split_at(keys.len().min(self.processes));
        let left = if left.is_empty() {
            json!({})
        } else {
            json!({ TABLE: { "Keys": left } })
        };
        ResponseTemplate::new(200)
            .set_body_json(json!({ "Responses": { TABLE: done }, "UnprocessedKeys": left }))
    }
}

/// The keys that were found of these many, and the number of keys of each read.
async fn read(keys: usize, processes: usize) -> (Result<Vec<Key>, StoreFailure>, Vec<usize>) {
    let table = Busy {
        processes,
        reads: Arc::default(),
    };
    let server = MockServer::start().await;
    let mock = Mock::given(any()).respond_with(table.clone());
    mock.mount(&server).await;
    let client = aws::DynamoDb::new(&aws::configuration_at(&server.uri()));
    let found = read_all(&client, TABLE, &all(keys), None, false).await;
    let found = found.map(|found| {
        let mut found: Vec<Key> = found.iter().map(key_of).collect();
        found.sort();
        found
    });
    let mut reads = table.reads.lock().unwrap().clone();
    reads.sort_unstable_by(|one, other| other.cmp(one));
    (found, reads)
}

fn all(keys: usize) -> Vec<Key> {
    let key = |number| Key {
        pk: format!("{number:04}"),
        sk: "sort".to_owned(),
    };
    (0..keys).map(key).collect()
}

#[tokio::test]
async fn a_read_takes_a_hundred_keys() {
    let (found, reads) = read(201, 100).await;
    assert_eq!(found.unwrap(), all(201));
    assert_eq!(reads, [100, 100, 1]);
    let (found, reads) = read(0, 100).await;
    assert!(found.unwrap().is_empty());
    assert!(reads.is_empty());
}

#[tokio::test]
async fn keys_that_were_not_processed_are_read_again() {
    let (found, reads) = read(100, 40).await;
    assert_eq!(found.unwrap(), all(100));
    assert_eq!(reads, [100, 60, 20]);
}

#[tokio::test]
async fn a_read_that_remains_incomplete_fails() {
    let (found, reads) = read(100, 10).await;
    assert!(matches!(found, Err(StoreFailure::Incomplete)));
    assert_eq!(reads.len(), 1 + PAUSES.len());
}
