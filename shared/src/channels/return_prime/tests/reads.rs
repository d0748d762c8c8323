//! The calls, with prepared answers.

use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use super::*;

const LIST: &str = "/return-exchange/v2";

fn answer(data: &Value) -> ResponseTemplate {
    let body = json!({ "status": true, "messageCode": "X", "message": "Success", "data": data });
    ResponseTemplate::new(200).set_body_json(body)
}

fn refused(status: u16) -> ResponseTemplate {
    let body = json!({ "status": false, "messageCode": "GLOBAL_E2", "message": "Validation failed", "data": {} });
    ResponseTemplate::new(status).set_body_json(body)
}

async fn read_with(response: ResponseTemplate) -> Result<ReadReturn, PartnerFailure> {
    let bench = bench().await;
    Mock::given(method("GET"))
        .and(path(format!("{LIST}/{ID}")))
        .respond_with(response)
        .mount(&bench.server)
        .await;
    let id = ID.parse().unwrap();
    ReturnPrime.read_return(bench.call(), &id).await
}

#[tokio::test]
async fn a_request_is_read_by_its_id_with_the_token() {
    let bench = bench().await;
    Mock::given(path(format!("{LIST}/{ID}")))
        .respond_with(answer(&json!({ "request": request() })))
        .mount(&bench.server)
        .await;
    let id = ID.parse().unwrap();
    let read = ReturnPrime.read_return(bench.call(), &id).await.unwrap();
    assert_eq!(read.id, id);
    assert_eq!(
        read.content.unwrap().order.return_order_code.as_str(),
        "RET777"
    );
    let sent = bench.received().await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].headers["x-rp-token"], "secret");
    assert_eq!(sent[0].url.query(), None);
}

#[tokio::test]
async fn a_false_status_and_a_412_are_refusals() {
    for status in [200, 412] {
        let failure = read_with(refused(status)).await.unwrap_err();
        let PartnerFailure::Refused(refusal) = failure else {
            panic!("{failure:?}");
        };
        assert_eq!(refusal.code.as_deref(), Some("GLOBAL_E2"));
        assert_eq!(refusal.message.as_deref(), Some("Validation failed"));
    }
}

#[tokio::test]
async fn what_is_no_answer_is_a_failure() {
    let broken = ResponseTemplate::new(200).set_body_string("<html>");
    let failure = read_with(broken).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::Unreadable));
    let mut other = request();
    other["id"] = json!("65f0c0ffee0123456789abce");
    for data in [
        json!({}),
        json!({ "request": {} }),
        json!({ "request": other }),
    ] {
        let failure = read_with(answer(&data)).await.unwrap_err();
        assert!(matches!(failure, PartnerFailure::Unreadable), "{data}");
    }
    let failure = read_with(ResponseTemplate::new(503)).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::Unreachable));
    let failure = read_with(refused(401)).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::BadCredentials));
}

#[tokio::test]
async fn a_page_has_usable_and_unusable_requests_and_says_whether_another_follows() {
    let bench = bench().await;
    let list = json!([request(), { "id": "65f0c0ffee0123456789abce" }, { "id": 5 }]);
    Mock::given(path(LIST))
        .and(query_param("page", "2"))
        .and(query_param("created_at_min", "2026-11-01T00:00:00Z"))
        .respond_with(answer(
            &json!({ "list": list, "hasNextPage": true, "hasPreviousPage": true }),
        ))
        .mount(&bench.server)
        .await;
    let since = "2026-11-01T00:00:00Z".parse().unwrap();
    let page = ReturnPrime.list_returns(bench.call(), since, 2).await;
    let page = page.unwrap();
    assert!(page.has_next);
    let usable: Vec<bool> = page
        .returns
        .iter()
        .map(|read| read.content.is_ok())
        .collect();
    assert_eq!(usable, [true, false]);
    let failure = ReturnPrime.list_returns(bench.call(), since, 9).await;
    assert!(matches!(failure.unwrap_err(), PartnerFailure::Refused(_)));
}

#[tokio::test]
async fn the_check_lists_requests_and_reports_a_refused_token() {
    let bench = bench().await;
    let data = json!({ "list": [], "hasNextPage": false });
    Mock::given(path(LIST))
        .respond_with(answer(&data))
        .up_to_n_times(1)
        .mount(&bench.server)
        .await;
    assert_eq!(ReturnPrime.check(bench.call()).await.unwrap(), []);
    Mock::given(path(LIST))
        .respond_with(refused(401))
        .mount(&bench.server)
        .await;
    let failure = ReturnPrime.check(bench.call()).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::BadCredentials));
}
