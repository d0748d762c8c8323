use logistics::domain::client::Scope;

use crate::console::world::Visiting;

#[tokio::test]
async fn an_id_leads_to_its_page() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for (id, place) in [
        ("ntf_0a_F1", "/console/notifications/ntf_0a_F1"),
        ("msg_0a_I1", "/console/messages/msg_0a_I1"),
        ("dlv_0a_F1_demo_sink", "/console/notifications/ntf_0a_F1"),
        ("dlv_0a_I1-2_e", "/console/messages/msg_0a_I1-2"),
    ] {
        let page = world
            .open(&browser, &format!("/console/find?q=+{id}+"))
            .await;
        assert_eq!((page.status, page.location()), (303, place));
        assert_eq!(world.open(&browser, place).await.status, 404);
    }
    let page = world.open(&browser, "/console/find?q=").await;
    assert_eq!(page.location(), "/console");
}

#[tokio::test]
async fn what_is_not_there_is_said_with_what_to_do() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let long = "l".repeat(300);
    for query in [
        "none",
        "a%2Fb",
        "%3Cb%3E",
        "msg_",
        &long,
        "018f6b2e-7c4d-7a10-9c3b-2f5d8e1a4b60",
    ] {
        let page = world
            .open(&browser, &format!("/console/find?q={query}"))
            .await;
        assert_eq!(page.status, 404, "{query}");
        page.has(&[
            "Nothing of this name was found",
            "request id is in no table",
        ]);
    }
}

#[tokio::test]
async fn a_client_without_accounts_and_endpoints_sees_how_to_begin() {
    let world = Visiting::start().await;
    let demo = world.demo().await;
    let home = world.open(&demo, "/console").await;
    assert!(!home.html.contains("To begin"), "{home:?}");
    world
        .add_key("rms_stranger", "stranger", Scope::all().collect())
        .await;
    let stranger = world.sign_in("rms_stranger").await;
    world.open(&stranger, "/console").await.has(&[
        "To begin",
        r#"<a href="/console/accounts/new">Add an account</a>"#,
        r#"<a href="/console/endpoints/new">Add an endpoint</a>"#,
    ]);
}
