use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use ring::hmac::{HMAC_SHA256, Key, sign};
use serde_json::{Value, json};

use super::*;
use crate::channels::ShopEvent;
use crate::channels::workbench::{ChannelBench, account};
use crate::domain::channel_order::{OrderSnapshot, SnapshotLine};

const SHOP: &str = "brand.myshopify.com";

fn shop() -> ChannelAccount {
    let credentials = [("clientSecret", "new"), ("previousClientSecret", "old")];
    let mut account = account("SHOPIFY", &credentials);
    for (name, value) in [
        ("shopDomain", "Brand.myshopify.com"),
        ("replacementTag", "exchange"),
        ("holdTag", "Exchange-Hold"),
    ] {
        account.settings.insert(name.to_owned(), value.to_owned());
    }
    account
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect()
}

fn signed(secret: &str, body: &[u8], shop: &str) -> HeaderMap {
    let key = Key::new(HMAC_SHA256, secret.as_bytes());
    let signature = STANDARD.encode(sign(&key, body));
    headers(&[
        ("X-Shopify-Hmac-Sha256", &signature),
        ("X-Shopify-Shop-Domain", shop),
    ])
}

fn order() -> Value {
    json!({
        "id": 820_982_911_946_154_508_u64,
        "name": "#1001",
        "tags": "vip, exchange,vip, EXCHANGE-hold",
        "cancelled_at": null,
        "updated_at": "2026-11-21T15:30:00+05:30",
        "line_items": [
            { "id": 18_446_744_073_709_551_615_u64, "sku": "SKU-1", "quantity": 2, "current_quantity": 1 },
            { "id": "2", "sku": null, "quantity": 1 },
        ],
        "customer": { "email": "somebody@example.com" },
    })
}

fn read(topic: &str, body: &Value) -> ShopEvent {
    let sent = headers(&[
        ("X-Shopify-Topic", topic),
        ("X-Shopify-Event-Id", "event-1"),
        ("X-Shopify-Triggered-At", "2026-11-21T10:00:00.123456789Z"),
    ]);
    match Shopify.read_hook(&shop(), &sent, body.to_string().as_bytes()) {
        Ok(ReadHook::Order(event)) => *event,
        other => panic!("{other:?}"),
    }
}

fn snapshot(body: &Value) -> OrderSnapshot {
    read("orders/updated", body).event.order
}

#[test]
fn either_secret_proves_a_webhook_of_the_shop() {
    let body = b"{\"id\": 1}";
    for secret in ["new", "old"] {
        assert!(Shopify.is_authentic(&shop(), &signed(secret, body, SHOP), body));
    }
}

#[test]
fn a_wrong_signature_or_another_shop_proves_nothing() {
    let body = b"{\"id\": 1}";
    let is_authentic = |headers: HeaderMap| Shopify.is_authentic(&shop(), &headers, body);
    assert!(!is_authentic(signed("other", body, SHOP)));
    assert!(!is_authentic(signed("new", b"{\"id\": 2}", SHOP)));
    assert!(!is_authentic(signed("new", body, "other.myshopify.com")));
    let mut without_shop = signed("new", body, SHOP);
    without_shop.remove("X-Shopify-Shop-Domain");
    assert!(!is_authentic(without_shop));
    for signature in ["", "AAAA", "no base64!"] {
        let sent = [
            ("X-Shopify-Hmac-Sha256", signature),
            ("X-Shopify-Shop-Domain", SHOP),
        ];
        assert!(!is_authentic(headers(&sent)), "{signature}");
    }
    assert!(!is_authentic(HeaderMap::new()));
    // An account without secrets, such as one whose secrets could not be opened, accepts nothing, also not an empty secret.
    let mut closed = shop();
    closed.credentials.clear();
    assert!(!Shopify.is_authentic(&closed, &signed("", body, SHOP), body));
}

#[test]
fn an_order_is_read_with_exact_ids() {
    let read = read("orders/updated", &order());
    assert_eq!(read.shop_domain.as_deref(), Some(SHOP));
    assert_eq!(read.event.id, "event-1");
    let at = "2026-11-21T10:00:00.123456789Z".parse().unwrap();
    assert_eq!(read.event.triggered_at, Some(at));
    let line = |id: &str, sku: Option<&str>, ordered, current| SnapshotLine {
        id: id.to_owned(),
        sku: sku.map(str::to_owned),
        ordered: Some(ordered),
        current,
    };
    let tags = ["vip", "exchange", "EXCHANGE-hold"].map(str::to_owned);
    let expected = OrderSnapshot {
        id: "820982911946154508".parse().unwrap(),
        code: Some("1001".to_owned()),
        tags: Some(tags.to_vec()),
        is_replacement: Some(true),
        is_on_hold: Some(true),
        is_cancelled: Some(false),
        lines: Some(vec![
            line("18446744073709551615", Some("SKU-1"), 2, Some(1)),
            line("2", None, 1, None),
        ]),
        updated_at: Some("2026-11-21T10:00:00Z".parse().unwrap()),
    };
    assert_eq!(read.event.order, expected);
}

