//! DynamoDB and SQS without the rest of the stack.

use std::path::Path;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sqs::types::MessageSystemAttributeName;
use local::backends::{BackendOptions, Backends};
use local::resources::{self, Resources};
use local::template::Template;

use crate::stack::world::{TEMPLATE, World, soon};

async fn start(data: Option<&Path>, count_calls: bool) -> (Backends, Resources) {
    start_with(TEMPLATE, data, count_calls).await
}

async fn start_with(
    template: &str,
    data: Option<&Path>,
    count_calls: bool,
) -> (Backends, Resources) {
    let backends = Backends::start(BackendOptions {
        data: data.map(Path::to_owned),
        count_calls,
        ..BackendOptions::default()
    });
    let backends = backends.await.unwrap();
    let template = Template::parse(template).unwrap();
    let resources = resources::make(&template, &backends).await.unwrap();
    (backends, resources)
}

async fn put(backends: &Backends, id: &str) {
    backends
        .dynamodb_client()
        .put_item()
        .table_name("Things")
        .item("id", AttributeValue::S(id.to_owned()))
        .send_with(&backends.dynamodb_client())
        .await
        .unwrap();
}

async fn send(backends: &Backends, queue_url: &str, group: &str, body: &str) -> u64 {
    let sent = backends
        .sqs_client()
        .send_message()
        .queue_url(queue_url)
        .message_group_id(group)
        .message_deduplication_id(body)
        .message_body(body)
        .send_with(&backends.sqs_client())
        .await
        .unwrap();
    sent.sequence_number.unwrap().parse().unwrap()
}

/// Receives the available messages: bodies, receipt handles and sequence numbers.
async fn receive(backends: &Backends, queue_url: &str) -> Vec<(String, String, u64)> {
    let received = backends
        .sqs_client()
        .receive_message()
        .queue_url(queue_url)
        .max_number_of_messages(10)
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .send()
        .await
        .unwrap();
    received
        .messages
        .unwrap_or_default()
        .into_iter()
        .map(|message| {
            let attributes = message.attributes.unwrap();
            let sequence = &attributes[&MessageSystemAttributeName::SequenceNumber];
            (
                message.body.unwrap(),
                message.receipt_handle.unwrap(),
                sequence.parse().unwrap(),
            )
        })
        .collect()
}

async fn delete(backends: &Backends, queue_url: &str, receipt_handle: &str) {
    backends
        .sqs_client()
        .delete_message()
        .queue_url(queue_url)
        .receipt_handle(receipt_handle)
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn several_run_side_by_side_and_are_isolated() {
    let (one, _) = start(None, false).await;
    let (other, _) = start(None, false).await;
    put(&one, "only here").await;
    let scan = other.dynamodb_client().scan().table_name("Things");
    assert_eq!(scan.send().await.unwrap().count, 0);
}

#[tokio::test]
async fn making_the_resources_again_changes_nothing() {
    let (backends, resources) = start(None, false).await;
    put(&backends, "a").await;
    let template = Template::parse(TEMPLATE).unwrap();
    let again = resources::make(&template, &backends).await.unwrap();
    assert_eq!(again, resources);
    let scan = backends.dynamodb_client().scan().table_name("Things");
    assert_eq!(scan.send().await.unwrap().count, 1);
}

#[tokio::test]
async fn calls_are_counted_by_operation() {
    let (backends, resources) = start(None, true).await;
    put(&backends, "a").await;
    put(&backends, "b").await;
    send(&backends, &resources.queue_urls["Jobs"], "g", "a").await;
    let calls = backends.calls();
    assert_eq!(calls["DynamoDB_20120810.PutItem"], 2);
    assert_eq!(calls["AmazonSQS.SendMessage"], 1);
}

#[tokio::test]
async fn no_requests_are_answered_after_the_stop() {
    let (backends, resources) = start(None, true).await;
    let (dynamodb, sqs) = (backends.dynamodb_client(), backends.sqs_client());
    soon(backends.stop()).await;
    assert!(dynamodb.list_tables().send().await.is_err());
    let attributes = sqs.get_queue_attributes();
    let attributes = attributes.queue_url(&resources.queue_urls["Jobs"]);
    assert!(attributes.send().await.is_err());
}

#[tokio::test]
async fn a_data_directory_keeps_items_and_messages() {
    let directory = tempfile::tempdir().unwrap();
    let (backends, resources) = start(Some(directory.path()), false).await;
    put(&backends, "kept").await;
    let url = &resources.queue_urls["Jobs"];
    for (group, body) in [
        ("g", "done"),
        ("g", "second"),
        ("g", "third"),
        ("h", "in flight"),
    ] {
        send(&backends, url, group, body).await;
    }
    let received = receive(&backends, url).await;
    assert_eq!(received[0].0, "done");
    delete(&backends, url, &received[0].1).await;
    let last = received
        .iter()
        .map(|(_, _, sequence)| *sequence)
        .max()
        .unwrap();
    // As abrupt as a kill: nothing is stopped in order.
    drop(backends);

    let (backends, resources) = start(Some(directory.path()), false).await;
    let url = &resources.queue_urls["Jobs"];
    let scan = backends.dynamodb_client().scan().table_name("Things");
    assert_eq!(scan.send().await.unwrap().count, 1);
    let restored = receive(&backends, url).await;
    let bodies: Vec<&str> = restored.iter().map(|(body, _, _)| body.as_str()).collect();
    assert_eq!(bodies, ["second", "in flight"]);
    assert!(restored.iter().all(|(_, _, sequence)| *sequence > last));
    delete(&backends, url, &restored[0].1).await;
    assert_eq!(receive(&backends, url).await[0].0, "third");
}

#[tokio::test]
async fn a_table_of_an_earlier_version_gets_its_new_index_with_the_items_that_it_has() {
    let directory = tempfile::tempdir().unwrap();
    let index = "IndexName: byOwner";
    let earlier = TEMPLATE.replace(index, "IndexName: before");
    let (backends, _) = start_with(&earlier, Some(directory.path()), false).await;
    let item = [("id", "kept"), ("owner", "me")];
    let item = item.map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
    let put = backends.dynamodb_client().put_item().table_name("Things");
    put.set_item(Some(item.into()))
        .send_with(&backends.dynamodb_client())
        .await
        .unwrap();
    drop(backends);

    let (backends, _) = start(Some(directory.path()), false).await;
    let query = backends.dynamodb_client().query().table_name("Things");
    let query = query
        .index_name("byOwner")
        .key_condition_expression("#owner = :me")
        .expression_attribute_names("#owner", "owner")
        .expression_attribute_values(":me", AttributeValue::S("me".to_owned()));
    assert_eq!(
        query
            .send_with(&backends.dynamodb_client())
            .await
            .unwrap()
            .count,
        1
    );
}

#[tokio::test]
async fn a_data_directory_is_for_one_stack_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let first = start(Some(directory.path()), false).await;
    let options = BackendOptions {
        data: Some(directory.path().to_owned()),
        ..BackendOptions::default()
    };
    let error = Backends::start(options.clone()).await.unwrap_err();
    assert!(error.to_string().starts_with("another local stack uses"));
    drop(first);
    Backends::start(options).await.unwrap();
}

