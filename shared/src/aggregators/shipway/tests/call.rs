//! The URLs of calls.

use crate::aggregators::shipway::call::post;
use crate::aggregators::shipway::tests::book::book;
use crate::aggregators::shipway::tests::*;

#[tokio::test]
async fn the_base_url_may_have_a_path() {
    let mut bench = shipway().await;
    let base = format!("{}/vendor/api/", bench.server.uri());
    bench
        .account
        .urls
        .insert("baseUrl".to_owned(), base.parse().unwrap());
    on(&bench, "POST", "/vendor/api/v2orders", ok(BOOKED)).await;
    book(&bench, &fixture(LABEL_MINIMAL)).await.unwrap();
}

#[tokio::test]
async fn without_a_base_url_shipways_own_is_used() {
    let mut bench = shipway().await;
    bench.account.urls.clear();
    let request = post(bench.account.as_partner(), "v2orders", &()).unwrap();
    assert_eq!(request.url.as_str(), "https://app.shipway.com/api/v2orders");
}
