//! The URLs of calls and their authentication.

use crate::aggregators::clickpost::call::{endpoint, get, predictions};
use crate::aggregators::clickpost::tests::*;

#[tokio::test]
async fn a_missing_key_is_not_configured() {
    for missing in ["username", "key"] {
        let mut bench = workbench().await;
        bench.account.credentials.remove(missing);
        let failure = bench.order(&body(MINIMAL_REQUEST)).await.unwrap_err();
        assert!(matches!(failure, PartnerFailure::NotConfigured(name) if name == missing));
        assert!(bench.received().await.is_empty());
    }
}

#[tokio::test]
async fn without_a_base_url_the_documented_one_is_called() {
    let mut bench = workbench().await;
    bench.account.urls.clear();
    let url = endpoint(bench.account.as_partner(), "v3/create-order/").unwrap();
    assert_eq!(
        url.as_str(),
        "https://www.clickpost.in/api/v3/create-order/?username=brand&key=k+1%262"
    );
    let request = predictions(bench.account.as_partner(), &json!([])).unwrap();
    assert_eq!(
        request.url.as_str(),
        "https://ds.clickpost.in/api/v2/predicted_sla_api/?username=brand&key=k+1%262"
    );
}

#[tokio::test]
async fn the_key_is_not_printed() {
    let bench = workbench().await;
    let request = get(bench.account.as_partner(), "v3/create-order/", &[]).unwrap();
    let printed = format!("{request:?}");
    assert!(
        !printed.contains("k+1") && printed.contains("create-order"),
        "{printed}"
    );
}
