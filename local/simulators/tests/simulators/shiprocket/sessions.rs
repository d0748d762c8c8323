//! Logging in, and expiring tokens.

use reqwest::Method;
use serde_json::{Value, json};

use crate::shiprocket::{Running, ask, forward, text};

#[tokio::test]
async fn a_login_gives_a_token_that_every_call_needs() {
    let mut running = Running::start().await;
    assert_eq!(running.get("orders").await.0, 200);
    running.token = "eyJ.another.one".to_owned();
    let (status, body) = running.post("orders/create/adhoc", &forward("A-1")).await;
    assert_eq!((status, &body["status_code"]), (401, &json!(401)));
    assert!(body["message"].is_string());

    let url = format!("{}/shiprocket/v1/external/orders", running.url);
    assert_eq!(ask(running.client.get(url)).await.0, 401, "no token at all");
    running.token = running.log_in().await;
    assert_eq!(running.count_orders().await, 0);
}

#[tokio::test]
async fn a_wrong_login_gets_no_token() {
    let running = Running::start().await;
    let wrong = json!({ "email": "api@brand.example", "password": "battery staple" });
    let (status, body) = running.post("auth/login", &wrong).await;
    assert_eq!((status, &body["status_code"]), (401, &json!(401)));
    assert_eq!(body["token"], Value::Null);
    let (status, body) = running.post("auth/login", &json!({})).await;
    assert_eq!(status, 422);
    assert!(body["errors"]["email"].is_array() && body["errors"]["password"].is_array());
}

#[tokio::test]
async fn a_login_may_have_a_slash_and_a_form() {
    let running = Running::start().await;
    let form = |password: &str| format!("email=api%40brand.example&password={password}");
    let json = json!({ "email": "api@brand.example", "password": "correct horse" });
    for path in ["auth/login", "auth/login/"] {
        let request = || running.request(Method::POST, path);
        let sent = |form: String| {
            let of_form = ("content-type", "application/x-www-form-urlencoded");
            request().header(of_form.0, of_form.1).body(form)
        };
        for request in [sent(form("correct+horse")), request().json(&json)] {
            let (status, body) = ask(request).await;
            assert_eq!(status, 200, "{path} {body}");
            assert!(body["token"].is_string());
        }
        assert_eq!(ask(sent(form("correct%2Bhorse"))).await.0, 401, "{path}");
        assert_eq!(ask(sent("email".to_owned())).await.0, 422, "{path}");
    }
}

#[tokio::test]
async fn two_tokens_are_valid_side_by_side_until_one_is_logged_out() {
    let mut running = Running::start().await;
    let second = running.log_in().await;
    assert_ne!(running.token, second);
    assert_eq!(running.post("auth/logout", &json!({})).await.0, 200);
    assert_eq!(running.get("orders").await.0, 401);
    running.token = second;
    assert_eq!(running.get("orders").await.0, 200);
}

#[tokio::test]
async fn all_tokens_can_be_ended_at_once_and_renewed() {
    let mut running = Running::start().await;
    let path = "expire-tokens";
    let ended = running.control(Method::POST, path, &json!({})).await;
    assert_eq!(ended, (200, json!({ "expired": 1 })));
    assert_eq!(running.get("orders").await.0, 401);
    running.token = running.log_in().await;
    assert_eq!(running.get("orders").await.0, 200);
}

#[tokio::test]
async fn the_log_holds_the_vendor_calls_with_their_whole_path_and_nothing_else() {
    let running = Running::start().await;
    running
        .control(Method::POST, "expire-tokens", &json!({}))
        .await;
    running.get("orders?search=A-1").await;
    running.get("nothing/there").await;
    let calls: Vec<_> = running
        .simulators
        .calls("shiprocket")
        .unwrap()
        .into_iter()
        .map(|call| format!("{} {}", call.method, call.path))
        .collect();
    assert_eq!(
        calls,
        [
            "POST /shiprocket/v1/external/auth/login",
            "GET /shiprocket/v1/external/orders?search=A-1",
            "GET /shiprocket/v1/external/nothing/there",
        ]
    );
}

#[tokio::test]
async fn an_unknown_path_is_not_found_and_a_wrong_method_not_allowed() {
    let running = Running::start().await;
    let (status, body) = running.get("nothing/there").await;
    assert_eq!(status, 404);
    assert_eq!(
        body,
        json!({ "message": "404 Not Found", "status_code": 404 })
    );
    let wrong = running.request(Method::GET, "orders/create/adhoc");
    assert_eq!(wrong.send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn the_pickup_locations_are_listed() {
    let running = Running::start().await;
    let (status, body) = running.get("settings/company/pickup").await;
    assert_eq!(status, 200);
    let locations = body["data"]["shipping_address"].as_array().unwrap();
    let names: Vec<_> = locations
        .iter()
        .map(|location| text(&location["pickup_location"]))
        .collect();
    assert_eq!(names, ["Primary", "Annex"]);
}
