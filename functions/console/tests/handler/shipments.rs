use jiff::{SignedDuration, Timestamp};
use local::handler_world::Logged;
use local::handler_world::stored::{facts, notification, shipment};
use logistics::domain::booking_refusal::{BookingRefusal, RefusalKind};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::ShipmentRecord;
use logistics::domain::client::Scope;
use logistics::domain::facts::ShipmentFacts;
use logistics::domain::notification::{Identity, NotificationType};
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::notifying::notifications::StoredNotification;
use logistics::store::packed::pack;

use crate::console::world::Visiting;

const FIRST: i64 = 1_700_000_000_000;

fn order(world: &Visiting) -> ShipmentId {
    let client = &world.world.demo.client_id;
    shipment(client, "asdf1234", ShipmentType::Forward, None).unwrap()
}

async fn claim(world: &Visiting, standing: Standing) {
    let id = order(world);
    let facts = ShipmentFacts {
        awb: Some("71902671".parse().unwrap()),
        carrier_name: Some("Delhivery".to_owned()),
        ..facts(&id, "magic", "RMS_MAGIC").unwrap()
    };
    let claim = ShipmentRecord {
        standing,
        holder: "test".to_owned(),
        ..ShipmentRecord::observed(facts)
    };
    let shipments = world
        .world
        .start_of("console")
        .unwrap()
        .shipments()
        .unwrap();
    shipments.claim(&id, &claim).await.unwrap();
}

async fn push(world: &Visiting, count: i64) -> String {
    let id = order(world);
    let notifications = world
        .world
        .start_of("console")
        .unwrap()
        .notifications()
        .unwrap();
    for second in 0..count {
        let mut notification = notification(&id, FIRST).unwrap();
        notification.notification_type = Some(NotificationType::Shipped);
        notification.raw = pack(br#"{"forwardOrderCode":"asdf1234"}"#).unwrap();
        notification.payload = Some(pack(b"{}").unwrap());
        notification.occurred_at = Some(FIRST + second * 1000);
        let identity = Identity::Event(second.to_string());
        let stored = notifications.store(&id, &identity, &notification);
        stored.await.unwrap();
    }
    "/console/shipment?order=asdf1234&type=FORWARD".to_owned()
}

#[tokio::test]
async fn an_order_number_leads_to_its_shipment_with_every_event() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    claim(&world, Standing::Booked).await;
    let place = push(&world, 3).await;
    let found = world.open(&browser, "/console/find?q=asdf1234").await;
    assert_eq!(
        (found.status, found.location()),
        (303, place.as_str()),
        "{found:?}"
    );
    let page = world.open(&browser, &place).await;
    assert_eq!(page.status, 200);
    page.has(&[
        "asdf1234",
        "71902671",
        "Delhivery",
        "Booked. The same request",
    ]);
    assert_eq!(page.html.matches("<strong>SHIPPED</strong>").count(), 3);
    let (_, rest) = page.html.split_once("/console/notifications/").unwrap();
    let id = rest.split_once('"').unwrap().0;
    let notification = world
        .open(&browser, &format!("/console/notifications/{id}"))
        .await;
    assert_eq!(notification.status, 200);
    notification.has(&[
        "As pushed",
        "As translated",
        "It was accepted and translated, and sent to no endpoint.",
        "Not sent to",
        r#"<a href="/console/endpoints/demo-sink">demo-sink</a>, which wants "#,
        "&#34;forwardOrderCode&#34;: &#34;asdf1234&#34;",
        id,
        &place.replace('&', "&#38;"),
    ]);
}

#[tokio::test]
async fn a_long_history_has_pages() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let place = push(&world, 120).await;
    let page = world.open(&browser, &place).await;
    assert_eq!(page.html.matches("<strong>SHIPPED</strong>").count(), 50);
    page.has(&["Page 1 of 3", "2023-11-14 22:15:19 UTC"]);
    let last = world.open(&browser, &format!("{place}&page=3")).await;
    assert_eq!(last.html.matches("<strong>SHIPPED</strong>").count(), 20);
    last.has(&["Page 3 of 3", "2023-11-14 22:13:20 UTC"]);
    for odd in ["0", "4", "-1", "a", ""] {
        let page = world.open(&browser, &format!("{place}&page={odd}")).await;
        assert_eq!(page.status, 200, "{odd}");
    }
}

