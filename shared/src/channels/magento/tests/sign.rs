//! Signatures, compared with those that Python's `oauthlib` 4.0 made for the same requests.

use reqwest::Method;
use url::Url;

use super::*;
use crate::channels::magento::account::{Way, way};
use crate::channels::magento::call::{Pair, get};
use crate::channels::magento::sign::{Once, authorization};

/// The header for a request, at the time and with the nonce of the expected signatures.
pub(super) fn signed(method: &Method, url: &Url) -> String {
    let account = account_with(INTEGRATION, &[]);
    let Some(Way::Signed(integration)) = way(&account) else {
        panic!("the account does not sign");
    };
    let once = Once {
        nonce: "n0nce-1",
        now: jiff::Timestamp::from_second(1_784_000_000).unwrap(),
    };
    authorization(integration, method, url, once)
}

/// A search as RMS makes it, with a value that has a blank.
pub(super) fn search() -> Url {
    let filter = |part: &str| format!("searchCriteria[filterGroups][0][filters][0][{part}]");
    let query: [Pair; 3] = [
        (filter("field"), "status".to_owned()),
        (filter("value"), "pending payment".to_owned()),
        ("searchCriteria[pageSize]".to_owned(), "20".to_owned()),
    ];
    let account = account_with(INTEGRATION, &[]);
    get(&account, &["orders"], &query).unwrap().url
}

#[test]
fn oauthlib_signs_alike() {
    let url = |text: &str| text.parse::<Url>().unwrap();
    for (method, url, signature) in [
        (
            Method::GET,
            search(),
            "3FhdG1F1ybzoXfcx%2F00V65Po3KZ%2FY3AMQ4GOKMu7b8Y%3D",
        ),
        (
            Method::POST,
            url("https://shop.example/rest/default/V1/order/7/ship"),
            "qDBHTz8pJe7WIImHCLFjSsDlF5VeMyxTxLDIpGmKsNA%3D",
        ),
        (
            Method::GET,
            url("https://shop.example:8443/sub/rest/default/V1/stockItems/a%2Fb%20c%25"),
            "r3w%2FMDalH%2B6PoxL9OuT757UzOuLPfsTJH9jvqlPXY7w%3D",
        ),
        (
            Method::PUT,
            url(
                "http://shop.example/rest/de/V1/products/%C3%A9~_-.%2B/stockItems/9?a=%26%3D&a=1&b=%E2%82%B9",
            ),
            "tzvuC1MRLy0hkIY3TY3OsItHbWZ%2BZhGudZJ81ov3P%2B4%3D",
        ),
    ] {
        let header = signed(&method, &url);
        let expected = format!("oauth_signature=\"{signature}\"");
        assert!(header.ends_with(&expected), "{method} {url}: {header}");
        assert!(header.starts_with("OAuth oauth_consumer_key=\"ck-demo\", "));
        assert!(!header.contains("secret"), "{header}");
    }
}

#[test]
fn a_blank_in_a_query_is_not_a_plus() {
    let url = search();
    let query = url.query().unwrap();
    assert!(query.contains("=pending%20payment&"), "{query}");
}
