//! What goes into a call, and that no message overtakes an earlier one about its subject.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::aws;
use crate::domain::message::MessageKind;
use crate::queue::sender::{
    Chain, MOST_BYTES, OutgoingTask, PAUSES, Sender, chains, deduplication_id, next_call,
};
use crate::queue::task::{DeliveryTask, RecordKey};

fn message(subject: usize, bytes: usize) -> OutgoingTask {
    OutgoingTask {
        body: "x".repeat(bytes),
        group: String::new(),
        deduplication: String::new(),
        subject: subject.to_string(),
    }
}

fn cut(sizes: &[usize]) -> Vec<Vec<usize>> {
    let messages = sizes.iter().enumerate();
    let mut waiting = chains(
        messages
            .map(|(subject, bytes)| message(subject, *bytes))
            .collect(),
    );
    let mut calls = Vec::new();
    while !waiting.is_empty() {
        let call = next_call(&mut waiting);
        calls.push(call.iter().map(|chain| chain[0].body.len()).collect());
    }
    calls
}

#[test]
fn a_call_takes_ten_messages_and_a_mebibyte() {
    assert_eq!(cut(&[]), Vec::<Vec<usize>>::new());
    assert_eq!(cut(&[1; 21]), [vec![1; 10], vec![1; 10], vec![1]]);
    let (half, rest) = (MOST_BYTES / 2, MOST_BYTES / 2 + 1);
    assert_eq!(
        cut(&[half, half, rest, half]),
        [vec![half, half], vec![rest], vec![half]]
    );
}

#[test]
fn a_call_takes_one_message_about_a_subject_to_an_endpoint() {
    let mut waiting = chains(
        [1, 2, 1, 1]
            .iter()
            .map(|subject| message(*subject, 1))
            .collect(),
    );
    let call = next_call(&mut waiting);
    assert_eq!(call.iter().map(Chain::len).collect::<Vec<_>>(), [3, 1]);
    assert!(waiting.is_empty());
    let elsewhere = OutgoingTask {
        group: "another endpoint".to_owned(),
        ..message(1, 1)
    };
    let waiting = chains(vec![message(1, 1), elsewhere]);
    assert_eq!(waiting.len(), 2);
}

/// A queue that does not take some messages at their first tries.
#[derive(Clone, Default)]
struct Reluctant {
    /// How often each message is refused, by its deduplication id.
    refusals: Arc<Mutex<HashMap<String, usize>>>,
    taken: Arc<Mutex<Vec<Value>>>,
    calls: Arc<Mutex<Vec<usize>>>,
}

impl Reluctant {
    fn takes(&self, entry: &Value) -> bool {
        let id = entry["MessageDeduplicationId"].as_str().unwrap();
        if let Some(left) = self.refusals.lock().unwrap().get_mut(id)
            && *left > 0
        {
            *left -= 1;
            return false;
        }
        let body: Value = serde_json::from_str(entry["MessageBody"].as_str().unwrap()).unwrap();
        self.taken.lock().unwrap().push(body);
        true
    }

    /// The taken deliveries, in the order of the queue.
    fn deliveries(&self) -> Vec<String> {
        let taken = self.taken.lock().unwrap();
        let id = |body: &Value| body["deliveryId"].as_str().unwrap().to_owned();
        taken.iter().map(id).collect()
    }
}

impl Respond for Reluctant {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let asked: Value = serde_json::from_slice(&request.body).unwrap();
        let Some(entries) = asked["Entries"].as_array() else {
            self.calls.lock().unwrap().push(1);
            return if self.takes(&asked) {
                ResponseTemplate::new(200).set_body_json(json!({ "MessageId": "1" }))
            } else {
                let error = json!({ "__type": "com.amazonaws.sqs#InvalidMessageContents" });
                ResponseTemplate::new(400).set_body_json(error)
            };
        };
        self.calls.lock().unwrap().push(entries.len());
        let (taken, failed): (Vec<_>, Vec<_>) = entries.iter().partition(|one| self.takes(one));
        let taken: Vec<_> = taken
            .iter()
            .map(|entry| json!({ "Id": entry["Id"], "MessageId": "1", "MD5OfMessageBody": "" }))
            .collect();
        let failed: Vec<_> = failed
            .iter()
            .map(
                |entry| json!({ "Id": entry["Id"], "Code": "InternalError", "SenderFault": false }),
            )
            .collect();
        let answer = json!({ "Successful": taken, "Failed": failed });
        ResponseTemplate::new(200).set_body_json(answer)
    }
}