#[tokio::test]
async fn the_newest_of_more_than_a_thousand_events_is_on_the_first_page() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let place = push(&world, 1_020).await;
    let page = world.open(&browser, &place).await;
    assert_eq!(page.html.matches("<strong>SHIPPED</strong>").count(), 50);
    page.has(&["Page 1 of 21", "2023-11-14 22:30:19 UTC"]);
    let last = world.open(&browser, &format!("{place}&page=21")).await;
    last.has(&["Page 21 of 21", "2023-11-14 22:13:20 UTC"]);
}

#[tokio::test]
async fn a_refusal_that_the_record_keeps_is_shown_as_text_until_the_next_claim() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let id = order(&world);
    claim(&world, Standing::Claimed).await;
    let shipments = world.stores().shipments().unwrap();
    let claimed = shipments.get(&id).await.unwrap().unwrap();
    let refusal = BookingRefusal {
        kind: RefusalKind::InvalidRequest,
        code: None,
        detail: Some("/dropAddress/city <b>is too long</b>".to_owned()),
        at: FIRST,
    };
    let kept = shipments.refuse(&id, claimed.seen(), &refusal).await;
    assert!(kept.unwrap());
    let place = "/console/shipment?order=asdf1234&type=FORWARD";
    let page = world.open(&browser, place).await;
    page.has(&[
        "the last request was refused",
        "The last request had values that the account’s aggregator does not take: /dropAddress/city &#60;b&#62;is too long",
        "2023-11-14 22:13:20 UTC</time>, account magic",
    ]);
    let refused = shipments.get(&id).await.unwrap().unwrap();
    let until = Timestamp::now() + SignedDuration::from_secs(30);
    let taken = shipments.take_over(&id, refused.seen(), "next", until);
    assert!(taken.await.unwrap());
    assert_eq!(shipments.get(&id).await.unwrap().unwrap().refusal, None);
    let page = world.open(&browser, place).await;
    assert!(!page.html.contains("is too long"), "{page:?}");
}

#[tokio::test]
async fn an_uncertain_booking_is_settled_with_a_form() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    claim(&world, Standing::Uncertain).await;
    let place = "/console/shipment?order=asdf1234&type=FORWARD";
    let page = world.open(&browser, place).await;
    page.has(&["UNCERTAIN", "its outcome is unknown", "Settle it"]);
    let named = [("order", "asdf1234"), ("type", "FORWARD")];
    let wrong = [&named[..], &[("found", "booking"), ("awb", "")]].concat();
    let page = world
        .submit(&browser, "/console/shipment/settle", &wrong)
        .await;
    assert_eq!(page.status, 422, "{page:?}");
    page.has(&[">AWB ", "Settle it"]);
    let right = [
        &named[..],
        &[
            ("found", "booking"),
            ("awb", "998877"),
            ("carrier", "Bluedart"),
        ],
    ]
    .concat();
    let page = world
        .submit(&browser, "/console/shipment/settle", &right)
        .await;
    assert_eq!(
        (page.status, page.location()),
        (303, format!("{place}&done=settled").as_str())
    );
    let page = world.open(&browser, page.location()).await;
    page.has(&["The order is settled.", "998877", "BOOKED"]);
}

