//! How calls are authenticated, and when a token is renewed.

use super::*;

fn authorization(request: &wiremock::Request) -> String {
    request.headers["authorization"]
        .to_str()
        .unwrap()
        .to_owned()
}

fn paths(received: &[wiremock::Request]) -> Vec<&str> {
    received.iter().map(|request| request.url.path()).collect()
}

#[tokio::test]
async fn an_integration_signs_each_call_with_another_nonce() {
    let bench = bench(INTEGRATION).await;
    answers(&bench, ("GET", ORDER), ok(&small_order(11254))).await;
    for _ in 0..2 {
        read(&bench, "11254").await.unwrap().unwrap();
    }
    let received = bench.received().await;
    let headers: Vec<String> = received.iter().map(authorization).collect();
    assert!(headers[0].starts_with("OAuth "), "{headers:?}");
    assert!(headers[0].contains("oauth_signature_method=\"HMAC-SHA256\""));
    assert_ne!(headers[0], headers[1]);
}

#[tokio::test]
async fn bearer_sends_the_access_token_alone() {
    let mut bench = bench(&[("accessToken", "at-demo")]).await;
    set(
        &mut bench.account,
        &[("bearer", "true"), ("storeCode", "de")],
    );
    let of = ("GET", "/rest/de/V1/orders/11254");
    answers(&bench, of, ok(&small_order(11254))).await;
    read(&bench, "11254").await.unwrap().unwrap();
    let received = bench.received().await;
    assert_eq!(authorization(&received[0]), "Bearer at-demo");
}

#[tokio::test]
async fn an_admin_s_token_is_kept_and_renewed_once() {
    let bench = bench(ADMIN).await;
    answers_once(&bench, ("POST", ADMIN_TOKENS), ok(&json!("first"))).await;
    answers(&bench, ("POST", ADMIN_TOKENS), ok(&json!("second"))).await;
    answers_once(&bench, ("GET", ORDER), ok(&small_order(11254))).await;
    read(&bench, "11254").await.unwrap().unwrap();
    assert_eq!(bench.sessions.kept().as_deref(), Some("first"));
    answers_once(&bench, ("GET", ORDER), lacks("Magento_Sales::actions_view")).await;
    answers(&bench, ("GET", ORDER), ok(&small_order(11254))).await;
    read(&bench, "11254").await.unwrap().unwrap();
    let received = bench.received().await;
    assert_eq!(
        paths(&received),
        [ADMIN_TOKENS, ORDER, ORDER, ADMIN_TOKENS, ORDER]
    );
    let tokens: Vec<String> = [1, 2, 4]
        .map(|index: usize| authorization(&received[index]))
        .into();
    assert_eq!(tokens, ["Bearer first", "Bearer first", "Bearer second"]);
    let login: Value = serde_json::from_slice(&received[0].body).unwrap();
    assert_eq!(login, json!({ "username": "admin", "password": "p4ss" }));
}

#[tokio::test]
async fn a_token_that_is_always_refused_ends_after_one_renewal() {
    let bench = bench(ADMIN).await;
    answers(&bench, ("POST", ADMIN_TOKENS), ok(&json!("token"))).await;
    answers(&bench, ("GET", ORDER), unauthorised("no")).await;
    for _ in 0..2 {
        let failure = read(&bench, "11254").await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::BadCredentials),
            "{failure:?}"
        );
    }
    let received = bench.received().await;
    let first = [ADMIN_TOKENS, ORDER];
    let second = [ORDER, ADMIN_TOKENS, ORDER];
    assert_eq!(paths(&received), [&first[..], &second].concat());
}

#[tokio::test]
async fn a_refused_log_in_is_one_of_credentials() {
    for status in [400, 401] {
        let bench = bench(ADMIN).await;
        let refused = ResponseTemplate::new(status).set_body_json(json!({ "message": "2fa" }));
        answers(&bench, ("POST", ADMIN_TOKENS), refused).await;
        let failure = read(&bench, "11254").await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::BadCredentials),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn the_cloud_service_gets_its_headers_and_a_path_without_rest() {
    let mut bench = bench(CLOUD).await;
    let base = format!("{}/tenant-1", bench.server.uri());
    let tokens = format!("{}/ims/token/v3", bench.server.uri());
    for (name, url) in [("baseUrl", base), ("tokenUrl", tokens)] {
        let url = url.parse().unwrap();
        bench.account.urls.insert(name.to_owned(), url);
    }
    let token =
        json!({ "access_token": "ims-token", "token_type": "bearer", "expires_in": 86_399 });
    answers(&bench, ("POST", "/ims/token/v3"), ok(&token)).await;
    let of = ("GET", "/tenant-1/V1/orders/11254");
    answers(&bench, of, ok(&small_order(11254))).await;
    for _ in 0..2 {
        read(&bench, "11254").await.unwrap().unwrap();
    }
    let received = bench.received().await;
    assert_eq!(paths(&received), ["/ims/token/v3", of.1, of.1]);
    let form = String::from_utf8(received[0].body.clone()).unwrap();
    assert!(form.starts_with(
        "grant_type=client_credentials&client_id=client-7&client_secret=s3cret&scope="
    ));
    assert!(form.ends_with("commerce.accs"), "{form}");
    assert_eq!(
        received[0].headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    let header = |name: &str| received[1].headers[name].to_str().unwrap();
    assert_eq!(header("authorization"), "Bearer ims-token");
    assert_eq!(header("x-api-key"), "client-7");
    assert_eq!(header("x-gw-ims-org-id"), "org@AdobeOrg");
    assert_eq!(header("store"), "default");
}

#[tokio::test]
async fn a_token_that_ends_at_once_is_not_kept_for_long() {
    let mut bench = bench(CLOUD).await;
    let tokens = format!("{}/ims", bench.server.uri()).parse().unwrap();
    bench.account.urls.insert("tokenUrl".to_owned(), tokens);
    answers(
        &bench,
        ("POST", "/ims"),
        ResponseTemplate::new(200).set_body_string("<html>"),
    )
    .await;
    let failure = read(&bench, "11254").await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::Unreadable), "{failure:?}");
}
