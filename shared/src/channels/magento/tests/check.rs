//! The check says which way the shop wants, and which right is missing.

use super::*;
use crate::domain::form::AccountProblem;

const ORDERS: &str = "/rest/default/V1/orders";
const INVOICES: &str = "/rest/default/V1/invoices";
const SOURCE_ITEMS: &str = "/rest/default/V1/inventory/source-items";

fn page() -> ResponseTemplate {
    ok(&json!({ "items": [], "search_criteria": {}, "total_count": 0 }))
}

/// The problems at a shop with these answers to orders, invoices and stock.
async fn checked(bench: &ChannelBench, answers_: [ResponseTemplate; 3]) -> Vec<AccountProblem> {
    for (path, response) in [ORDERS, INVOICES, SOURCE_ITEMS].into_iter().zip(answers_) {
        answers(bench, ("GET", path), response).await;
    }
    Magento.check(bench.call()).await.unwrap()
}

fn only(problems: &[AccountProblem], field: &str, words: &[&str]) {
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].field.as_deref(), Some(field));
    for word in words {
        assert!(problems[0].detail.contains(word), "{word}: {problems:?}");
    }
}

#[tokio::test]
async fn a_right_account_has_no_problems_also_without_sources() {
    let bench = bench(INTEGRATION).await;
    let none = ResponseTemplate::new(404).set_body_json(json!({ "message": "no route" }));
    assert_eq!(checked(&bench, [page(), page(), none]).await, []);
    let asked = bench.received().await;
    let query = asked[0].url.query().unwrap();
    assert_eq!(query, "searchCriteria%5BpageSize%5D=1");
}

#[tokio::test]
async fn a_refused_signature_asks_for_the_four_values() {
    let bench = bench(INTEGRATION).await;
    let refused = || unauthorised("The signature is invalid. Verify and try again.");
    let problems = checked(&bench, [refused(), refused(), refused()]).await;
    only(
        &problems,
        "credentials",
        &["The signature is invalid", "four values"],
    );
}

#[tokio::test]
async fn a_missing_right_is_named() {
    let bench = bench(INTEGRATION).await;
    let problems = checked(
        &bench,
        [page(), lacks("Magento_Sales::sales_invoice"), page()],
    )
    .await;
    only(
        &problems,
        "credentials",
        &["Magento_Sales::sales_invoice", "integration"],
    );
}

#[tokio::test]
async fn a_token_that_is_refused_as_bearer_asks_for_signatures() {
    let mut bench = bench(&[("accessToken", "at")]).await;
    set(&mut bench.account, &[("bearer", "true")]);
    let all = [lacks("orders"), lacks("invoices"), lacks("stock")];
    let problems = checked(&bench, all).await;
    let words = [
        "all four values",
        "enable_integration_as_bearer",
        "orders, invoices, stock",
    ];
    only(&problems, "credentials", &words);
}

#[tokio::test]
async fn a_shop_with_two_factor_authentication_wants_an_integration() {
    let bench = bench(ADMIN).await;
    let message = "Please use the 2fa provider-specific endpoints to obtain a token.";
    let refused = ResponseTemplate::new(400).set_body_json(json!({ "message": message }));
    answers(&bench, ("POST", ADMIN_TOKENS), refused).await;
    let problems = Magento.check(bench.call()).await.unwrap();
    only(
        &problems,
        "credentials",
        &[message, "two-factor", "integration"],
    );
}

#[tokio::test]
async fn the_cloud_service_s_refusal_names_the_scope() {
    let mut bench = bench(CLOUD).await;
    let tokens = format!("{}/ims", bench.server.uri()).parse().unwrap();
    bench.account.urls.insert("tokenUrl".to_owned(), tokens);
    let refused = ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_client" }));
    answers(&bench, ("POST", "/ims"), refused).await;
    let problems = Magento.check(bench.call()).await.unwrap();
    only(&problems, "credentials", &["clientSecret", "commerce.accs"]);
}

#[tokio::test]
async fn a_redirect_and_a_wrong_store_view_are_problems_of_the_address() {
    let to = "https://www.shop.example/";
    let redirect = || ResponseTemplate::new(301).insert_header("location", to);
    let absent = || ResponseTemplate::new(404).set_body_string("<html>");
    let moved = bench(INTEGRATION).await;
    let problems = checked(&moved, [redirect(), redirect(), redirect()]).await;
    only(&problems, "urls.baseUrl", &["redirects"]);
    let elsewhere = bench(INTEGRATION).await;
    let problems = checked(&elsewhere, [absent(), absent(), absent()]).await;
    only(&problems, "urls.baseUrl", &["storeCode"]);
}

#[tokio::test]
async fn a_page_of_html_is_no_shop() {
    let bench = bench(INTEGRATION).await;
    answers(
        &bench,
        ("GET", ORDERS),
        ResponseTemplate::new(200).set_body_string("<html>"),
    )
    .await;
    let failure = Magento.check(bench.call()).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::Unreadable), "{failure:?}");
}
