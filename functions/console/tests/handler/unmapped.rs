//! Mapping a status code and replaying what is stored with it.

use local::handler_world::HttpEvent;
use logistics::domain::client::Scope;
use serde_json::json;

use crate::console::world::{Browser, Page, Visiting};

const CODE: &str = "/console/unmapped/code?alias=magic&code=TELEPORTED";

/// A world in which the demo's account pushed this code for each of these orders.
async fn pushed(orders: &[&str]) -> (Visiting, Browser) {
    // Boxed: it is large, and every test has one.
    Box::pin(push_each(orders)).await
}

async fn push_each(orders: &[&str]) -> (Visiting, Browser) {
    let world = Visiting::start().await;
    let push = HttpEvent::of("notification-push").unwrap();
    world.world.admit(&push).await.unwrap();
    let start = world.world.start_of("notification-push").unwrap();
    let dependencies = start.push().unwrap();
    for order in orders {
        let body = json!({
            "eventId": order, "forwardOrderCode": order, "notificationType": "TELEPORTED", "shipmentType": "FORWARD",
            "logisticAggregatorName": "NARVAR", "items": [],
        });
        let event = push.clone().with_body(&body).to_string();
        let request = lambda_http::request::from_str(&event).unwrap();
        assert_eq!(
            notification_push::handle(&dependencies, request)
                .await
                .status(),
            200
        );
    }
    let browser = world.demo().await;
    (world, browser)
}

async fn map(world: &Visiting, browser: &Browser, kind: &str, version: &str) -> Page {
    let fields = [
        ("alias", "magic"),
        ("code", "TELEPORTED"),
        ("type", kind),
        ("version", version),
    ];
    world
        .submit(browser, "/console/unmapped/map", &fields)
        .await
}

async fn replay(world: &Visiting, browser: &Browser, step: &str) -> Page {
    let fields = [("alias", "magic"), ("code", "TELEPORTED"), ("step", step)];
    world
        .submit(browser, "/console/unmapped/replay", &fields)
        .await
}

#[tokio::test]
async fn a_code_is_listed_mapped_counted_and_replayed() {
    let (world, browser) = pushed(&["A-1", "A-2"]).await;
    let page = world.open(&browser, "/console/unmapped").await;
    page.has(&["TELEPORTED", "not mapped", "RMS_MAGIC", ">A-2<"]);
    let page = world.open(&browser, CODE).await;
    let example = page.html.split_once("/console/notifications/").unwrap().1;
    let example = example.split_once('"').unwrap().0;
    let push = world
        .open(&browser, &format!("/console/notifications/{example}"))
        .await;
    push.has(&["<code>TELEPORTED</code> has no type", "say what it means"]);
    page.has(&[
        "Say first what the code means",
        "&#34;forwardOrderCode&#34;: &#34;A-2&#34;",
    ]);
    let page = map(&world, &browser, "OUT_FOR_DELIVERY", &page.field("version")).await;
    assert_eq!(page.status, 303, "{page:?}");
    assert_eq!(page.location(), format!("{CODE}&done=mapped"));
    let page = world.open(&browser, page.location()).await;
    page.has(&[
        "forward below what is stored",
        "<option selected>OUT_FOR_DELIVERY</option>",
    ]);
    let account = world.open(&browser, "/console/accounts/magic").await;
    account.has(&[
        r#"<a href="/console/unmapped/code?alias=magic&#38;code=TELEPORTED"><code>TELEPORTED</code></a></td><td>OUT_FOR_DELIVERY"#,
    ]);
    let page = replay(&world, &browser, "").await;
    page.has(&[
        r#"id="result""#,
        "<strong>2</strong> notifications are stored",
        "Forward them as OUT_FOR_DELIVERY",
    ]);
    let page = replay(&world, &browser, "replay").await;
    page.has(&[
        "<strong>2</strong> of 2 now have their type",
        "<strong>2</strong> deliveries are queued",
        "nothing waits with this code",
    ]);
    // A double click.
    let page = replay(&world, &browser, "replay").await;
    page.has(&["<strong>0</strong> of 0 now have their type"]);
    let page = world.open(&browser, "/console/unmapped").await;
    page.has(&["Every pushed status is understood"]);
}

#[tokio::test]
async fn an_account_that_somebody_else_changed_is_not_overwritten() {
    let (world, browser) = pushed(&["A-1"]).await;
    let version = world.open(&browser, CODE).await.field("version");
    assert_eq!(map(&world, &browser, "TRANSIT", &version).await.status, 303);
    let page = map(&world, &browser, "DELIVERED", &version).await;
    assert_eq!(page.status, 412, "{page:?}");
    page.has(&[
        "Somebody else changed the account",
        "mapped to TRANSIT",
        "<option selected>DELIVERED</option>",
    ]);
    let saved = map(&world, &browser, "DELIVERED", &page.field("version")).await;
    assert_eq!(saved.status, 303, "{saved:?}");
    let page = world.open(&browser, CODE).await;
    let removed = map(&world, &browser, "", &page.field("version")).await;
    assert_eq!(removed.location(), format!("{CODE}&done=unmapped"));
    world
        .open(&browser, CODE)
        .await
        .has(&["Say first what the code means"]);
    // The rest of the account is as it was.
    world
        .open(&browser, "/console/accounts/magic")
        .await
        .has(&["RMS_MAGIC", "generateShippingLabel"]);
}

#[tokio::test]
async fn what_is_wrong_is_said_at_the_form() {
    let (world, browser) = pushed(&["A-1"]).await;
    let version = world.open(&browser, CODE).await.field("version");
    let page = map(&world, &browser, "TELEPORTED", &version).await;
    assert_eq!(page.status, 422, "{page:?}");
    page.has(&["Status mappings TELEPORTED must be a notification type"]);
    let known = [
        ("alias", "magic"),
        ("code", "DELIVERED"),
        ("type", "LOST"),
        ("version", &version),
    ];
    let page = world
        .submit(&browser, "/console/unmapped/map", &known)
        .await;
    assert_eq!(page.status, 422, "{page:?}");
    page.has(&["is known to RMS and cannot be mapped: it means DELIVERED"]);
    let page = replay(&world, &browser, "replay").await;
    assert_eq!(page.status, 422, "{page:?}");
    page.has(&["has no notification type"]);
}

#[tokio::test]
async fn a_code_of_another_client_s_account_is_not_found_and_nothing_is_changed_without_the_scope()
{
    let (world, _) = pushed(&["A-1"]).await;
    world
        .add_key("rms_other", "other", Scope::all().collect())
        .await;
    let other = world.sign_in("rms_other").await;
    let page = world.open(&other, "/console/unmapped").await;
    assert!(!page.html.contains("TELEPORTED"), "{page:?}");
    assert_eq!(world.open(&other, CODE).await.status, 404);
    assert_eq!(map(&world, &other, "TRANSIT", "1").await.status, 404);
    assert!([404, 422].contains(&replay(&world, &other, "replay").await.status));

    let client = world.world.demo.client_id.clone();
    let scopes = vec![Scope::Notifications];
    world.add_key("rms_reader", &client, scopes).await;
    let reader = world.sign_in("rms_reader").await;
    let page = world.open(&reader, CODE).await;
    page.has(&["A key with the scope configuration can say what the code means"]);
    assert_eq!(map(&world, &reader, "TRANSIT", "1").await.status, 403);
}
