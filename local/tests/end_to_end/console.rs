//! The console of a running stack, over HTTP: with the real gateway, the policy of its function, and what other functions wrote.

use serde_json::{Value, json};

use crate::security::world::{World, event};

/// A browser without script.
struct Browser<'a> {
    world: &'a World,
    cookie: String,
    form_token: String,
}

/// A page.
#[derive(Debug)]
struct Page {
    status: u16,
    location: String,
    cookie: Option<String>,
    html: String,
}

impl<'a> Browser<'a> {
    async fn signed_in(world: &'a World) -> Self {
        let mut browser = Self::new(world);
        let key = world.demo().api_key.clone();
        let page = browser.submit("/sign-in", &[("key", &key)]).await;
        browser.enter(page).await;
        browser
    }

    fn new(world: &'a World) -> Self {
        Self {
            world,
            cookie: String::new(),
            form_token: String::new(),
        }
    }

    async fn enter(&mut self, page: Page) {
        assert_eq!(
            (page.status, page.location.as_str()),
            (303, "/console"),
            "{page:?}"
        );
        self.cookie = page.cookie.unwrap();
        let home = self.open("").await;
        self.form_token = field(&home.html, "form_token");
    }

    fn url(&self, place: &str) -> String {
        format!("{}/console{place}", self.world.stack.base_url())
    }

    async fn open(&self, place: &str) -> Page {
        let request = self.world.http.get(self.url(place));
        read(request.header("cookie", &self.cookie)).await
    }

    async fn submit(&self, place: &str, fields: &[(&str, &str)]) -> Page {
        let token = ("form_token", self.form_token.as_str());
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([&[token], fields].concat())
            .finish();
        let request = self
            .world
            .http
            .post(self.url(place))
            .header("cookie", &self.cookie)
            .header("origin", self.world.stack.base_url())
            .header("content-type", "application/x-www-form-urlencoded");
        read(request.body(form)).await
    }
}

async fn read(request: reqwest::RequestBuilder) -> Page {
    let response = request.send().await.unwrap();
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    let cookie = header("set-cookie");
    Page {
        status: response.status().as_u16(),
        location: header("location").unwrap_or_default(),
        cookie: cookie.map(|cookie| cookie.split(';').next().unwrap().to_owned()),
        html: response.text().await.unwrap(),
    }
}