async fn sender(queue: &Reluctant) -> (Sender, MockServer) {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(queue.clone())
        .mount(&server)
        .await;
    let client = aws::Sqs::new(&aws::configuration_at(&server.uri()));
    (Sender::new(client, server.uri()), server)
}

fn task(order: usize, number: usize) -> DeliveryTask {
    let delivery_id = format!("{order}-{number}");
    DeliveryTask {
        client_id: "demo".parse().unwrap(),
        endpoint_id: "sink".parse().unwrap(),
        record: RecordKey {
            pk: format!("demo#{order}"),
            sk: delivery_id.clone(),
        },
        delivery_id,
        message_kind: MessageKind::Notification,
        accepted_at: 1,
        generation: 0,
        resend: false,
        replayed: false,
        correction: false,
        request_id: None,
        traceparent: None,
        payload: None,
    }
}

/// Messages about these many orders, in turn, in one lane.
fn deliveries(orders: usize, each: usize) -> Vec<(DeliveryTask, u64)> {
    let numbers = (0..each).flat_map(|number| (0..orders).map(move |order| (order, number)));
    numbers
        .map(|(order, number)| (task(order, number), 0))
        .collect()
}

/// Asserts that the messages of each order are in their order, each once.
fn assert_in_order(taken: &[String], orders: usize, each: usize) {
    for order in 0..orders {
        let prefix = format!("{order}-");
        let own: VecDeque<_> = taken.iter().filter(|id| id.starts_with(&prefix)).collect();
        let expected: VecDeque<_> = (0..each)
            .map(|number| format!("{order}-{number}"))
            .collect();
        assert!(own.iter().copied().eq(&expected), "{own:?}");
    }
}

#[tokio::test]
async fn a_message_that_the_queue_did_not_take_is_not_overtaken_by_a_later_one_of_its_subject() {
    let queue = Reluctant::default();
    let (sender, _server) = sender(&queue).await;
    let deliveries = deliveries(25, 4);
    for (place, (task, _)) in deliveries.iter().enumerate().step_by(3) {
        let times = 1 + place % PAUSES.len();
        let id = deduplication_id(task);
        queue.refusals.lock().unwrap().insert(id, times);
    }
    sender.send_all(deliveries).await.unwrap();
    let taken = queue.deliveries();
    assert_eq!(taken.len(), 100);
    assert_in_order(&taken, 25, 4);
}

#[tokio::test]
async fn a_message_that_the_queue_never_takes_fails_and_keeps_the_later_ones_back() {
    let queue = Reluctant::default();
    let (sender, _server) = sender(&queue).await;
    let deliveries = deliveries(25, 4);
    let id = deduplication_id(&task(3, 1));
    queue.refusals.lock().unwrap().insert(id, usize::MAX);
    let failure = sender.send_all(deliveries).await.unwrap_err();
    assert_eq!(failure.to_string(), "the message was not sent");
    let taken = queue.deliveries();
    assert!(taken.contains(&"3-0".to_owned()));
    assert!(
        !taken
            .iter()
            .any(|id| ["3-1", "3-2", "3-3"].contains(&id.as_str()))
    );
}

#[tokio::test]
async fn messages_about_many_subjects_fill_the_calls() {
    let queue = Reluctant::default();
    let (sender, _server) = sender(&queue).await;
    sender.send_all(deliveries(100, 1)).await.unwrap();
    assert_eq!(*queue.calls.lock().unwrap(), [10; 10]);
    assert_eq!(queue.deliveries().len(), 100);
}
