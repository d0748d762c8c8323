//! OAuth 1.0a, Bearer and admin tokens, and missing rights.

use reqwest::Method;
use serde_json::json;
use simulators::MagentoConfig;

use crate::magento::{Running, ask, order};
use crate::serving::client;

const SEARCH: &str = "/orders?searchCriteria";

fn config() -> MagentoConfig {
    MagentoConfig {
        consumer_key: "ck-demo".to_owned(),
        consumer_secret: "cs&secret".to_owned(),
        access_token: "at-demo".to_owned(),
        access_token_secret: "ats+secret".to_owned(),
        username: "admin".to_owned(),
        password: "right".to_owned(),
        ..MagentoConfig::default()
    }
}

fn header(changed: &[(&str, &str)]) -> String {
    let mut parts = vec![
        ("oauth_nonce", "n0nce-1"),
        ("oauth_timestamp", "1784000000"),
        ("oauth_version", "1.0"),
        ("oauth_signature_method", "HMAC-SHA256"),
        ("oauth_consumer_key", "ck-demo"),
        ("oauth_token", "at-demo"),
        ("oauth_signature", "d3Jvbmc%3D"),
    ];
    for part in &mut parts {
        if let Some(change) = changed.iter().find(|change| change.0 == part.0) {
            *part = *change;
        }
    }
    let parts: Vec<String> = parts
        .iter()
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    format!("OAuth {}", parts.join(", "))
}

/// The search that `oauthlib` signed for `https://shop.example`.
const SIGNED: &str = "/orders?searchCriteria%5BfilterGroups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bfield%5D=status&searchCriteria%5BfilterGroups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bvalue%5D=pending%20payment&searchCriteria%5BpageSize%5D=20";
const SIGNATURE: &str = "qTPsyucawM6HqOUHVwsSLoDqeP19%2BhjcOzUGlL63rPw%3D";

#[tokio::test]
async fn a_signature_of_oauthlib_admits_once() {
    let running = Running::at("https://shop.example", config()).await;
    let signed = header(&[("oauth_signature", SIGNATURE)]);
    let call = |path| {
        running
            .bare(Method::GET, path)
            .header("authorization", &signed)
    };
    let (status, answer) = ask(call(SEARCH)).await;
    assert_eq!(status, 401, "another query: {answer}");
    let (status, answer) = ask(call(SIGNED)).await;
    assert_eq!(status, 200, "{answer}");
    let (status, answer) = ask(call(SIGNED)).await;
    assert_eq!(status, 401);
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .starts_with("The nonce is already")
    );
}

#[tokio::test]
async fn a_wrong_signature_key_token_or_method_is_401() {
    let running = Running::with(config()).await;
    for (changed, message) in [
        (("", ""), "The signature is invalid. Verify and try again."),
        (
            ("oauth_consumer_key", "other"),
            "A consumer having the specified key does not exist",
        ),
        (("oauth_token", "other"), "Specified token does not exist"),
        (
            ("oauth_signature_method", "PLAINTEXT"),
            "Signature method is not supported.",
        ),
    ] {
        let request = running.bare(Method::GET, SEARCH);
        let (status, answer) = ask(request.header("authorization", header(&[changed]))).await;
        assert_eq!((status, &answer["message"]), (401, &json!(message)));
    }
}

#[tokio::test]
async fn no_credentials_are_401_with_the_right_as_a_parameter() {
    let running = Running::with(config()).await;
    let (status, answer) = ask(running.bare(Method::GET, SEARCH)).await;
    assert_eq!(status, 401);
    assert_eq!(
        answer["message"],
        "The consumer isn't authorized to access %resources."
    );
    assert_eq!(
        answer["parameters"]["resources"],
        "Magento_Sales::actions_view"
    );
}

#[tokio::test]
async fn an_integrations_token_is_no_bearer_unless_the_shop_allows_it() {
    let refusing = Running::with(config()).await;
    assert_eq!(refusing.get(SEARCH).await.0, 401);
    let allowing = Running::with(MagentoConfig {
        integration_as_bearer: true,
        ..config()
    })
    .await;
    assert_eq!(allowing.get(SEARCH).await.0, 200);
}

