//! A form counts only if a page of the session sent it.

use crate::console::world::{Browser, Page, Visiting};

async fn is_refused(world: &Visiting, browser: &Browser, page: &Page) {
    assert_eq!(page.status, 403, "{page:?}");
    page.has(&["not sent by a page of your present session"]);
    let keys = world.open(browser, "/console/keys").await;
    assert!(!keys.html.contains("forged"), "{keys:?}");
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let token = browser.form_token.as_str();
    let fields = [
        ("form_token", token),
        ("label", "forged"),
        ("scope", "returns"),
    ];
    let own = world.form("/console/keys", Some(&browser.cookie), &fields);
    for origin in [
        None,
        Some("null"),
        Some("https://evil.example"),
        Some("http://a1b2c3d4e5.execute-api.ap-south-1.amazonaws.com"),
    ] {
        let page = world.send(&own.clone().with_header("origin", origin)).await;
        is_refused(&world, &browser, &page).await;
    }
    assert_eq!(world.send(&own).await.status, 200);
}

#[tokio::test]
async fn a_form_without_the_session_s_word_is_refused() {
    let world = Visiting::start().await;
    let (browser, other) = (world.demo().await, world.demo().await);
    assert_ne!(browser.form_token, other.form_token);
    for token in ["", "0", &other.form_token] {
        let fields = [
            ("form_token", token),
            ("label", "forged"),
            ("scope", "returns"),
        ];
        let form = world.form("/console/keys", Some(&browser.cookie), &fields);
        let page = world.send(&form).await;
        is_refused(&world, &browser, &page).await;
    }
}

#[tokio::test]
async fn a_sign_in_from_another_site_is_refused() {
    let world = Visiting::start().await;
    let form = world.form(
        "/console/sign-in",
        None,
        &[("key", crate::console::world::KEY)],
    );
    let page = world
        .send(&form.with_header("origin", Some("https://evil.example")))
        .await;
    assert_eq!(page.status, 403);
    assert!(page.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn a_change_by_a_link_is_no_change() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let page = world
        .open(&browser, "/console/keys/key_console/revoke")
        .await;
    assert_eq!(page.status, 404);
    assert_eq!(world.open(&browser, "/console/keys").await.status, 200);
}

#[tokio::test]
async fn a_large_form_is_refused() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let long = "l".repeat(200_000);
    let page = world
        .submit(&browser, "/console/keys", &[("label", &long)])
        .await;
    assert_eq!(page.status, 413);
}
