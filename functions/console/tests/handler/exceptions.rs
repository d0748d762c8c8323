use jiff::{SignedDuration, Timestamp};
use local::handler_world::stored::notification;
use logistics::domain::claim::Standing;
use logistics::domain::client::Scope;
use logistics::domain::notification::{Identity, NotificationType};
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::notifying::exceptions::ExceptionPlace;

use crate::console::world::Visiting;

async fn happen(world: &Visiting, order: &str, kind: NotificationType, hours_ago: i64) {
    happen_to(world, &world.order(order), kind, hours_ago).await;
}

async fn happen_to(world: &Visiting, id: &ShipmentId, kind: NotificationType, hours_ago: i64) {
    let at = Timestamp::now() - SignedDuration::from_hours(hours_ago);
    let mut notification = notification(id, at.as_millisecond()).unwrap();
    notification.notification_type = Some(kind);
    notification.exception = Some(ExceptionPlace::new(&id.client_id, at));
    let identity = Identity::Event(hours_ago.to_string());
    let notifications = world.stores().notifications().unwrap();
    let stored = notifications.store(id, &identity, &notification);
    stored.await.unwrap();
}

#[tokio::test]
async fn each_exception_has_the_present_state_of_its_shipment() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    happen(&world, "late-1", NotificationType::Undelivered, 3).await;
    happen(&world, "late-1", NotificationType::Delivered, 1).await;
    happen(&world, "late-2", NotificationType::Undelivered, 2).await;
    // A booking that no push told of since: its record counts too.
    let booked = world.order("stuck-1");
    world.claim(&booked, "clickpost", Standing::Booked).await;
    happen(&world, "stuck-1", NotificationType::ShipmentStuck, 4).await;
    // A parcel, with its own page.
    let parcel = ShipmentId {
        shipment_code: Some("P-1".parse().unwrap()),
        ..world.order("parcels-1")
    };
    happen_to(&world, &parcel, NotificationType::Lost, 5).await;
    let page = world.open(&browser, "/console/problems/exceptions").await;
    let state = |order: &str, rest: &str, tone: &str, state: &str| {
        format!(
            r#"order={order}&#38;type=FORWARD{rest}">{order}</a></td><td><span class="state {tone}">{state}</span></td>"#
        )
    };
    page.has(&[
        &state("late-1", "", "good", "DELIVERED"),
        &state("late-2", "", "busy", "OUT_FOR_DELIVERY"),
        &state("stuck-1", "", "busy", "LABEL_READY"),
        &state("parcels-1", "&#38;code=P-1", "bad", "LOST"),
    ]);
}

#[tokio::test]
async fn delivery_exceptions_of_a_week_are_counted_by_type() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    happen(&world, "late-1", NotificationType::Undelivered, 2).await;
    happen(&world, "late-2", NotificationType::Undelivered, 3).await;
    happen(&world, "lost-1", NotificationType::Lost, 24).await;
    happen(&world, "old-1", NotificationType::Damaged, 24 * 8).await;
    let page = world.open(&browser, "/console/problems").await;
    page.has(&[
        "Delivery exceptions",
        r#"<td>UNDELIVERED</td><td class="number">2</td>"#,
        r#"<td>LOST</td><td class="number">1</td>"#,
    ]);
    assert!(!page.html.contains("DAMAGED"), "{page:?}");
    let page = world.open(&browser, "/console/problems/exceptions").await;
    page.has(&[
        "/console/shipment?order=late-1&#38;type=FORWARD",
        "lost-1",
        "old-1",
        "DAMAGED",
    ]);
    world
        .add_key("rms_stranger", "stranger", Scope::all().collect())
        .await;
    let stranger = world.sign_in("rms_stranger").await;
    for place in ["/console/problems", "/console/problems/exceptions"] {
        let page = world.open(&stranger, place).await;
        assert!(!page.html.contains("UNDELIVERED"), "{page:?}");
    }
}