#[tokio::test]
async fn a_missing_right_refuses_its_calls_alone() {
    let running = Running::with(MagentoConfig {
        integration_as_bearer: true,
        missing_rights: vec!["Magento_Sales::cancel".to_owned()],
        ..config()
    })
    .await;
    running.store(&json!([order(7)])).await;
    let (status, answer) = running.post("/orders/7/cancel", &json!({})).await;
    assert_eq!(
        (status, &answer["parameters"]["resources"]),
        (401, &json!("Magento_Sales::cancel"))
    );
    assert_eq!(running.get("/orders/7").await.0, 200);
}

#[tokio::test]
async fn an_admin_token_admits_until_it_ends() {
    let running = Running::with(config()).await;
    let url = format!("{}/magento/rest/V1/integration/admin/token", running.url);
    let right = json!({ "username": "admin", "password": "right" });
    let (status, token) = ask(client().post(&url).json(&right)).await;
    assert_eq!(status, 200);
    let token = token.as_str().unwrap();
    let call = || running.bare(Method::GET, SEARCH).bearer_auth(token);
    assert_eq!(ask(call()).await.0, 200);
    let expired = running
        .control(Method::POST, "/expire-tokens", &json!({}))
        .await;
    assert_eq!(expired, (200, json!({ "expired": 1 })));
    assert_eq!(ask(call()).await.0, 401);
    let wrong = json!({ "username": "admin", "password": "wrong" });
    assert_eq!(ask(client().post(&url).json(&wrong)).await.0, 401);
}

#[tokio::test]
async fn a_shop_without_credentials_refuses_every_call() {
    let running = Running::with(MagentoConfig::default()).await;
    let request = running.bare(Method::GET, SEARCH).bearer_auth("");
    assert_eq!(ask(request).await.0, 401);
}

#[tokio::test]
async fn the_cloud_service_wants_a_token_and_three_headers() {
    let running = Running::with(MagentoConfig {
        client_id: "client-7".to_owned(),
        client_secret: "secret-7".to_owned(),
        organization_id: "org-7".to_owned(),
        ..MagentoConfig::default()
    })
    .await;
    running.store(&json!([order(1)])).await;
    let tokens = format!("{}/magento/ims/token/v3", running.url);
    let token = async |secret: &str, scope: &str| {
        let form = format!(
            "grant_type=client_credentials&client_id=client-7&client_secret={secret}&scope={scope}"
        );
        ask(client().post(&tokens).body(form)).await
    };
    for (secret, scope, error) in [
        ("wrong", "openid,commerce.accs", "invalid_client"),
        ("secret-7", "openid", "invalid_scope"),
    ] {
        let refused = token(secret, scope).await;
        assert_eq!(refused, (400, json!({ "error": error })));
    }
    let (status, issued) = token("secret-7", "openid,commerce.accs").await;
    assert_eq!((status, &issued["expires_in"]), (200, &json!(86_399)));
    let issued = issued["access_token"].as_str().unwrap();
    let all = [
        ("x-api-key", "client-7"),
        ("x-gw-ims-org-id", "org-7"),
        ("store", "default"),
    ];
    let read = async |without: Option<&str>| {
        let url = format!("{}/magento/cloud/tenant-1/V1/orders/1", running.url);
        let headers = all.iter().filter(|(name, _)| Some(*name) != without);
        let request = client().get(url).bearer_auth(issued);
        ask(headers.fold(request, |request, (name, value)| {
            request.header(*name, *value)
        }))
        .await
    };
    assert_eq!(read(None).await.0, 200);
    for (missing, status) in [("x-api-key", 401), ("x-gw-ims-org-id", 401), ("store", 400)] {
        assert_eq!(read(Some(missing)).await.0, status, "{missing}");
    }
    // The shop's own paths do not take it.
    let request = running.bare(Method::GET, "/orders/1").bearer_auth(issued);
    assert_eq!(ask(request).await.0, 401);
}
