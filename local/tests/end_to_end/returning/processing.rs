//! A warehouse's results from `POST …/processing` to the URLs of the client's systems.

use local::sink::Behaviour;
use serde_json::json;

use crate::notifications::invoices::delivery_id;
use crate::notifications::world::{World, body, is_signed_with};
use crate::returning::world::{PIECES, at, failed, message_ids, passed, results};

const ACKS: &str = "/webhooks/acks";
const RETURNS: &str = "/webhooks/returns";

/// The body about one piece that failed and one that passed, byte for byte.
const BODY: &str = concat!(
    r#"{"returnOrderCode":"R1","forwardOrderCode":"forwardOrder1","locationCode":"Wid234","orderItems":["#,
    r#"{"itemCode":"I10098","channelSkuCode":"sku-I10098","qcStatus":"FAIL","qcReason":"STAIN_DAMAGE","#,
    r#""imageUrls":["https://increff.com/img.jpg"]},"#,
    r#"{"itemCode":"I10097","channelSkuCode":"sku-I10097","qcStatus":"PASS","qcReason":null,"imageUrls":[]}]}"#,
);

#[tokio::test]
async fn both_systems_get_the_results_as_documented() {
    let world = World::start().await;
    world.add_return("R1").await;
    let answer = world
        .process("R1", &results(&[failed(PIECES[1]), passed(PIECES[0])]))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body["state"], "PARTIALLY_PROCESSED");
    let received = world.arrived(2).await;
    let ways = [
        ("acks", ACKS, "PUT", "RETURN_ORDER_ACK"),
        ("returns", RETURNS, "POST", "RETURNS_PROCESSING_UPDATE"),
    ];
    for ((endpoint, path, method, kind), id) in ways.into_iter().zip(message_ids(&answer)) {
        let here = at(&received, path);
        let [request] = here.as_slice() else {
            panic!("{path}: {here:?}")
        };
        assert_eq!((request.method.as_str(), &*request.body), (method, BODY));
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        assert_eq!(header("rms-message-kind"), Some(kind));
        assert_eq!(header("rms-correction"), None);
        assert_eq!(header("content-type"), Some("application/json"));
        let wanted = delivery_id(&id, endpoint);
        assert_eq!(header("webhook-id"), Some(&*wanted));
        let cause = answer.header("x-request-id");
        assert_eq!(header("x-request-id"), Some(cause));
        let secret = &world.demo().endpoints[endpoint].signing_secret;
        assert!(is_signed_with(secret, request, &request.body), "{endpoint}");
    }
    world.settled().await;
    assert_eq!(world.sink().received().len(), 2);
}

#[tokio::test]
async fn a_correction_has_its_header_in_every_attempt_and_the_same_form() {
    let world = World::start().await;
    world.add_return("R1").await;
    world.processed("R1", &results(&[passed(PIECES[0])])).await;
    world.arrived(2).await;
    world.settled().await;
    world.behave(Behaviour {
        status: 500,
        fail_next: Some(2),
        ..Behaviour::default()
    });
    let mut correction = results(&[failed(PIECES[0])]);
    world
        .process("R1", &correction)
        .await
        .is_problem(422, "already-processed");
    correction["correction"] = json!(true);
    world.processed("R1", &correction).await;
    let received = world.arrived(6).await;
    for path in [ACKS, RETURNS] {
        let here = at(&received, path);
        let marked = here
            .iter()
            .map(|request| request.headers.get("rms-correction"));
        let marked: Vec<_> = marked.map(|value| value.map(String::as_str)).collect();
        assert_eq!(marked, [None, Some("true"), Some("true")], "{path}");
        assert_eq!(here[1].headers["webhook-id"], here[2].headers["webhook-id"]);
        let (before, after) = (body(&here[0]), body(&here[2]));
        let names = |body: &serde_json::Value| -> Vec<String> {
            let item = body["orderItems"][0].as_object().unwrap();
            item.keys().cloned().collect()
        };
        assert_eq!(names(&before), names(&after));
        assert_eq!(after["orderItems"][0]["qcStatus"], "FAIL");
    }
}

/// The first message fails, so that all later ones of the return wait behind it.
#[tokio::test]
async fn the_results_of_a_return_arrive_in_the_order_of_their_calls() {
    let world = World::start().await;
    world.add_return("R1").await;
    world.behave(Behaviour {
        status: 500,
        fail_next: Some(2),
        ..Behaviour::default()
    });
    for piece in PIECES {
        world.processed("R1", &results(&[passed(piece)])).await;
    }
    let received = world.arrived(8).await;
    for path in [ACKS, RETURNS] {
        let here = at(&received, path);
        let told: Vec<_> = here
            .iter()
            .map(|request| body(request)["orderItems"][0]["itemCode"].clone())
            .collect();
        assert_eq!(told, [PIECES[0], PIECES[0], PIECES[1], PIECES[2]], "{path}");
    }
}

#[tokio::test]
async fn a_return_with_an_odd_code_is_named_in_the_body_and_its_messages_are_listed() {
    let world = World::start().await;
    let code = "R 1/2?3%4#ü";
    world.add_return(code).await;
    let mut request = results(&PIECES.map(passed));
    request["returnOrderCode"] = json!(code);
    let answer = world.call("/return-orders/processing", &request).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body["returnOrderCode"], code);
    assert_eq!(answer.body["state"], "PROCESSED");
    let again = world.call("/return-orders/processing", &request).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.body, answer.body);
    let ids = message_ids(&answer);
    let received = world.arrived(2).await;
    assert_eq!(body(&received[0])["returnOrderCode"], code);
    world.settled().await;
    assert_eq!(world.sink().received().len(), 2);
    let listed = world
        .get("/messages?subject=R%201/2%3F3%254%23%C3%BC")
        .await;
    let messages = listed.body["messages"].as_array().unwrap();
    let listed = messages
        .iter()
        .map(|message| message["messageId"].as_str().unwrap());
    assert_eq!(listed.collect::<Vec<_>>(), ids);
    assert_eq!(messages[0]["deliveries"][0]["state"], "DELIVERED");
    // A path can have the blanks, but no slash.
    world.add_return("R 7").await;
    world
        .processed("R%207", &results(&[passed(PIECES[0])]))
        .await;
}