fn field(html: &str, name: &str) -> String {
    let before = format!(r#"name="{name}" value=""#);
    let (_, rest) = html.split_once(&before).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// Every screen on what a label, its pushes and a return left, with the permissions of the template alone.
#[tokio::test]
async fn every_screen_shows_what_the_other_functions_wrote() {
    let world = World::start().await;
    let published = std::fs::read(world.published()).unwrap();
    let published: Value = serde_json::from_slice(&published).unwrap();
    let url = format!("{}/console", world.stack.base_url());
    assert_eq!(published["consoleUrl"], url);
    let bought = world.label("magic", "A-1").await;
    let awb = bought.body["awb"].as_str().unwrap().to_owned();
    world.push("magic", &event("A-1", "SHIPPED")).await;
    world.push("magic", &event("A-1", "UNDELIVERED")).await;
    crate::demo::add_return(&world.stack, "RO-1", &["I-1"]).await;
    let browser = Browser::signed_in(&world).await;
    for query in ["A-1", &awb] {
        let page = browser.open(&format!("/find?q={query}")).await;
        assert_eq!(
            page.location, "/console/shipment?order=A-1&type=FORWARD",
            "{page:?}"
        );
    }
    let page = browser.open("/find?q=RO-1").await;
    assert!(page.status == 303 || page.status == 200, "{page:?}");
    let page = browser.open("/shipment?order=A-1&type=FORWARD").await;
    assert!(
        page.html.contains("SHIPPED") && page.html.contains(&awb),
        "{page:?}"
    );
    assert_eq!(world.label("magic", "A-2").await.status, 200);
    let page = browser.open("/shipment?order=A-2").await;
    assert!(
        page.html.contains("/console/shipment/label?order=A-2"),
        "{page:?}"
    );
    let label = browser.open("/shipment/label?order=A-2").await;
    assert!(label.html.starts_with("%PDF"), "{label:?}");
    for (place, mark) in [
        ("/overview", "RMS_MAGIC"),
        ("/problems", "UNDELIVERED"),
        ("/problems/exceptions", "A-1"),
        ("/problems/still?alias=magic", "of 0 bookings"),
        ("/messages?subject=A-1", "NOTIFICATION"),
        ("/messages?kind=INVOICE", "None."),
        ("/returns", "RO-1"),
        ("/returns/one?code=RO-1", "I-1"),
        ("/endpoints", "demo-sink"),
        ("/endpoints/demo-sink/failed.csv", "webhook-id"),
        ("/endpoints/demo-sink?status=parked", "Parked"),
        ("/endpoints/demo-sink?status=pending", "Being retried"),
        ("/accounts/clickpost", "CLICKPOST"),
        ("/channels/magento", "MAGENTO"),
        ("/keys", "key_demo"),
        ("/audit", "console session"),
    ] {
        let page = browser.open(place).await;
        assert_eq!(page.status, 200, "{place}: {page:?}");
        assert!(page.html.contains(mark), "{place}: {page:?}");
    }
}

/// Each change, with the permissions of the template alone.
#[tokio::test]
async fn every_change_is_made_with_the_permissions_of_the_function() {
    let world = World::start().await;
    world.label("magic", "A-1").await;
    let browser = Browser::signed_in(&world).await;
    let fields = [("order", "A-1"), ("type", "FORWARD")];
    let page = browser.submit("/shipment/cancel", &fields).await;
    assert!([303, 422].contains(&page.status), "{page:?}");
    for account in ["clickpost", "shiprocket", "shipway", "magic"] {
        let page = browser
            .submit(&format!("/accounts/{account}/check"), &[])
            .await;
        assert!(
            page.html.contains("accepts the account"),
            "{account}: {page:?}"
        );
    }
    let page = browser.submit("/channels/magento/check", &[]).await;
    assert_eq!(page.status, 200, "{page:?}");
    let page = browser.submit("/endpoints/demo-sink/test", &[]).await;
    assert!(page.html.contains("accepted with status 200"), "{page:?}");
    let page = browser
        .submit("/endpoints/demo-sink/recover", &[("step", "recover")])
        .await;
    assert_eq!(page.status, 303, "{page:?}");
    let version = field(&browser.open("/endpoints/wms").await.html, "version");
    let page = browser
        .submit("/endpoints/wms/rotate", &[("version", &version)])
        .await;
    assert!(page.html.contains("whsec_"), "{page:?}");
    let version = field(&browser.open("/endpoints/wms").await.html, "version");
    let page = browser
        .submit("/endpoints/wms/delete", &[("version", &version)])
        .await;
    assert_eq!(page.location, "/console/endpoints?done=deleted", "{page:?}");
    let version = field(&browser.open("/accounts/shipway").await.html, "version");
    let page = browser
        .submit("/accounts/shipway/delete", &[("version", &version)])
        .await;
    assert_eq!(page.location, "/console/accounts?done=deleted", "{page:?}");
    let keys = [("label", "mine"), ("scope", "returns")];
    let page = browser.submit("/keys", &keys).await;
    assert!(page.html.contains("The new key."), "{page:?}");
}

/// Why the last request was refused, without the personal data that the aggregator repeats, until another request claims it.
#[tokio::test]
async fn a_refused_shipment_says_why_until_it_is_booked() {
    let world = World::start().await;
    let message = "RAM PATEL, +91 9999999999: no courier goes to 560102";
    let fault = json!([{ "call": "generateShippingLabel", "kind": "refuse", "message": message }]);
    crate::demo::set_faults(&world.stack, &world.http, "magic", fault).await;
    let refused = world.label("magic", "A-1").await;
    refused.is_problem(422, "refused-by-aggregator");
    let browser = Browser::signed_in(&world).await;
    let page = browser.open("/shipment?order=A-1&type=FORWARD").await;
    for part in [
        "NOT BOOKED",
        "The aggregator refused the last request: NOT_SERVICEABLE: … …, +91 …: no courier goes to 560102",
        "account magic",
    ] {
        assert!(page.html.contains(part), "no {part} in {page:?}");
    }
    assert_eq!(world.label("magic", "A-1").await.status, 200);
    let page = browser.open("/shipment?order=A-1&type=FORWARD").await;
    assert!(page.html.contains("BOOKED"), "{page:?}");
    assert!(!page.html.contains("NOT_SERVICEABLE"), "{page:?}");
    let shipments = world.items("ShipmentsTable").await;
    assert!(shipments.iter().all(|item| !item.contains_key("refusal")));
}

#[tokio::test]
async fn a_link_that_the_api_made_opens_the_console_once() {
    let world = World::start().await;
    let body = json!({ "scopes": ["notifications"], "minutes": 5 });
    let made = world.as_demo("POST", "/console-links", Some(&body)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let url = made.body["url"].as_str().unwrap();
    let (place, token) = url.split_once("?token=").unwrap();
    assert_eq!(place, format!("{}/console/link", world.stack.base_url()));
    let mut browser = Browser::new(&world);
    let page = browser.open(&format!("/link?token={token}")).await;
    assert_eq!(field(&page.html, "token"), token);
    let page = browser.submit("/link", &[("token", token)]).await;
    browser.enter(page).await;
    assert_eq!(browser.open("/messages").await.status, 200);
    assert_eq!(browser.open("/keys").await.status, 403);
    let page = Browser::new(&world)
        .submit("/link", &[("token", token)])
        .await;
    assert_eq!(page.status, 401, "{page:?}");

    let refused = json!({ "scopes": [], "minutes": 0 });
    let answer = world
        .as_demo("POST", "/console-links", Some(&refused))
        .await;
    answer.is_problem(422, "invalid-request");
}
