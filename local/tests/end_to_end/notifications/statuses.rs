//! The statuses of a push: accepted, duplicate, unmapped, ignored.

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::join_all;
use serde_json::json;

use crate::notifications::tenants::Account;
use crate::notifications::world::{Answer, World, event, event_without_id, told, webhook_id};

#[tokio::test]
async fn a_repeat_is_a_duplicate_and_is_not_forwarded() {
    let world = World::start().await;
    for event in [
        event("with-id", "SHIPPED"),
        event_without_id("without-id", "SHIPPED"),
    ] {
        let first = world.pushed(&event, "ACCEPTED").await;
        assert_eq!(world.pushed(&event, "DUPLICATE").await, first);
    }
    // The event id alone identifies an event, even if the body has changed.
    let mut changed = event("with-id", "SHIPPED");
    changed["notificationType"] = json!("DELIVERED");
    changed["carrierName"] = json!("Fedex");
    world.pushed(&changed, "DUPLICATE").await;
    for order in ["with-id", "without-id"] {
        world.pushed(&event(order, "LOST"), "ACCEPTED").await;
    }
    let mut told = told(&world.arrived(4).await);
    told.sort();
    assert_eq!(
        told,
        [
            "with-id LOST",
            "with-id SHIPPED",
            "without-id LOST",
            "without-id SHIPPED"
        ]
    );
    world.settled().await;
    assert_eq!(world.sink().received().len(), 4);
}

#[tokio::test]
async fn the_same_body_after_ten_minutes_is_another_event() {
    let world = World::start().await;
    let event = event_without_id("again", "OUT_FOR_DELIVERY");
    let first = world.pushed(&event, "ACCEPTED").await;
    let mut ids = vec![first.clone()];
    for _ in 0..2 {
        world.let_ten_minutes_pass(&first).await;
        let next = world.pushed(&event, "ACCEPTED").await;
        assert!(!ids.contains(&next));
        assert_eq!(world.pushed(&event, "DUPLICATE").await, next);
        ids.push(next);
    }
    let arrived = world.arrived(3).await;
    let webhook_ids: Vec<_> = arrived
        .iter()
        .map(|request| request.headers["webhook-id"].clone())
        .collect();
    let expected: Vec<_> = ids.iter().map(|id| webhook_id(id, "demo-sink")).collect();
    assert_eq!(webhook_ids, expected);
    world.settled().await;
    assert_eq!(world.sink().received().len(), 3);
}

/// The first occurrence counts the repeats. Without it a later repeat would be taken for a new event.
#[tokio::test]
async fn the_first_occurrence_lives_as_long_as_the_newest() {
    let world = World::start().await;
    let event = event_without_id("long-lived", "OUT_FOR_DELIVERY");
    let first = world.pushed(&event, "ACCEPTED").await;
    let expiry = async |id: &str| {
        let item = world.item(&world.key(id)).await;
        item["expiresAt"].as_n().unwrap().parse::<i64>().unwrap()
    };
    let tomorrow = jiff::Timestamp::now().as_second() + 86_400;
    world.set(&first, "expiresAt", tomorrow).await;
    world.let_ten_minutes_pass(&first).await;
    let second = world.pushed(&event, "ACCEPTED").await;
    assert_eq!(expiry(&first).await, expiry(&second).await);
    assert!(expiry(&first).await > tomorrow);
}

impl World {
    async fn let_ten_minutes_pass(&self, first: &str) {
        let then = jiff::Timestamp::now().as_millisecond() - 10 * 60 * 1000 - 1;
        self.set(first, "newestAt", then).await;
    }

    async fn set(&self, notification_id: &str, attribute: &str, value: i64) {
        let key = self.key(notification_id);
        let update = self
            .dynamodb()
            .update_item()
            .table_name(self.table("NotificationsTable"))
            .key("pk", AttributeValue::S(key.pk))
            .key("sk", AttributeValue::S(key.sk))
            .update_expression("SET #attribute = :value")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":value", AttributeValue::N(value.to_string()));
        update.send_with(&self.dynamodb()).await.unwrap();
    }

    /// The stored status of a notification, and whether it has a payload to forward.
    async fn stored(&self, notification_id: &str) -> (String, bool) {
        let item = self.item(&self.key(notification_id)).await;
        let status = item["status"].as_s().unwrap().clone();
        assert!(item.contains_key("raw"));
        (status, item.contains_key("payload"))
    }
}

#[tokio::test]
async fn an_unknown_type_is_stored_and_not_forwarded() {
    let world = World::start().await;
    let unknown = event("unmapped", "TELEPORTED");
    let id = world.pushed(&unknown, "UNMAPPED").await;
    assert_eq!(world.pushed(&unknown, "DUPLICATE").await, id);
    assert_eq!(world.stored(&id).await, ("UNMAPPED".to_owned(), false));
    // Types must match exactly, including case and blanks.
    world
        .pushed(&event("unmapped", "delivered"), "UNMAPPED")
        .await;
    world
        .pushed(&event("unmapped", "DELIVERED"), "ACCEPTED")
        .await;
    assert_eq!(told(&world.arrived(1).await), ["unmapped DELIVERED"]);
    world.settled().await;
    assert_eq!(world.sink().received().len(), 1);
}

#[tokio::test]
async fn an_account_with_notifications_off_stores_and_forwards_nothing() {
    let world = World::start().await;
    let account = Account {
        client: "demo",
        alias: "quiet",
        domain: None,
        notifications: false,
    };
    world.add_account(&account).await;
    let quiet = [("authUsername", "quiet"), ("authPassword", "secret")];
    let body = event("ignored", "DELIVERED").to_string();
    let answer = world.push_with(&quiet, body.clone()).await;
    assert_eq!(answer.status_of_event(), "IGNORED");
    let id = answer.notification_id();
    assert_eq!(world.stored(&id).await, ("IGNORED".to_owned(), false));
    let repeat = world.push_with(&quiet, body).await;
    assert_eq!(repeat.status_of_event(), "DUPLICATE");
    // The same event from another account is another notification.
    world
        .pushed(&event("ignored", "DELIVERED"), "ACCEPTED")
        .await;
    assert_eq!(world.arrived(1).await.len(), 1);
    world.settled().await;
    assert_eq!(world.sink().received().len(), 1);
}

#[tokio::test]
async fn of_ten_identical_pushes_at_once_one_is_accepted_and_arrives() {
    let world = World::start().await;
    for event in [event("id", "LOST"), event_without_id("digest", "LOST")] {
        world.sink().clear();
        let answers = join_all((0..10).map(|_| world.push(&event))).await;
        let mut statuses: Vec<_> = answers.iter().map(Answer::status_of_event).collect();
        statuses.sort_unstable();
        assert_eq!(statuses[0], "ACCEPTED");
        assert_eq!(statuses[1..], ["DUPLICATE"; 9]);
        assert!(
            answers
                .iter()
                .all(|answer| answer.notification_id() == answers[0].notification_id())
        );
        world.arrived(1).await;
        world.settled().await;
        assert_eq!(world.sink().received().len(), 1);
    }
}
