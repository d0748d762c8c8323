//! Tokens: stored, renewed once, and refused.

use crate::aggregators::shiprocket::look_up::show;
use crate::aggregators::shiprocket::tests::*;
use crate::domain::account::PartnerAccount;

const TOKEN: &str =
    r#"{"token": "fresh", "id": 7, "first_name": "API", "email": "rms@example.org"}"#;

fn unauthorised() -> ResponseTemplate {
    answer(
        401,
        r#"{"message": "Token has expired", "status_code": 401}"#,
    )
}

#[tokio::test]
async fn without_a_token_it_logs_in_and_stores_the_new_one() {
    let bench = logged_out().await;
    on(&bench, "POST", LOG_IN, 200, TOKEN).await;
    willing(&bench).await;
    assert_eq!(label(&bench).await.0.unwrap(), with_label());
    assert_eq!(asked(&bench).await.len(), 4);
    assert_eq!(
        bench.body(0).await,
        json!({"email": "rms@example.org", "password": "s3cret"})
    );
    let calls = bench.received().await;
    assert_eq!(calls[0].headers.get("authorization"), None);
    assert_eq!(
        calls[1].headers.get("authorization").unwrap(),
        "Bearer fresh"
    );
    assert_eq!(bench.sessions.kept().as_deref(), Some("fresh"));
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_the_call_repeated_once() {
    for status in [401, 402, 403] {
        let bench = bench().await;
        on(&bench, "POST", LOG_IN, 200, TOKEN).await;
        next(&bench, "POST", CREATE, answer(status, "{}")).await;
        willing(&bench).await;
        assert_eq!(label(&bench).await.0.unwrap(), with_label());
        assert_eq!(
            asked(&bench).await,
            [
                "POST /orders/create/adhoc",
                "POST /auth/login",
                "POST /orders/create/adhoc",
                "POST /courier/assign/awb",
                "POST /courier/generate/label"
            ]
        );
    }
}

#[tokio::test]
async fn a_call_is_not_repeated_twice() {
    let bench = bench().await;
    on(&bench, "POST", LOG_IN, 200, TOKEN).await;
    mock("POST", CREATE, unauthorised())
        .mount(&bench.server)
        .await;
    let (booked, _) = label(&bench).await;
    assert!(
        matches!(booked, Err(PartnerFailure::BadCredentials)),
        "{booked:?}"
    );
    assert_eq!(asked(&bench).await.len(), 3);
}

#[tokio::test]
async fn a_new_token_that_is_refused_is_not_renewed_again() {
    let bench = logged_out().await;
    on(&bench, "POST", LOG_IN, 200, TOKEN).await;
    mock("POST", CREATE, unauthorised())
        .mount(&bench.server)
        .await;
    let (booked, _) = label(&bench).await;
    assert!(
        matches!(booked, Err(PartnerFailure::BadCredentials)),
        "{booked:?}"
    );
    assert_eq!(
        asked(&bench).await,
        ["POST /auth/login", "POST /orders/create/adhoc"]
    );
}

/// Another instance that has renewed the token in the meantime.
#[derive(Debug)]
struct RenewedMeanwhile;

impl KeepsSessions for RenewedMeanwhile {
    fn token<'a>(
        &'a self,
        _account: PartnerAccount<'a>,
        refused: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Option<SecretString>> {
        let token = refused.map_or("stale", |_| "theirs");
        Box::pin(async move { Some(SecretString::from(token)) })
    }

    fn keep<'a>(
        &'a self,
        _account: PartnerAccount<'a>,
        _token: &'a SecretString,
        _lives: Duration,
    ) -> BoxFuture<'a, ()> {
        panic!("no log-in is needed");
    }
}

#[tokio::test]
async fn a_token_that_another_instance_has_renewed_is_used() {
    let bench = bench().await;
    next(&bench, "GET", SHOW, unauthorised()).await;
    on(&bench, "GET", SHOW, 200, SHOWN).await;
    let mut call = bench.call();
    call.partner.sessions = &RenewedMeanwhile;
    let order = show(call, &"430011".parse().unwrap()).await;
    assert!(order.unwrap().is_some());
    let calls = bench.received().await;
    let bearer = |index: usize| calls[index].headers.get("authorization").unwrap().clone();
    assert_eq!(
        (bearer(0), bearer(1)),
        (
            "Bearer stale".parse().unwrap(),
            "Bearer theirs".parse().unwrap()
        )
    );
}

#[tokio::test]
async fn a_refused_log_in_is_bad_credentials() {
    for status in [400, 401, 403, 422] {
        let bench = logged_out().await;
        on(
            &bench,
            "POST",
            LOG_IN,
            status,
            r#"{"message": "Invalid email or password"}"#,
        )
        .await;
        let (booked, _) = label(&bench).await;
        assert!(
            matches!(booked, Err(PartnerFailure::BadCredentials)),
            "{status}: {booked:?}"
        );
    }
}

#[tokio::test]
async fn a_login_without_a_token_is_unreadable_and_one_without_a_response_unreachable() {
    for body in ["", "{}", r#"{"token": ""}"#, r#"{"token": 7.5}"#] {
        let bench = logged_out().await;
        on(&bench, "POST", LOG_IN, 200, body).await;
        let (booked, _) = label(&bench).await;
        assert!(
            matches!(booked, Err(PartnerFailure::Unreadable)),
            "{body}: {booked:?}"
        );
    }
    let bench = logged_out().await;
    on(&bench, "POST", LOG_IN, 503, "").await;
    let (booked, _) = label(&bench).await;
    assert!(
        matches!(booked, Err(PartnerFailure::Unreachable)),
        "{booked:?}"
    );
}

#[tokio::test]
async fn an_account_without_credentials_is_not_configured() {
    for missing in ["email", "password"] {
        let mut bench = logged_out().await;
        bench.account.credentials.remove(missing);
        let (booked, _) = label(&bench).await;
        assert!(
            matches!(booked, Err(PartnerFailure::NotConfigured(name)) if name == missing),
            "{booked:?}"
        );
        assert_eq!(asked(&bench).await, [""; 0]);
    }
}

#[tokio::test]
async fn the_base_url_may_have_a_path_and_a_slash_at_its_end() {
    let mut bench = bench().await;
    let base = format!("{}/v1/external/", bench.server.uri());
    bench
        .account
        .urls
        .insert("baseUrl".to_owned(), base.parse().unwrap());
    on(&bench, "GET", "/v1/external/orders/show/430011", 200, SHOWN).await;
    let order = show(bench.call(), &"430011".parse().unwrap()).await;
    assert!(order.unwrap().is_some());
}