#[tokio::test]
async fn a_booking_that_cannot_be_cancelled_says_why_at_the_shipment() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    claim(&world, Standing::Booked).await;
    let fields = [("order", "asdf1234"), ("type", "FORWARD")];
    let page = world
        .submit(&browser, "/console/shipment/cancel", &fields)
        .await;
    assert!(
        (400..600).contains(&page.status) && page.status != 500,
        "{page:?}"
    );
    page.has(&[r#"role="alert""#, "asdf1234", "What happened"]);
}

#[tokio::test]
async fn another_client_finds_nothing_of_it() {
    let world = Visiting::start().await;
    claim(&world, Standing::Booked).await;
    let place = push(&world, 1).await;
    let demo = world.demo().await;
    let page = world.open(&demo, &place).await;
    let (_, rest) = page.html.split_once("/console/notifications/").unwrap();
    let notification = rest.split_once('"').unwrap().0.to_owned();
    world
        .add_key("rms_stranger", "stranger", Scope::all().collect())
        .await;
    let stranger = world.sign_in("rms_stranger").await;
    for place in [
        place.as_str(),
        "/console/find?q=asdf1234",
        "/console/find?q=71902671",
        "/console/shipment/label?order=asdf1234",
        &format!("/console/notifications/{notification}"),
        "/console/endpoints/demo-sink",
        "/console/endpoints/demo-sink/edit",
        "/console/accounts/magic",
        "/console/channels/shopify",
    ] {
        let page = world.open(&stranger, place).await;
        assert_eq!(page.status, 404, "{place} {page:?}");
        for mark in ["Delhivery", "RMS_MAGIC", "127.0.0.1"] {
            assert!(!page.html.contains(mark), "{place} has {mark}");
        }
    }
    for (place, fields) in [
        ("/console/shipment/cancel", &[("order", "asdf1234")][..]),
        (
            "/console/shipment/settle",
            &[("order", "asdf1234"), ("found", "nothing")],
        ),
        ("/console/endpoints/demo-sink/test", &[]),
        ("/console/endpoints/demo-sink/rotate", &[("version", "1")]),
        ("/console/endpoints/demo-sink/resume", &[("version", "1")]),
        ("/console/endpoints/demo-sink/delete", &[("version", "1")]),
        ("/console/endpoints/demo-sink/recover", &[]),
        ("/console/accounts/magic/check", &[]),
        ("/console/accounts/magic/delete", &[("version", "1")]),
        ("/console/keys/key_console/revoke", &[]),
    ] {
        let page = world.submit(&stranger, place, fields).await;
        assert_eq!(page.status, 404, "{place} {page:?}");
    }
    assert_eq!(
        world
            .open(&demo, "/console/endpoints/demo-sink")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn each_event_has_the_state_of_its_deliveries() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    world
        .give_up("A-1", 0, |notification| {
            notification.notification_type = Some(NotificationType::Shipped);
        })
        .await;
    let page = world.open(&browser, "/console/shipment?order=A-1").await;
    page.has(&[r#"<span class="state bad">FAILED</span> <span class="small">demo-sink</span>"#]);
    let page = world.open(&browser, "/console/messages?subject=A-1").await;
    page.has(&[">SHIPPED</a>", ">NOTIFICATION</span>"]);
}

#[tokio::test]
async fn a_page_of_a_long_history_reads_only_the_deliveries_of_its_own_events() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for number in 0..60 {
        let sent = |notification: &mut StoredNotification| {
            notification.notification_type = Some(NotificationType::Shipped);
        };
        world.give_up("A-1", number, sent).await;
    }
    let logged = Logged::from_now();
    for (page, count) in [("1", 50), ("2", 10)] {
        let place = format!("/console/shipment?order=A-1&page={page}");
        let page = world.open(&browser, &place).await;
        assert_eq!(page.html.matches("<strong>SHIPPED</strong>").count(), count);
        let failed =
            r#"<span class="state bad">FAILED</span> <span class="small">demo-sink</span>"#;
        assert_eq!(page.html.matches(failed).count(), count);
    }
    assert_eq!(logged.with("route", "/shipments").unwrap().len(), 2);
    // This route reads every message of the order.
    assert!(logged.with("route", "/messages").unwrap().is_empty());
}

#[tokio::test]
async fn a_cancellation_is_offered_only_where_there_can_be_one() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let place = |order: &str| format!("/console/shipment?order={order}");
    // The aggregator of the account cannot cancel.
    let ids = ["A-1", "A-2"].map(|order| world.order(order));
    world.claim(&ids[0], "magic", Standing::Booked).await;
    let page = world.open(&browser, &place("A-1")).await;
    assert!(!page.html.contains("Cancel the booking"), "{page:?}");
    world.claim(&ids[1], "shipway", Standing::Booked).await;
    let page = world.open(&browser, &place("A-2")).await;
    page.has(&["Cancel the booking"]);
    // It is delivered.
    world
        .give_up("A-2", 1, |notification| {
            notification.alias = Some("shipway".parse().unwrap());
            notification.notification_type = Some(NotificationType::Delivered);
        })
        .await;
    let page = world.open(&browser, &place("A-2")).await;
    page.has(&["DELIVERED"]);
    assert!(!page.html.contains("Cancel the booking"), "{page:?}");
}
