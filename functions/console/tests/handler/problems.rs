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
    page.has(&[
        "Endpoints that receive nothing",
        "DISABLED",
        "it was disabled here or through the API",
        "is not sent to it, also not after it is resumed",
    ]);
    let page = world.open(&browser, "/console/endpoints/demo-sink").await;
    page.has(&[
        "is not sent to it, also not after <em>Resume</em>",
        "Resume the endpoint first",
    ]);
    assert!(!page.html.contains("<button>Count</button>"), "{page:?}");
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

#[tokio::test]
async fn what_is_being_retried_is_a_problem_with_its_last_result() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    world.retry("A-1").await;
    world.retry("A-2").await;
    let page = world.open(&browser, "/console/problems").await;
    assert!(!page.html.contains("Nothing is wrong"), "{page:?}");
    page.has(&[
        r#"href="/console/endpoints/demo-sink?status=pending""#,
        "being retried",
        r#"<td class="number">2</td>"#,
        "Last result: ",
        "Messages that wait behind a delivery that is being retried are not counted",
    ]);
    let page = world.open(&browser, "/console/endpoints/demo-sink").await;
    page.has(&[
        "<strong>2</strong> deliveries are",
        "last result: ",
        "Given up (0)",
        "Being retried (2)",
    ]);
    let place = "/console/endpoints/demo-sink?status=pending";
    let page = world.open(&browser, place).await;
    page.has(&["A-1", "A-2", "1 attempt, the last "]);
}

#[tokio::test]
async fn what_was_given_up_is_counted_at_its_endpoint_and_leads_to_its_recovery() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for number in 0..2 {
        world.give_up(&format!("A-{number}"), number, |_| {}).await;
    }
    let page = world
        .open(&browser, "/console/endpoints/demo-sink?done=resumed")
        .await;
    page.has(&[
        "Resumed: new messages are sent again.",
        "<strong>2</strong> deliveries were given up",
        r##"<a href="#recover">"##,
        "Given up (2)",
    ]);
    let fields = [("step", "recover")];
    let place = "/console/endpoints/demo-sink/recover";
    let page = world.submit(&browser, place, &fields).await;
    let page = world.open(&browser, page.location()).await;
    page.has(&["2 deliveries are queued again."]);
}
