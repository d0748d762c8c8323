//! How many calls it makes, and that nothing is sent that is not stored.

use serde_json::{Value, json};
use wiremock::matchers::header;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::aws;
use crate::domain::message::{MessageKind, MessageSubject, Routing, SubjectKind};
use crate::domain::text::ClientId;
use crate::queue::sender::Sender;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::messaging::messages::Messages;

const KINDS: [MessageKind; 2] = [
    MessageKind::ReturnOrderAck,
    MessageKind::ReturnsProcessingUpdate,
];
const SEND: &str = "AmazonSQS.SendMessageBatch";

/// A table with an endpoint for each kind, and a queue.
async fn backends() -> MockServer {
    let endpoint = |kind: MessageKind| {
        json!({
            "clientId": { "S": "demo" }, "endpointId": { "S": kind.word() }, "url": { "S": "https://a.example/" },
            "headers": { "M": {} }, "signingSecrets": { "L": [] }, "messages": { "L": [{ "S": kind.word() }] },
            "enabled": { "BOOL": true }, "lanes": { "N": "32" },
        })
    };
    let found = json!({ "Items": KINDS.map(endpoint), "Count": 2 });
    let sent = |index| json!({ "Id": index, "MessageId": "1", "MD5OfMessageBody": "" });
    let taken = ["0", "1"].map(sent);
    let taken = json!({ "Successful": taken, "Failed": [] });
    let server = MockServer::start().await;
    for (target, answer) in [("DynamoDB_20120810.Query", found), (SEND, taken)] {
        Mock::given(header("x-amz-target", target))
            .respond_with(ResponseTemplate::new(200).set_body_json(answer))
            .mount(&server)
            .await;
    }
    server
}

fn dependencies(server: &MockServer) -> PublishDependencies {
    let configuration = aws::configuration_at(&server.uri());
    let dynamodb = aws::DynamoDb::new(&configuration);
    PublishDependencies {
        endpoints: Endpoints::without_secrets(dynamodb.clone(), "endpoints".to_owned()),
        messages: Messages::new(dynamodb, "messages".to_owned()),
        queue: Sender::new(aws::Sqs::new(&configuration), server.uri()),
        ttl_days: 0,
    }
}

/// A correction of each kind about one return order.
fn messages(client_id: &ClientId) -> [Message<'_>; 2] {
    KINDS.map(|kind| Message {
        client_id,
        routing: Routing::of(kind),
        subject: MessageSubject::new(SubjectKind::ReturnOrder, "R1").unwrap(),
        identity: vec!["1".to_owned()],
        content: String::new(),
        correction: true,
        body: "{}".to_owned(),
    })
}

/// What is published if the transaction is written or not, how many writes it has, and the bodies of the calls to the
/// queue.
async fn published(is_written: bool) -> (Option<Vec<Published>>, usize, Vec<Value>) {
    let server = backends().await;
    let client = "demo".parse().unwrap();
    let (id, now) = ("req-1".parse().unwrap(), crate::clock::now());
    let mut writes = 0;
    let write = async |parts: Vec<Part>| {
        writes = parts.len();
        Ok(is_written)
    };
    let dependencies = dependencies(&server);
    let endpoints = dependencies.endpoints.all(&client).await.unwrap();
    let messages = messages(&client);
    let published = publish_together(&dependencies, &endpoints, &messages, &id, now, write).await;
    let requests = server.received_requests().await.unwrap_or_default();
    let sends = requests
        .iter()
        .filter(|request| request.headers.get("x-amz-target").unwrap() == SEND);
    let sends = sends.map(|request| serde_json::from_slice(&request.body).unwrap());
    (published.unwrap(), writes, sends.collect())
}

#[tokio::test]
async fn messages_to_different_endpoints_need_one_transaction_and_one_send() {
    let (published, writes, sends) = published(true).await;
    let published = published.unwrap();
    assert_eq!((published.len(), writes, sends.len()), (2, 2, 1));
    assert_ne!(published[0].message_id, published[1].message_id);
    let tasks = sends[0]["Entries"].as_array().unwrap().iter();
    let tasks = tasks.map(|entry| entry["MessageBody"].as_str().unwrap());
    let tasks: Vec<Value> = tasks
        .map(|task| serde_json::from_str(task).unwrap())
        .collect();
    let kinds: Vec<_> = tasks
        .iter()
        .map(|task| task["messageKind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, KINDS.map(MessageKind::word));
    for task in tasks {
        assert_eq!(
            (&task["correction"], &task["resend"]),
            (&json!(true), &json!(false))
        );
    }
}

#[tokio::test]
async fn nothing_is_sent_if_another_writer_was_faster() {
    let (published, writes, sends) = published(false).await;
    assert_eq!((published, writes, sends.len()), (None, 2, 0));
}
