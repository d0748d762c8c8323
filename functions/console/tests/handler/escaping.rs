//! Texts that would be markup are shown as they are, wherever a page shows them.

use std::fmt::Write as _;

use jiff::Timestamp;
use local::handler_world::stored::{notification, shipment};
use logistics::domain::notification::{Identity, NotificationType};
use logistics::domain::shipment::ShipmentType;
use logistics::store::notifying::exceptions::ExceptionPlace;
use logistics::store::notifying::unmapped::UnmappedPlace;
use logistics::store::packed::pack;

use crate::console::world::Visiting;

/// Texts of the kinds that OWASP lists: tags, attributes, URLs, entities, and ends of the contexts that the pages have.
const TEXTS: [&str; 14] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "\" onmouseover=\"alert(1)",
    "javascript:alert(1)",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</pre><iframe src=//evil.example>",
    "<body hx-on:click=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "{{ 7 * 7 }}${7*7}<%= 7*7 %>",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
];

/// Asserts that no text has become markup.
fn is_harmless(html: &str, text: &str) {
    if text.contains(['<', '"', '\'']) {
        assert!(!html.contains(text), "{text} in {html}");
    }
    for markup in [
        "<script>",
        "<img",
        "<svg",
        "<iframe",
        "<a href=\"data",
        "<a href=\"javascript",
    ] {
        assert!(!html.contains(markup), "{markup} of {text} in {html}");
    }
}

fn encoded(text: &str) -> String {
    let mut query = String::new();
    for byte in text.bytes() {
        write!(query, "%{byte:02X}").unwrap();
    }
    query
}

#[tokio::test]
async fn what_is_looked_for_is_shown_as_text() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for text in TEXTS {
        let query = encoded(text);
        for place in [
            format!("/console/find?q={query}"),
            format!("/console/messages?subject={query}"),
            format!("/console/messages?endpointId={query}&status={query}"),
            format!("/console/messages?kind={query}"),
            format!("/console/returns?state={query}&forwardOrderCode={query}"),
            format!("/console/returns/one?code={query}"),
            format!("/console/shipment?order={query}&type={query}&code={query}"),
            format!("/console/link?token={query}"),
            format!("/console/keys?done={query}&cursor={query}"),
            format!("/console/accounts/new?of={query}"),
            format!("/console/problems/unmapped?aggregator={query}"),
            format!("/console/unmapped?aggregator={query}&alias={query}"),
            format!("/console/unmapped/code?alias={query}&code={query}"),
            format!("/console/unmapped/code?alias=magic&code={query}"),
            format!("/console/problems/exceptions?cursor={query}"),
            format!("/console/problems/still?alias={query}&days={query}&before={query}"),
            format!("/console/overview?days={query}"),
            format!("/console/endpoints/demo-sink/failed.csv?subject={query}&awb={query}"),
        ] {
            let page = world.open(&browser, &place).await;
            assert!(page.status < 500, "{place}: {page:?}");
            is_harmless(&page.html, text);
        }
    }
}

#[tokio::test]
async fn what_is_entered_is_shown_as_text() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for text in TEXTS {
        let endpoint: Vec<_> = [
            "id",
            "url",
            "method",
            "message",
            "notification_type",
            "shipment_type",
            "aliases",
            "warehouses",
            "headers",
            "user_name",
            "lanes",
            "hours",
            "signature_scheme",
            "signing_secret",
            "version",
        ]
        .map(|name| (name, text))
        .into();
        let account = [
            ("name", "CLICKPOST"),
            ("alias", text),
            ("settings.none", text),
            ("more_settings", text),
            ("warehouses", text),
            ("default_courier", text),
            ("region", text),
            ("credentials.none", text),
            ("urls.none", text),
        ];
        for (place, fields) in [
            ("/console/endpoints/new", endpoint.as_slice()),
            ("/console/accounts/new", &account),
            (
                "/console/endpoints/demo-sink/recover",
                &[("subject", text), ("kind", text)],
            ),
            (
                "/console/unmapped/map",
                &[("alias", "magic"), ("code", text), ("type", text)],
            ),
            (
                "/console/unmapped/replay",
                &[("alias", "magic"), ("code", text), ("cursor", text)],
            ),
            ("/console/keys", &[("label", text), ("days", text)]),
            ("/console/sign-in", &[("key", text)]),
        ] {
            let page = world.submit(&browser, place, fields).await;
            assert!(page.status < 500, "{place}: {page:?}");
            is_harmless(&page.html, text);
        }
        let label = [("label", text), ("scope", "returns")];
        let page = world.submit(&browser, "/console/keys", &label).await;
        assert_eq!(page.status, 200, "{page:?}");
        is_harmless(&world.open(&browser, "/console/keys").await.html, text);
    }
}

#[tokio::test]
async fn what_is_pushed_is_shown_as_text() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let client = &world.world.demo.client_id;
    let notifications = world
        .world
        .start_of("console")
        .unwrap()
        .notifications()
        .unwrap();
    for text in TEXTS {
        let id = shipment(client, text, ShipmentType::Forward, None).unwrap();
        let mut notification = notification(&id, 1_700_000_000_000).unwrap();
        text.clone_into(&mut notification.pushed_type);
        notification.status = "UNMAPPED".to_owned();
        notification.raw = pack(text.as_bytes()).unwrap();
        let at = Timestamp::from_second(1_700_000_000).unwrap();
        notification.unmapped = Some(UnmappedPlace::new(&id.client_id, at));
        notification.notification_type = Some(NotificationType::Lost);
        notification.exception = Some(ExceptionPlace::new(&id.client_id, Timestamp::now()));
        let identity = Identity::Event("1".to_owned());
        notifications
            .store(&id, &identity, &notification)
            .await
            .unwrap();
        let place = format!("/console/shipment?order={}&type=FORWARD", encoded(text));
        let page = world.open(&browser, &place).await;
        assert_eq!(page.status, 200, "{text}: {page:?}");
        is_harmless(&page.html, text);
        let (_, rest) = page.html.split_once("/console/notifications/").unwrap();
        let id = rest.split_once('"').unwrap().0;
        let page = world
            .open(&browser, &format!("/console/notifications/{id}"))
            .await;
        assert_eq!(page.status, 200);
        is_harmless(&page.html, text);
    }
    for place in [
        "/console/problems",
        "/console/problems/unmapped",
        "/console/unmapped",
        "/console/problems/exceptions",
        "/console/endpoints/demo-sink/failed.csv",
    ] {
        let page = world.open(&browser, place).await;
        assert_eq!(page.status, 200, "{page:?}");
        for text in TEXTS {
            is_harmless(&page.html, text);
        }
    }
}
