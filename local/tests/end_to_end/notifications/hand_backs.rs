//! What a batch sends to the queue: the delay of a failed message, and that the rest of its group is visible at once. The
//! handler is the test's own, so that it can fail and panic; the queue is the embedded SQS.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lambda_events::event::sqs::SqsEvent;
use local::backends::{BackendOptions, Backends, Interceptor, Moment};
use logistics::aws::Sqs;
use logistics::queue::batch::{Batches, Fate, Handler};
use logistics::queue::received::ReceivedMessage;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::notifications::world::eventually;

/// A queue that records the calls to it.
struct Listener {
    batches: Batches,
    client: Sqs,
    url: String,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
    _backends: Backends,
}

impl Listener {
    async fn start() -> Self {
        let asked: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let heard = Arc::clone(&asked);
        let interceptor = Interceptor::new(move |call| {
            if call.moment == Moment::BeforeEffect {
                let request = serde_json::from_slice(&call.request).unwrap();
                heard.lock().unwrap().push((call.target.clone(), request));
            }
            None
        });
        let backends = Backends::start(BackendOptions {
            interceptor: Some(interceptor),
            ..BackendOptions::default()
        })
        .await
        .unwrap();
        let client = backends.sqs_client();
        let made = client.create_queue().queue_name("Some.fifo");
        let made = made.attributes("FifoQueue".into(), "true").send().await;
        let url = made.unwrap().queue_url.unwrap();
        Self {
            batches: Batches::new(client.clone(), url.clone()),
            client,
            url,
            asked,
            _backends: backends,
        }
    }

    /// The messages in an operation's requests, as "message seconds".
    fn asked(&self, operation: &str) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let requests = asked
            .iter()
            .filter(|(target, _)| target.ends_with(operation));
        let entries = requests.flat_map(|(_, request)| request["Entries"].as_array().unwrap());
        let mut entries: Vec<_> = entries
            .map(|entry| {
                let handle = entry["ReceiptHandle"].as_str().unwrap();
                let seconds = entry.get("VisibilityTimeout").cloned().unwrap_or_default();
                format!("{handle} {seconds}")
            })
            .collect();
        entries.sort();
        entries
    }

    /// Processes a batch; returns the started messages in order, and the failed messages sorted.
    async fn work_off(
        &self,
        messages: &[(&str, &str)],
        fate: impl AsyncFn(&str) -> Fate,
    ) -> (Vec<String>, Vec<String>) {
        let end = Instant::now() + Duration::from_secs(30);
        let handling = Handling {
            fate,
            begun: Mutex::default(),
        };
        let working = self.batches.work_off(event(messages), (), &handling, end);
        let response = working.await;
        let failures = response.batch_item_failures.into_iter();
        let mut left: Vec<_> = failures.map(|failure| failure.item_identifier).collect();
        left.sort();
        (handling.begun.into_inner().unwrap(), left)
    }
}

/// Handles messages by their ids.
struct Handling<F> {
    fate: F,
    begun: Mutex<Vec<String>>,
}

impl<F: AsyncFn(&str) -> Fate> Handler for Handling<F> {
    type Batch = ();

    fn begin(&self) -> Option<()> {
        Some(())
    }

    async fn handle(&self, (): &(), message: ReceivedMessage) -> Fate {
        // Only messages that were sent to the queue have a body.
        let name = if message.body.is_empty() {
            message.message_id
        } else {
            message.body
        };
        self.begun.lock().unwrap().push(name.clone());
        (self.fate)(&name).await
    }
}

