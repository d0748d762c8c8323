//! The event source mapping from a queue to a function.

use local::stack::Stack;

use crate::stack::world::{World, soon};

async fn send(stack: &Stack, group: &str, body: &str) {
    stack
        .backends()
        .sqs_client()
        .send_message()
        .queue_url(&stack.resources().queue_urls["Jobs"])
        .message_group_id(group)
        .message_deduplication_id(body)
        .message_body(body)
        .send_with(&stack.backends().sqs_client())
        .await
        .unwrap();
}

async fn received(stack: &Stack, body: &str, time: u32) {
    let text = format!("received {body} for the {time}. time");
    soon(stack.log().wait_for(|line| line.text == text)).await;
}

/// Waits until the queue has no message, visible or in flight.
async fn emptied(stack: &Stack) {
    use aws_sdk_sqs::types::QueueAttributeName as Name;
    let counts = [
        Name::ApproximateNumberOfMessages,
        Name::ApproximateNumberOfMessagesNotVisible,
    ];
    let client = stack.backends().sqs_client();
    soon(async {
        loop {
            let attributes = client
                .get_queue_attributes()
                .queue_url(&stack.resources().queue_urls["Jobs"])
                .set_attribute_names(Some(counts.to_vec()))
                .send()
                .await
                .unwrap()
                .attributes
                .unwrap();
            if attributes.values().all(|count| count == "0") {
                return;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn only_the_messages_that_failed_come_back() {
    let stack = World::new().start().await;
    for (group, body) in [("a", "ok-1"), ("b", "fail-2"), ("c", "ok-3")] {
        send(&stack, group, body).await;
    }
    received(&stack, "fail-2", 2).await;
    emptied(&stack).await;
    let lines = stack.log().lines();
    let times = |body: &str| lines.iter().filter(|line| line.text.contains(body)).count();
    assert_eq!((times("ok-1"), times("fail-2"), times("ok-3")), (1, 2, 1));
}

#[tokio::test]
async fn a_later_message_of_a_group_waits_for_the_one_that_failed() {
    let stack = World::new().start().await;
    for body in ["fail-first", "second"] {
        send(&stack, "g", body).await;
    }
    emptied(&stack).await;
    let lines = stack.log().lines();
    let order: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.text.strip_prefix("received "))
        .filter_map(|text| text.split(' ').next())
        .collect();
    assert_eq!(order, ["fail-first", "fail-first", "second"]);
}

#[tokio::test]
async fn a_crash_deletes_nothing_and_ends_in_the_dead_letter_queue() {
    let stack = World::new().start().await;
    send(&stack, "g", "crash").await;
    received(&stack, "crash", 5).await;
    emptied(&stack).await;
    let dead = stack
        .backends()
        .sqs_client()
        .receive_message()
        .queue_url(&stack.resources().queue_urls["DeadJobs"])
        .wait_time_seconds(10)
        .send();
    let dead = soon(dead).await.unwrap().messages.unwrap();
    assert_eq!(dead[0].body(), Some("crash"));
}

#[tokio::test]
async fn messages_of_several_groups_make_one_batch() {
    let world = World::new();
    let data = world.path("data");
    let options = local::stack::Options {
        data: Some(data),
        ..world.options()
    };
    let backends_only = local::stack::Options {
        backends_only: true,
        ..options.clone()
    };
    let stack = Stack::start(backends_only).await.unwrap();
    for group in 0..10 {
        send(&stack, &format!("g{group}"), &format!("m{group}")).await;
    }
    stack.stop().await;
    let stack = Stack::start(options).await.unwrap();
    soon(stack.log().wait_for(|line| line.text == "batch of 10")).await;
}