#[tokio::test]
async fn messages_with_the_same_deduplication_id_are_all_restored() {
    let directory = tempfile::tempdir().unwrap();
    let journal = directory.path().join("sqs.journal");
    let line = |id: &str, sequence: u64| {
        format!(
            "{{\"sent\":{{\"id\":\"{id}\",\"queue\":\"Jobs.fifo\",\"sequence\":{sequence},\"input\":{{\
             \"MessageBody\":\"{id}\",\"MessageGroupId\":\"g\",\"MessageDeduplicationId\":\"same\"}}}}}}\n"
        )
    };
    std::fs::write(&journal, line("second", 9) + &line("first", 7)).unwrap();
    let (backends, resources) = start(Some(directory.path()), false).await;
    let url = &resources.queue_urls["Jobs"];
    for expected in ["first", "second"] {
        let received = receive(&backends, url).await;
        assert_eq!(received[0].0, expected);
        delete(&backends, url, &received[0].1).await;
    }
}

/// The permissions of a directory and of all files in it.
#[cfg(unix)]
fn permissions(directory: &Path) -> std::collections::BTreeMap<String, u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let files = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let named = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, mode(&path))
    };
    files
        .map(named)
        .chain([(".".to_owned(), mode(directory))])
        .collect()
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_a_data_directory_also_one_that_was_open_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("of/a/stack");
    let mut names = std::collections::BTreeSet::new();
    for _ in 0..2 {
        let world = World::new();
        let stack = local::stack::Stack::start(local::stack::Options {
            data: Some(data.clone()),
            ..world.options()
        });
        let stack = stack.await.unwrap();
        let sent = stack.backends().sqs_client().send_message();
        let sent = sent
            .queue_url(&stack.resources().queue_urls["Jobs"])
            .message_group_id("g");
        sent.message_deduplication_id("1")
            .message_body("x")
            .send_with(&stack.backends().sqs_client())
            .await
            .unwrap();
        let found = permissions(&data);
        for (name, mode) in &found {
            let expected = if name == "." { 0o700 } else { 0o600 };
            assert_eq!(*mode, expected, "{name}");
        }
        names = found.into_keys().collect();
        soon(stack.stop()).await;
        for name in &names {
            let path = data.join(name);
            if path.exists() {
                let open = if name == "." { 0o755 } else { 0o644 };
                std::fs::set_permissions(&path, PermissionsExt::from_mode(open)).unwrap();
            }
        }
    }
    for name in [
        "demo.json",
        "dynamodb.sqlite",
        "kms-key",
        "lock",
        "sealing-keyring",
        "sqs.journal",
    ] {
        assert!(names.contains(name), "{names:?}");
    }
}
