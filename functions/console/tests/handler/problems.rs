use jiff::Timestamp;
use local::handler_world::stored::{notification, shipment};
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::store::notifying::unmapped::UnmappedPlace;

use crate::console::world::Visiting;

#[tokio::test]
async fn a_client_without_problems_reads_so() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    world
        .open(&browser, "/console/problems")
        .await
        .has(&["Nothing is wrong"]);
}

#[tokio::test]
async fn unknown_codes_are_counted_with_an_example() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let id = shipment(
        &world.world.demo.client_id,
        "asdf1234",
        ShipmentType::Forward,
        None,
    )
    .unwrap();
    let notifications = world
        .world
        .start_of("console")
        .unwrap()
        .notifications()
        .unwrap();
    for (number, code) in ["77", "77", "88"].iter().enumerate() {
        let mut notification = notification(&id, 1_700_000_000_000).unwrap();
        notification.notification_type = None;
        notification.status = "UNMAPPED".to_owned();
        let second = 1_700_000_000 + i64::try_from(number).unwrap();
        let at = Timestamp::from_second(second).unwrap();
        notification.unmapped = Some(UnmappedPlace::new(&id.client_id, at));
        (*code).clone_into(&mut notification.pushed_type);
        let identity = Identity::Event(number.to_string());
        notifications
            .store(&id, &identity, &notification)
            .await
            .unwrap();
    }
    let page = world.open(&browser, "/console/problems").await;
    page.has(&[
        "Pushes with an unknown code",
        "<code>77</code>",
        "<code>88</code>",
        "the push",
    ]);
    let page = world.open(&browser, "/console/problems/unmapped").await;
    assert_eq!(page.html.matches("asdf1234").count(), 3, "{page:?}");
}

#[tokio::test]
async fn an_endpoint_that_is_switched_off_is_a_problem_until_it_is_resumed() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let form = world
        .open(&browser, "/console/endpoints/demo-sink/edit")
        .await;
    let url = form.html.split_once(r#"type="url" value=""#).unwrap().1;
    let url = url.split_once('"').unwrap().0.to_owned();
    let fields = [
        ("version", form.field("version")),
        ("url", url),
        ("method", "POST".to_owned()),
        ("message", "NOTIFICATION".to_owned()),
        ("headers", "authorization:".to_owned()),
        ("signature_scheme", "v1".to_owned()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let page = world
        .submit(&browser, "/console/endpoints/demo-sink/edit", &fields)
        .await;
    assert_eq!(page.status, 303, "{page:?}");
    let page = world.open(&browser, "/console/problems").await;
    page.has(&["Endpoints that receive nothing", "DISABLED"]);
    let page = world.open(&browser, "/console/endpoints/demo-sink").await;
    let version = page.field("version");
    let place = "/console/endpoints/demo-sink/resume";
    let page = world
        .submit(&browser, place, &[("version", &version)])
        .await;
    assert_eq!(
        page.location(),
        "/console/endpoints/demo-sink?done=resumed",
        "{page:?}"
    );
    world
        .open(&browser, "/console/problems")
        .await
        .has(&["Nothing is wrong"]);
}