#[test]
fn tags_are_a_text_or_a_list_of_any_length() {
    let many: Vec<String> = (0..250).map(|number| format!("tag-{number}")).collect();
    for tags in [json!(many.join(", ")), json!(many)] {
        let mut order = order();
        order["tags"] = tags;
        let read = snapshot(&order);
        assert_eq!(read.tags.as_ref(), Some(&many));
        assert_eq!(
            (read.is_replacement, read.is_on_hold),
            (Some(false), Some(false))
        );
    }
    let mut order = order();
    order["tags"] = json!("");
    assert_eq!(snapshot(&order).tags, Some(vec![]));
}

#[test]
fn an_absent_or_odd_field_is_unknown() {
    let nothing = OrderSnapshot {
        id: "7".parse().unwrap(),
        code: None,
        tags: None,
        is_replacement: None,
        is_on_hold: None,
        is_cancelled: None,
        lines: None,
        updated_at: None,
    };
    assert_eq!(snapshot(&json!({ "id": 7 })), nothing);
    let odd = json!({
        "id": "7", "name": 5, "tags": { "a": 1 }, "updated_at": "yesterday", "line_items": [{ "sku": "without id" }],
    });
    assert_eq!(snapshot(&odd), nothing);
    let cancelled = read("orders/cancelled", &json!({ "id": 7 })).event.order;
    assert_eq!(cancelled.is_cancelled, Some(true));
}

#[test]
fn a_body_without_an_order_s_id_is_refused() {
    let sent = headers(&[("X-Shopify-Topic", "orders/create")]);
    let refused = |body: &str| {
        Shopify
            .read_hook(&shop(), &sent, body.as_bytes())
            .unwrap_err()
    };
    for body in ["{}", "{\"id\": 1.5}", "{\"id\": -1}", "{\"id\": null}"] {
        let Unreadable::Invalid(wrong) = refused(body) else {
            panic!("{body}")
        };
        assert_eq!(wrong[0].pointer, "/id", "{body}");
    }
    for body in ["", "[]", "no JSON"] {
        assert!(matches!(refused(body), Unreadable::NotJson(_)), "{body}");
    }
}

#[test]
fn other_topics_are_ignored_unread() {
    for topic in ["orders/paid", "products/update", ""] {
        let sent = headers(&[("X-Shopify-Topic", topic)]);
        let read = Shopify.read_hook(&shop(), &sent, b"no JSON").unwrap();
        assert_eq!(read, ReadHook::Ignored, "{topic}");
    }
}

#[test]
fn without_an_event_id_a_retry_has_the_identity_of_its_original() {
    let identity = |minute: u8, body: &[u8]| {
        let at = format!("2026-11-21T10:{minute:02}:00Z");
        let sent = [
            ("X-Shopify-Topic", "orders/create"),
            ("X-Shopify-Triggered-At", at.as_str()),
        ];
        match Shopify.read_hook(&shop(), &headers(&sent), body) {
            Ok(ReadHook::Order(event)) => event.event.id,
            other => panic!("{other:?}"),
        }
    };
    let first = identity(1, b"{\"id\": 1}");
    assert_eq!(first, identity(1, b"{\"id\": 1}"));
    assert_ne!(first, identity(2, b"{\"id\": 1}"));
    assert_ne!(first, identity(1, b"{\"id\": 1, \"name\": \"#1\"}"));
}

#[tokio::test]
async fn an_account_needs_a_shop_and_no_call_is_made_to_check_it() {
    let mut bench = ChannelBench::start("SHOPIFY", &[("clientSecret", "new")]).await;
    for (domain, is_right) in [
        (None, false),
        (Some("https://brand.myshopify.com"), false),
        (Some("brand"), false),
        (Some("brand.myshopify.com/admin"), false),
        (Some(" brand.myshopify.com "), true),
    ] {
        bench.account.settings.clear();
        if let Some(domain) = domain {
            bench
                .account
                .settings
                .insert("shopDomain".to_owned(), domain.to_owned());
        }
        let wrong = Shopify.wrong_fields(&bench.account);
        assert_eq!(wrong.is_empty(), is_right, "{domain:?}");
        assert!(
            wrong
                .iter()
                .all(|wrong| wrong.field == "settings/shopDomain")
        );
    }
    assert_eq!(Shopify.check(bench.call()).await.unwrap(), []);
    assert!(bench.received().await.is_empty());
    assert!(bench.sessions.kept().is_none());
}
