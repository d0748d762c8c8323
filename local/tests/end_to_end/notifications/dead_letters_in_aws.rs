//! `cargo local dlq` against AWS: the program with the environment for AWS, and the embedded SQS in place of AWS.

use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use local::backends::{BackendOptions, Backends, Instead, Interceptor, Moment};
use logistics::aws::Sqs;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::sync::mpsc;

use crate::notifications::batches::Message;
use crate::program::program;

/// The environment of the program.
fn environment(backends: &Backends) -> [(&str, &str); 4] {
    [
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "ap-south-1"),
        ("AWS_ENDPOINT_URL_SQS", &backends.sqs_url),
    ]
}

async fn dlq(words: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut program = program(environment).await;
    program.arg("dlq").args(words).arg("--json");
    program
}

async fn run(words: &[&str], environment: &[(&str, &str)]) -> Result<Value, String> {
    let output = dlq(words, environment).await.output().await.unwrap();
    if output.status.success() {
        Ok(serde_json::from_slice(&output.stdout).unwrap())
    } else {
        Err(String::from_utf8(output.stderr).unwrap())
    }
}

async fn make_queue(client: &Sqs, name: &str) -> String {
    let create = client.create_queue().queue_name(name);
    let create = create.attributes(QueueAttributeName::FifoQueue, "true");
    create.send().await.unwrap().queue_url.unwrap()
}

async fn bury(client: &Sqs, queue_url: &str, body: &str) {
    let send = client.send_message().queue_url(queue_url);
    let send = send.message_group_id("demo:sink:3").message_body(body);
    send.message_deduplication_id("one")
        .send_with(client)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_queues_of_a_deployed_stack_are_found_by_its_name() {
    let backends = Backends::start(BackendOptions::default()).await.unwrap();
    let client = backends.sqs_client();
    let dead_letters = make_queue(&client, "rms-DeliveryDeadLetterQueue-1aB.fifo").await;
    let deliveries = make_queue(&client, "rms-DeliveryQueue-2cD.fifo").await;
    for other in ["ChannelReadQueue", "ChannelReadDeadLetterQueue"] {
        make_queue(&client, &format!("rms-{other}-3eF.fifo")).await;
    }
    let task = Message::new("deployed", "", "sink").body();
    bury(&client, &dead_letters, &task).await;

    let environment = environment(&backends);
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
    let arrived: Value = serde_json::from_str(&message.body.unwrap()).unwrap();
    assert_eq!(arrived, expected);
}

#[tokio::test]
async fn missing_credentials_are_an_error_that_says_how_to_set_them() {
    let error = run(&["list", "--aws"], &[]).await.unwrap_err();
    assert!(
        error.contains("aws configure export-credentials"),
        "{error}"
    );
}

/// The queue is endless, so that the program is interrupted while it still receives.
#[tokio::test]
async fn an_interrupted_program_makes_received_messages_visible_again() {
    let (calls, mut heard) = mpsc::unbounded_channel();
    let count = AtomicUsize::new(0);
    let interceptor = Interceptor::new(move |call| {
        if !call.target.ends_with("ReceiveMessage") || call.moment != Moment::BeforeEffect {
            return None;
        }
        let number = count.fetch_add(1, Ordering::SeqCst);
        calls.send(number).ok();
        let another = json!({
            "Messages": [{ "MessageId": number.to_string(), "ReceiptHandle": "none", "Body": "" }],
        });
        (number > 0).then(|| Instead {
            status: StatusCode::OK,
            body: another.to_string(),
        })
    });
    let backends = Backends::start(BackendOptions {
        interceptor: Some(interceptor),
        ..BackendOptions::default()
    });
    let backends = backends.await.unwrap();
    let client = backends.sqs_client();
    let queue_url = make_queue(&client, "Dead.fifo").await;
    bury(&client, &queue_url, "a message").await;

    let environment = environment(&backends);
    let mut list = dlq(&["list", "--queue-url", &queue_url], &environment).await;
    let list = list.stderr(Stdio::piped()).spawn().unwrap();
    while heard.recv().await.unwrap() < 2 {}
    let depth = [
        QueueAttributeName::ApproximateNumberOfMessages,
        QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    ];
    let counted = client.get_queue_attributes().queue_url(&queue_url);
    let counted = counted.set_attribute_names(Some(depth.to_vec()));
    let hidden = counted.clone().send().await.unwrap().attributes.unwrap();
    assert_eq!((&*hidden[&depth[0]], &*hidden[&depth[1]]), ("0", "1"));

    let process = list.id().unwrap().to_string();
    let mut kill = Command::new("kill");
    assert!(
        kill.args(["-INT", &process])
            .status()
            .await
            .unwrap()
            .success()
    );
    let output = list.wait_with_output().await.unwrap();
    assert!(!output.status.success());
    assert_eq!(output.stderr, b"error: interrupted\n");
    let visible = counted.send().await.unwrap().attributes.unwrap();
    assert_eq!((&*visible[&depth[0]], &*visible[&depth[1]]), ("1", "0"));
}
