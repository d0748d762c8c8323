use jiff::{SignedDuration, Timestamp};
use local::handler_world::stored::notification;
use logistics::domain::client::Scope;
use logistics::domain::notification::{Identity, NotificationType};
use logistics::store::notifying::exceptions::ExceptionPlace;

use crate::console::world::Visiting;

async fn happen(world: &Visiting, order: &str, kind: NotificationType, hours_ago: i64) {
    let id = world.order(order);
    let at = Timestamp::now() - SignedDuration::from_hours(hours_ago);
    let mut notification = notification(&id, at.as_millisecond()).unwrap();
    notification.notification_type = Some(kind);
    notification.exception = Some(ExceptionPlace::new(&id.client_id, at));
    let identity = Identity::Event(format!("{order} {hours_ago}"));
    let notifications = world.stores().notifications().unwrap();
    let stored = notifications.store(&id, &identity, &notification);
    stored.await.unwrap();
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
