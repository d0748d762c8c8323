//! `cargo local dlq` towards AWS: the program itself, with the environment that it would have there, and the embedded SQS
//! in the place of AWS.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use local::backends::{BackendOptions, Backends};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::batches::Message;

/// The program with nothing in its environment but these.
async fn run(words: &[&str], environment: &[(&str, &str)]) -> Result<Value, String> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_local"));
    program.env_clear().envs(environment.iter().copied());
    program.arg("dlq").args(words).arg("--json");
    let output = program.output().await.unwrap();
    if output.status.success() {
        Ok(serde_json::from_slice(&output.stdout).unwrap())
    } else {
        Err(String::from_utf8(output.stderr).unwrap())
    }
}

async fn make_queue(client: &Client, name: &str) -> String {
    let create = client.create_queue().queue_name(name);
    let create = create.attributes(QueueAttributeName::FifoQueue, "true");
    create.send().await.unwrap().queue_url.unwrap()
}

#[tokio::test]
async fn the_queues_of_a_deployed_stack_are_found_by_its_name() {
    let backends = Backends::start(BackendOptions::default()).await.unwrap();
    let client = backends.sqs_client();
    let dead_letters = make_queue(&client, "rms-DeliveryDeadLetterQueue-1aB.fifo").await;
    let deliveries = make_queue(&client, "rms-DeliveryQueue-2cD.fifo").await;
    let task = Message::new("deployed", "", "sink").body();
    let send = client.send_message().queue_url(&dead_letters);
    let send = send.message_group_id("demo:sink:3").message_body(&task);
    send.message_deduplication_id("one").send().await.unwrap();

    let environment = [
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "ap-south-1"),
        ("AWS_ENDPOINT_URL_SQS", backends.sqs_url.as_str()),
    ];
    let by_url = run(&["list", "--queue-url", &dead_letters], &environment).await;
    assert_eq!(by_url.unwrap()["messages"].as_array().unwrap().len(), 1);
    let aimless = run(&["replay", "--queue-url", &dead_letters], &environment).await;
    assert!(aimless.unwrap_err().contains("--source-queue-url"));
    let unknown = run(&["list", "--aws"], &environment).await.unwrap_err();
    assert!(unknown.contains("--stack-name"), "{unknown}");
    let replay = ["replay", "--aws", "--stack-name", "rms"];
    let replayed = run(&replay, &environment).await.unwrap();
    assert_eq!(replayed, json!({ "replayed": 1, "skipped": [] }));

    let received = client
        .receive_message()
        .queue_url(&deliveries)
        .message_system_attribute_names(MessageSystemAttributeName::All);
    let message = received.send().await.unwrap().messages.unwrap().remove(0);
    let group = &message.attributes.unwrap()[&MessageSystemAttributeName::MessageGroupId];
    assert_eq!(group, "demo:sink:3");
    let mut expected: Value = serde_json::from_str(&task).unwrap();
    expected["replayed"] = json!(true);
    expected["resend"] = json!(true);
    let sent: Value = serde_json::from_str(&message.body.unwrap()).unwrap();
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn without_credentials_it_says_where_they_come_from() {
    let error = run(&["list", "--aws"], &[]).await.unwrap_err();
    assert!(
        error.contains("aws configure export-credentials"),
        "{error}"
    );
}
