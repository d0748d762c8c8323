//! The handler with an event as AWS sends it, at the shop's simulator.

use std::time::{Duration, Instant};

use channel_inventory::{App, handle};
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use serde_json::{Value, json};

use crate::answer;

struct Stocking {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
}

impl Stocking {
    /// A handler that accepts the event's caller, and a shop with these articles, of which it has none.
    async fn start(skus: &[&str]) -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("channel-inventory").unwrap();
        world.admit(&event).await.unwrap();
        let stocking = Self {
            app: App::new(&world.start_of("channel-inventory").unwrap()).unwrap(),
            world,
            event,
        };
        let row = |sku: &&str| json!({ "sku": sku, "sourceCode": "default", "quantity": 0 });
        let rows = json!({ "items": skus.iter().map(row).collect::<Vec<_>>() });
        stocking.control("stock", &rows).await;
        stocking
    }

    async fn control(&self, path: &str, body: &Value) {
        let url = &self.world.demo.channels["magento"].base_url;
        let http = simulators::http_client::client().unwrap();
        let request = http.put(format!("{url}/{path}"));
        let answer = request.body(body.to_string()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }

    fn fault(&self, faults: &Value) {
        let faults = json!({ "next": faults });
        self.world.simulators.set_faults("magento", faults).unwrap();
    }

    async fn send(&self, event: &HttpEvent) -> Response<Body> {
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }

    /// The response to these articles.
    async fn put(&self, items: &Value) -> Response<Body> {
        let event = self.event.clone().with_body(&json!({ "items": items }));
        self.send(&event).await
    }

    /// The details of the articles, of which each is null if its stock is set.
    async fn details(&self, items: &Value) -> Vec<Value> {
        let answer = self.put(items).await;
        assert_eq!(answer.status(), 200, "{}", answer::text(&answer));
        let body = answer::json(&answer);
        let asked = items.as_array().unwrap().iter();
        let results = body["items"].as_array().unwrap();
        assert_eq!(results.len(), asked.len());
        for (asked, result) in asked.zip(results) {
            assert_eq!(asked["sku"], result["sku"]);
            assert_eq!(result["ok"], result["detail"].is_null());
        }
        results
            .iter()
            .map(|result| result["detail"].clone())
            .collect()
    }

    /// The calls to the shop, each with its method and path.
    fn calls(&self) -> Vec<String> {
        let calls = self.world.simulators.calls("magento").unwrap();
        let call = calls.into_iter();
        call.map(|call| {
            let path = call.path.split('?').next().unwrap();
            format!("{} {path}", call.method)
        })
        .collect()
    }

    fn count(&self, method: &str) -> usize {
        let calls = self.calls();
        calls.iter().filter(|call| call.starts_with(method)).count()
    }
}

fn item(sku: &str, quantity: u32) -> Value {
    json!({ "sku": sku, "quantity": quantity })
}

#[tokio::test]
async fn stock_is_set_by_source_and_read_back() {
    let stocking = Stocking::start(&["A", "B/1", "C,2", "D"]).await;
    let closed = json!({ "sku": "D", "quantity": 2.5, "inStock": false });
    let items = json!([item("A", 5), item("B/1", 0), item("C,2", 7), closed]);
    assert_eq!(stocking.details(&items).await, vec![Value::Null; 4]);
    assert_eq!((stocking.count("POST"), stocking.count("GET")), (1, 1));
}

#[tokio::test]
async fn an_unknown_sku_fails_alone_although_the_shop_answers_200() {
    let stocking = Stocking::start(&["A"]).await;
    let details = stocking
        .details(&json!([item("A", 5), item("none", 1)]))
        .await;
    assert_eq!(details[0], Value::Null);
    let detail = details[1].as_str().unwrap();
    assert!(detail.contains("knows no such article"), "{detail}");
}

#[tokio::test]
async fn a_thousand_articles_take_sixty_calls_side_by_side() {
    let skus: Vec<String> = (0..1000).map(|number| format!("SKU-{number}")).collect();
    let known: Vec<&str> = skus.iter().map(String::as_str).collect();
    let stocking = Stocking::start(&known).await;
    let slow = json!({ "call": "sourceItems", "kind": "slow", "delayMs": 100 });
    stocking.fault(&json!(vec![slow; 60]));
    let items: Vec<Value> = (0..).zip(&known).map(|(n, sku)| item(sku, n)).collect();
    let began = Instant::now();
    let details = stocking.details(&json!(items)).await;
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(details, vec![Value::Null; 1000]);
    assert_eq!((stocking.count("POST"), stocking.count("GET")), (50, 10));
}

