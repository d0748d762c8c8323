//! The record of calls with their answers.

use reqwest::Method;
use serde_json::{Value, json};
use simulators::{Simulators, SimulatorsConfig, router};

use crate::serving::{bind, client, read, serve};

#[tokio::test]
async fn calls_are_recorded_with_their_answers_only_while_it_is_asked_for() {
    let (listener, url) = bind().await;
    serve(
        listener,
        router(Simulators::new(SimulatorsConfig::default()).unwrap()),
    );
    let ask = async |method: Method, path: &str, body: Value| {
        let request = client().request(method, format!("{url}{path}"));
        read(request.json(&body).send().await.unwrap()).await
    };
    let login = async |word: &str| {
        let body = json!({ "email": word, "password": word });
        let path = "/shiprocket/v1/external/auth/login?a=1";
        ask(Method::POST, path, body).await
    };
    let exchanges = async || {
        let (_, shown) = ask(Method::GET, "/exchanges", json!({})).await;
        shown["exchanges"].as_array().unwrap().clone()
    };
    login("before").await;
    assert!(exchanges().await.is_empty());
    for _ in 0..2 {
        ask(Method::PUT, "/exchanges", json!({ "record": true })).await;
        let (status, answer) = login("meanwhile").await;
        let recorded = exchanges().await;
        let [one] = recorded.as_slice() else {
            panic!("{recorded:?}")
        };
        assert_eq!(one["method"], "POST");
        assert_eq!(one["path"], "/shiprocket/v1/external/auth/login?a=1");
        assert_eq!(one["body"]["email"], "meanwhile");
        assert_eq!((&one["status"], &one["answer"]), (&json!(status), &answer));
    }
    ask(Method::PUT, "/exchanges", json!({ "record": false })).await;
    login("after").await;
    assert!(exchanges().await.is_empty());
}
