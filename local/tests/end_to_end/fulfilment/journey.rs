//! Orders on their way to the OMS and back.

use serde_json::json;

use super::world::{OMS, ORDERS, PLATFORM, at, order};
use crate::notifications::world::{World, is_signed_with};

#[tokio::test]
async fn orders_reach_the_oms_and_their_results_the_platform() {
    let world = World::start().await;
    let list = json!([order("SO-1"), order("SO-2")]);
    let answer = world.call(ORDERS, &list).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(answer.body["metadata"]["http_status"], "Accepted");
    assert_eq!(answer.body["data"]["so_numbers"], json!(["SO-1", "SO-2"]));
    let group = answer.body["data"]["group_key"].as_str().unwrap();
    let received = world.arrived(2).await;
    let (orders, _) = at(&received, OMS);
    let mut sent: Vec<_> = orders.values().cloned().collect();
    sent.sort_by_key(|body| body["order"]["so_number"].to_string());
    let expected =
        ["SO-1", "SO-2"].map(|number| json!({ "group_key": group, "order": order(number) }));
    assert_eq!(sent, expected);
    for request in &received {
        let header = |name: &str| request.headers[name].as_str();
        assert_eq!(header("rms-message-kind"), "OUTBOUND_ORDER");
        assert_eq!(header("x-request-id"), answer.header("x-request-id"));
        let secret = &world.demo().endpoints["oms"].signing_secret;
        assert!(is_signed_with(secret, request, &request.body));
    }
    let items = json!([{ "so_number": "SO-1" }, { "so_number": "SO-2", "error": "no stock" }, { "so_number": "SO-3" }]);
    let confirmed = world.confirm(group, &items).await;
    assert_eq!(confirmed.status, 200, "{confirmed:?}");
    assert_eq!(confirmed.body["data"]["accepted"], json!(["SO-1", "SO-2"]));
    assert_eq!(confirmed.body["data"]["rejected"][0]["so_number"], "SO-3");
    let (results, _) = at(&world.arrived(4).await, PLATFORM);
    let mut told: Vec<_> = results.values().cloned().collect();
    told.sort_by_key(|body| body["so_number"].to_string());
    let result = |number: &str, status: &str, error| json!({ "group_key": group, "so_number": number, "status": status, "error": error });
    let expected = [
        result("SO-1", "CONFIRMED", json!(null)),
        result("SO-2", "FAILED", json!("no stock")),
    ];
    assert_eq!(told, expected);
    assert_eq!(world.outbound("SO-1").await["state"], "CONFIRMED");
    assert_eq!(world.outbound("SO-2").await["error"], "no stock");
    world.settled().await;
    assert_eq!(world.sink().received().len(), 4);
}

#[tokio::test]
async fn a_late_result_follows_the_message_that_there_was_none_in_time() {
    let world = World::start().await;
    let group = world.accepted(&order("SO-1")).await;
    world.arrived(1).await;
    // The deadline is over: what happens then is the same as 15 minutes later.
    let due = world.stored_outbound("SO-1").await.deadline;
    let past = jiff::Timestamp::now() - std::time::Duration::from_mins(1);
    let update = world.dynamodb().update_item();
    let key = |value: String| aws_sdk_dynamodb::types::AttributeValue::S(value);
    let number = |at: jiff::Timestamp| {
        aws_sdk_dynamodb::types::AttributeValue::N(at.as_millisecond().to_string())
    };
    update
        .table_name(world.table("OutboundOrdersTable"))
        .key("pk", key(format!("{}#SO-1", world.client())))
        .key("sk", key("ORDER".to_owned()))
        .update_expression("SET dueAt = :past, deadline = :past")
        .condition_expression("dueAt = :due")
        .expression_attribute_values(":past", number(past))
        .expression_attribute_values(":due", number(due))
        .send_with(&world.dynamodb())
        .await
        .unwrap();
    assert!(world.sweep().await && world.sweep().await);
    world.arrived(2).await;
    assert_eq!(world.outbound("SO-1").await["state"], "UNCONFIRMED");
    let confirmed = world
        .confirm(&group, &json!([{ "so_number": "SO-1" }]))
        .await;
    assert_eq!(confirmed.body["data"]["accepted"], json!(["SO-1"]));
    let (_, told) = at(&world.arrived(3).await, PLATFORM);
    let statuses: Vec<_> = told.iter().map(|body| &body["status"]).collect();
    assert_eq!(statuses, ["UNCONFIRMED", "CONFIRMED"]);
    let shown = world.outbound("SO-1").await;
    assert_eq!(shown["state"], "CONFIRMED");
    let events: Vec<_> = shown["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["event"])
        .collect();
    assert_eq!(events, ["ACCEPTED", "UNCONFIRMED", "CONFIRMED"]);
    world.settled().await;
    assert_eq!(world.sink().received().len(), 3);
}

#[tokio::test]
async fn the_messages_of_an_order_are_found_by_its_number() {
    let world = World::start().await;
    let group = world.accepted(&order("SO-1")).await;
    world
        .confirm(&group, &json!([{ "so_number": "SO-1" }]))
        .await;
    world.arrived(2).await;
    world.settled().await;
    let url = format!("{}/messages?subject=SO-1", world.stack.base_url());
    let key = &world.demo().api_key;
    let answer =
        crate::notifications::world::Answer::of(world.http.get(url).bearer_auth(key)).await;
    let messages = answer.body["messages"].as_array().unwrap();
    let kinds: Vec<_> = messages.iter().map(|message| &message["kind"]).collect();
    assert_eq!(kinds, ["OUTBOUND_ORDER", "OUTBOUND_CONFIRMATION"]);
    let id = messages[0]["messageId"].as_str().unwrap();
    let url = format!("{}/messages/{id}", world.stack.base_url());
    let answer =
        crate::notifications::world::Answer::of(world.http.get(url).bearer_auth(key)).await;
    assert_eq!(answer.body["body"]["order"], order("SO-1"));
}