#[tokio::test]
async fn a_lost_answer_is_read_back_and_what_is_not_there_is_sent_again() {
    let stocking = Stocking::start(&["A"]).await;
    let lost = [
        (json!({ "kind": "reset" }), 1),
        (json!({ "kind": "garbage" }), 1),
        (json!({ "kind": "timeoutAfterEffect" }), 1),
        (json!({ "kind": "status", "status": 503 }), 2),
    ];
    for (mut fault, posts) in lost {
        let before = stocking.count("POST");
        fault["call"] = json!("sourceItems");
        stocking.fault(&json!([fault]));
        let quantity = 10 + u32::try_from(before).unwrap();
        let details = stocking.details(&json!([item("A", quantity)])).await;
        assert_eq!(details, [Value::Null], "{fault}");
        assert_eq!(stocking.count("POST") - before, posts, "{fault}");
    }
}

#[tokio::test]
async fn a_refused_row_is_found_and_the_others_are_set() {
    let stocking = Stocking::start(&["A", "B", "C"]).await;
    let refuse =
        json!({ "call": "sourceItems", "kind": "refuse", "message": "Source %1 is closed." });
    stocking.fault(&json!([refuse, refuse]));
    let details = stocking
        .details(&json!([item("A", 1), item("B", 2), item("C", 3)]))
        .await;
    let refused: Vec<_> = details.iter().filter(|detail| !detail.is_null()).collect();
    assert_eq!(refused.len(), 1, "{details:?}");
    let detail = refused[0].as_str().unwrap();
    assert!(detail.contains("is closed"), "{detail}");
}

#[tokio::test]
async fn a_shop_without_sources_is_set_article_by_article() {
    let stocking = Stocking::start(&["A", "B/1", "C"]).await;
    let trap = json!({ "14": { "noSources": true } });
    stocking.control("traps", &trap).await;
    let items = json!([item("A", 5), item("B/1", 1), item("C", 0), item("none", 1)]);
    let details = stocking.details(&items).await;
    assert_eq!((&details[0], &details[2]), (&Value::Null, &Value::Null));
    assert!(
        details[1].as_str().unwrap().contains("slash"),
        "{details:?}"
    );
    assert!(details[3].as_str().unwrap().contains("no such article"));
    // Only A had another stock than it shall have.
    assert_eq!(stocking.count("PUT"), 1);
    assert_eq!(stocking.details(&items).await, details);
    assert_eq!(stocking.count("PUT"), 1);
}

#[tokio::test]
async fn a_success_without_effect_is_no_success() {
    let stocking = Stocking::start(&["A"]).await;
    let traps = json!({ "14": { "noSources": true, "unchanged": true } });
    stocking.control("traps", &traps).await;
    let details = stocking.details(&json!([item("A", 5)])).await;
    let detail = details[0].as_str().unwrap();
    assert!(detail.contains("its stock is still 0"), "{detail}");
}

#[tokio::test]
async fn a_shop_that_is_down_is_503_and_wrong_credentials_are_502() {
    let stocking = Stocking::start(&["A"]).await;
    let down = json!({ "call": "sourceItems", "kind": "reset" });
    stocking.fault(&json!(vec![down; 20]));
    let answer = stocking.put(&json!([item("A", 5)])).await;
    assert_eq!(answer.status(), 503, "{}", answer::text(&answer));
    assert!(answer.headers().contains_key("retry-after"));
    stocking.fault(&json!([{ "call": "sourceItems", "kind": "status", "status": 401 }]));
    let answer = stocking.put(&json!([item("A", 5)])).await;
    assert_eq!(answer.status(), 502, "{}", answer::text(&answer));
}

#[tokio::test]
async fn wrong_articles_unknown_aliases_and_other_channels_are_refused_without_a_call() {
    let stocking = Stocking::start(&[]).await;
    let wrong = json!([item("A", 1), { "sku": "B", "quantity": -1 }, item("A", 2)]);
    let answer = stocking.put(&wrong).await;
    assert_eq!(answer.status(), 422);
    let problem = answer::json(&answer);
    assert_eq!(problem["errors"][0]["pointer"], "/items/1/quantity");
    for (alias, status) in [("none", 404), ("shopify", 422)] {
        let event = stocking.event.clone().with_path_parameter("alias", alias);
        assert_eq!(stocking.send(&event).await.status(), status, "{alias}");
    }
    assert_eq!(stocking.calls(), [""; 0]);
}
