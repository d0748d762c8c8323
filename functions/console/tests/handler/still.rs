use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use local::handler_world::stored::notification;
use logistics::domain::claim::Standing;
use logistics::domain::client::Scope;
use logistics::domain::notification::{Identity, NotificationType};

use crate::console::world::Visiting;

fn days_ago(days: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_hours(24 * days)
}

/// Books an order some days ago.
async fn book(world: &Visiting, order: &str, days: i64) {
    let id = world.order(order);
    world.claim(&id, "clickpost", Standing::Booked).await;
    let at = days_ago(days).as_millisecond().to_string();
    let key = id.key();
    let update = world.world.backends.dynamodb_client().update_item();
    update
        .table_name(world.world.table("ShipmentsTable").unwrap())
        .key("pk", AttributeValue::S(key.pk))
        .key("sk", AttributeValue::S(key.sk))
        .update_expression("SET openAt = :at")
        .expression_attribute_values(":at", AttributeValue::N(at))
        .send_with(&world.world.backends.dynamodb_client())
        .await
        .unwrap();
}

async fn push(world: &Visiting, order: &str, kind: NotificationType, days: i64) {
    let id = world.order(order);
    let at = days_ago(days).as_millisecond();
    let mut notification = notification(&id, at).unwrap();
    notification.notification_type = Some(kind);
    notification.occurred_at = Some(at);
    let identity = Identity::Event(format!("{kind} {days}"));
    let notifications = world.stores().notifications().unwrap();
    let stored = notifications.store(&id, &identity, &notification);
    stored.await.unwrap();
}

#[tokio::test]
async fn only_shipments_that_neither_moved_nor_ended_are_shown() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for order in ["silent-1", "stopped-1", "moving-1", "done-1"] {
        book(&world, order, 6).await;
    }
    book(&world, "new-1", 1).await;
    push(&world, "stopped-1", NotificationType::Shipped, 5).await;
    push(&world, "moving-1", NotificationType::Shipped, 5).await;
    push(&world, "moving-1", NotificationType::Transit, 1).await;
    push(&world, "done-1", NotificationType::Delivered, 5).await;
    let place = "/console/problems/still?alias=clickpost";
    let page = world.open(&browser, place).await;
    page.has(&[
        "<strong>2</strong> of 4 bookings",
        "silent-1",
        "stopped-1",
        "not moved for 3 days",
    ]);
    for other in ["moving-1", "done-1", "new-1"] {
        assert!(!page.html.contains(other), "{other} in {page:?}");
    }
    let page = world.open(&browser, &format!("{place}&days=2")).await;
    page.has(&["<strong>2</strong> of 4 bookings", "not moved for 2 days"]);
}

#[tokio::test]
async fn a_look_covers_twenty_five_bookings_and_leads_on() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for number in 0..30 {
        book(&world, &format!("silent-{number}"), 5 + number).await;
    }
    let place = "/console/problems/still?alias=clickpost";
    let page = world.open(&browser, place).await;
    page.has(&[
        "<strong>25</strong> of 25 bookings",
        "there are earlier bookings",
    ]);
    let (_, rest) = page
        .html
        .split_once(r#"<a href="/console/problems/still?"#)
        .unwrap();
    let query = rest.split_once('"').unwrap().0.replace("&amp;", "&");
    let next = world
        .open(&browser, &format!("/console/problems/still?{query}"))
        .await;
    next.has(&["<strong>5</strong> of 5 bookings", "silent-29"]);
    for days in ["0", "60", "x"] {
        let page = world.open(&browser, &format!("{place}&days={days}")).await;
        page.has(&["Enter 1 to 59."]);
        assert!(!page.html.contains("bookings that were looked at"));
    }
    let page = world.open(&browser, &format!("{place}&days=1")).await;
    page.has(&[
        "not moved for 1 day;",
        "<option selected>clickpost</option>",
    ]);
    for odd in [
        "alias=not%20one",
        "alias=none&days=-1",
        "days=x",
        "alias=clickpost&before=x",
    ] {
        let page = world
            .open(&browser, &format!("/console/problems/still?{odd}"))
            .await;
        assert_eq!(page.status, 200, "{odd}: {page:?}");
    }
}

#[tokio::test]
async fn it_needs_the_scope_of_shipments() {
    let world = Visiting::start().await;
    let client = world.world.demo.client_id.clone();
    world
        .add_key("rms_returns", &client, vec![Scope::Returns])
        .await;
    let browser = world.sign_in("rms_returns").await;
    for place in [
        "/console/problems/still?alias=clickpost",
        "/console/overview",
    ] {
        let page = world.open(&browser, place).await;
        assert_eq!(page.status, 403, "{page:?}");
    }
}