/// Messages with their groups.
fn event(messages: &[(&str, &str)]) -> SqsEvent {
    let record = |(id, group): &(&str, &str)| {
        json!({
            "messageId": id,
            "receiptHandle": id,
            "body": "",
            "attributes": { "MessageGroupId": group },
        })
    };
    let records: Vec<Value> = messages.iter().map(record).collect();
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

const GROUP: [(&str, &str); 4] = [("a1", "a"), ("a2", "a"), ("a3", "a"), ("a4", "a")];

#[tokio::test]
async fn a_failure_in_the_middle_is_delayed_and_the_rest_is_visible_at_once() {
    let listener = Listener::start().await;
    let (begun, left) = listener
        .work_off(&GROUP, async |id| match id {
            "a2" => Fate::Later(Duration::from_millis(17_001)),
            _ => Fate::Done,
        })
        .await;
    assert_eq!(begun, ["a1", "a2"]);
    assert_eq!(left, ["a2", "a3", "a4"]);
    assert_eq!(
        listener.asked("ChangeMessageVisibilityBatch"),
        ["a2 18", "a3 0", "a4 0"]
    );
    // A short batch leaves the deletion to Lambda.
    assert!(listener.asked("DeleteMessageBatch").is_empty());
}

#[tokio::test]
async fn a_panic_fails_only_its_message() {
    let listener = Listener::start().await;
    let both = [&GROUP[..], &[("b1", "b"), ("b2", "b")]].concat();
    let (begun, left) = listener
        .work_off(&both, async |id| {
            assert_ne!(id, "a2", "this is the panic");
            Fate::Done
        })
        .await;
    assert_eq!(begun.len(), 4, "{begun:?}");
    assert!(begun.contains(&"b2".to_owned()));
    assert_eq!(left, ["a2", "a3", "a4"]);
    assert_eq!(
        listener.asked("ChangeMessageVisibilityBatch"),
        ["a2 5", "a3 0", "a4 0"]
    );
}

#[tokio::test]
async fn no_wait_is_longer_than_the_queue_allows() {
    let listener = Listener::start().await;
    let forever = async |_: &str| Fate::Later(Duration::MAX);
    let (begun, left) = listener.work_off(&GROUP[..1], forever).await;
    assert_eq!(
        (begun, left),
        (vec!["a1".to_owned()], vec!["a1".to_owned()])
    );
    assert_eq!(listener.asked("ChangeMessageVisibilityBatch"), ["a1 43200"]);
}

#[tokio::test]
async fn a_slow_group_does_not_delay_the_deletion_of_finished_messages() {
    let listener = Listener::start().await;
    let batch = [("slow", "s"), ("a1", "a"), ("a2", "a"), ("a3", "a")];
    let asked = Arc::clone(&listener.asked);
    let is_deleted = || {
        let asked = asked.lock().unwrap();
        asked
            .iter()
            .any(|(target, _)| target.ends_with("DeleteMessageBatch"))
    };
    let (_, left) = listener
        .work_off(&batch, async |id| match id {
            // It does not end before the others were deleted.
            "slow" => {
                eventually("a deletion", async || is_deleted().then_some(())).await;
                Fate::Done
            }
            "a2" => Fate::Later(Duration::from_secs(5)),
            _ => Fate::Done,
        })
        .await;
    assert_eq!(left, ["a2", "a3"]);
    let mut returned = listener.asked("ChangeMessageVisibilityBatch");
    returned.retain(|entry| !entry.starts_with("slow "));
    assert_eq!(returned, ["a2 5", "a3 0"]);
    assert!(
        listener
            .asked("DeleteMessageBatch")
            .contains(&"a1 null".to_owned())
    );
}

#[tokio::test]
async fn a_long_batch_does_not_hide_its_messages_for_longer_than_it_can_run() {
    let listener = Listener::start().await;
    let batch = [("a1", "a"), ("b1", "b"), ("b2", "b")];
    let asked = Arc::clone(&listener.asked);
    let is_lent = || {
        let asked = asked.lock().unwrap();
        asked
            .iter()
            .any(|(target, _)| target.ends_with("ChangeMessageVisibilityBatch"))
    };
    listener
        .work_off(&batch, async |id| {
            if id == "b1" {
                eventually("the rest is lent", async || is_lent().then_some(())).await;
            }
            Fate::Done
        })
        .await;
    let lent = listener.asked("ChangeMessageVisibilityBatch");
    let seconds = |entry: &String| entry.rsplit(' ').next().unwrap().parse::<u32>().unwrap();
    assert!(
        lent.iter().all(|entry| (20..=35).contains(&seconds(entry))),
        "{lent:?}"
    );
    let names: Vec<_> = lent.iter().map(|entry| &entry[..2]).collect();
    assert_eq!(names, ["b1", "b2"]);
}

#[tokio::test]
async fn a_long_batch_processes_what_waits_in_the_queue() {
    let listener = Listener::start().await;
    for (name, group) in [("one", "a"), ("again", "a"), ("two", "b")] {
        let send = listener.client.send_message().queue_url(&listener.url);
        let send = send.message_body(name).message_group_id(group);
        let send = send.message_deduplication_id(name);
        send.send_with(&listener.client).await.unwrap();
    }
    let met = tokio::sync::Barrier::new(3);
    let waiting = async |id: &str| match id {
        "slow" | "one" | "two" => {
            met.wait().await;
            Fate::Done
        }
        _ => Fate::Later(Duration::from_secs(7)),
    };
    let (mut begun, left) = listener.work_off(&[("slow", "s")], waiting).await;
    begun.sort();
    assert_eq!(begun, ["again", "one", "slow", "two"]);
    // Only what was in the event is reported to Lambda.
    assert!(left.is_empty(), "{left:?}");
    let deleted = listener.asked("DeleteMessageBatch").len();
    assert_eq!(deleted, 3, "its own and the two that were received");
    let returned = listener.asked("ChangeMessageVisibilityBatch");
    assert!(
        returned.iter().any(|entry| entry.ends_with(" 7")),
        "{returned:?}"
    );
}

#[tokio::test]
async fn groups_run_side_by_side() {
    let listener = Listener::start().await;
    let both = tokio::sync::Barrier::new(2);
    let batch = [("a1", "a"), ("b1", "b")];
    // Each starts before the other has ended; otherwise neither ends.
    let (begun, left) = listener
        .work_off(&batch, async |_| {
            both.wait().await;
            Fate::Done
        })
        .await;
    assert_eq!((begun.len(), left.len()), (2, 0));
}
