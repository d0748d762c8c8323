//! Credentials, the list of accounts, and the log of calls.

use serde_json::{Value, json};

use crate::clickpost::{Running, ask, forward};

#[tokio::test]
async fn both_credentials_are_required() {
    let running = Running::start().await;
    let refusal = json!({
        "meta": {
            "status": 301,
            "message": "Authentication Failed: Invalid Token or API Key",
            "success": false,
        },
    });
    for query in [
        "username=brand&key=other",
        "username=other&key=correct-horse",
        "key=correct-horse",
        "",
    ] {
        let api = format!("{}/clickpost/api", running.url);
        let url = format!("{api}/v3/create-order/?{query}");
        let create = running.client.post(url).json(&forward("SHIP-1"));
        assert_eq!(ask(create).await, (200, refusal.clone()), "{query}");
        for path in [
            "v3/create-order/",
            "v1/cancel-order/",
            "v1/fetch/shippinglabel/",
            "v2/track-order/",
        ] {
            let url = format!("{api}/{path}?awb=1&waybill=1&cp_id=4&{query}");
            let get = running.client.get(url);
            assert_eq!(ask(get).await, (200, refusal.clone()), "{path}?{query}");
        }
    }
    running.awb(&forward("SHIP-1")).await;
}

#[tokio::test]
async fn the_accounts_are_listed_for_the_key() {
    let running = Running::start().await;
    let url = format!("{}/clickpost/api/v1/fetch-accounts", running.url);
    let list = |query: &str| ask(running.client.get(format!("{url}?{query}")));
    let (http, answer) = list("key=correct-horse").await;
    assert_eq!((http, &answer["meta"]["status"]), (200, &json!(200)));
    let all = answer["result"]["accounts"].as_array().unwrap();
    let closed = json!({
        "courier_partner_id": 5,
        "courier_name": "Bluedart",
        "account_code": "bluedart-closed",
        "account_active": false,
    });
    assert!(all.contains(&closed));
    let (_, active) = list("key=correct-horse&active=True").await;
    let active = active["result"]["accounts"].as_array().unwrap().clone();
    assert_eq!(active.len(), all.len() - 1);
    assert!(!active.contains(&closed));
    let (http, wrong) = list("key=correct-horse&active=Tru").await;
    assert_eq!((http, &wrong["meta"]["status"]), (200, &json!(400)));
    assert_eq!(list("key=other").await.1["meta"]["status"], 301);
}

#[tokio::test]
async fn the_log_has_the_calls_as_received() {
    let running = Running::start().await;
    let awb = running.awb(&forward("SHIP-1")).await;
    running
        .get(&format!("/v2/track-order/?waybill={awb}&cp_id=4"))
        .await;
    running.advance(&awb, "DELIVERED").await;
    let url = format!("{}/clickpost/calls", running.url);
    let (_, log) = ask(running.client.get(url)).await;
    let calls: Vec<_> = log["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| {
            let text = |field: &str| call[field].as_str().unwrap().to_owned();
            (text("method"), text("path"), call["body"].clone())
        })
        .collect();
    let credentials = crate::clickpost::CREDENTIALS;
    assert_eq!(
        calls,
        [
            (
                "POST".to_owned(),
                format!("/clickpost/api/v3/create-order/?{credentials}"),
                forward("SHIP-1")
            ),
            (
                "GET".to_owned(),
                format!("/clickpost/api/v2/track-order/?waybill={awb}&cp_id=4&{credentials}"),
                Value::Null
            ),
        ]
    );
}

#[tokio::test]
async fn the_final_slash_belongs_to_the_paths() {
    let running = Running::start().await;
    let url = running.api("/v3/create-order");
    let post = running.client.post(url).json(&forward("SHIP-1"));
    assert_eq!(post.send().await.unwrap().status(), 404);
}
