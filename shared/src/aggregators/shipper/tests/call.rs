//! The host and the key of every call.

use crate::aggregators::shipper::call::get;
use crate::aggregators::shipper::tests::*;

#[tokio::test]
async fn the_key_is_sent_and_never_printed() {
    let bench = shipper().await;
    let request = get(bench.call(), &["logistic"]).unwrap();
    let key = &request.headers["x-api-key"];
    assert_eq!(key, "k3y");
    assert!(key.is_sensitive());
}

#[tokio::test]
async fn the_environment_decides_about_the_host() {
    for (environment, host) in [
        ("production", "https://merchant-api.shipper.id"),
        ("sandbox", "https://merchant-api-sandbox.shipper.id"),
    ] {
        let mut bench = shipper().await.set("environment", environment);
        bench.account.urls.clear();
        let request = get(bench.call(), &["order", "external-id", "A/1 ?#%"]).unwrap();
        assert_eq!(
            request.url.as_str(),
            format!("{host}/v3/order/external-id/A%2F1%20%3F%23%25")
        );
    }
}
