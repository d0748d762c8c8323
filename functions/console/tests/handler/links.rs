use logistics::domain::client::Scope;
use logistics::store::packed::pack;

use crate::console::world::{Browser, Visiting};

async fn link(world: &Visiting, browser: &Browser, scopes: &[&str]) -> String {
    let mut fields = vec![("minutes", "10")];
    fields.extend(scopes.iter().map(|scope| ("scope", *scope)));
    let page = world.submit(browser, "/console/keys/link", &fields).await;
    assert_eq!(page.status, 200, "{page:?}");
    let (_, rest) = page.html.split_once("/console/link?token=").unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_link_opens_a_console_with_its_scopes_once() {
    let world = Visiting::start().await;
    let demo = world.demo().await;
    let token = link(&world, &demo, &["notifications", "returns"]).await;
    let place = format!("/console/link?token={token}");
    for _ in 0..2 {
        // To look at the link does not use it up.
        let page = world.get(&place).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.field("token"), token);
    }
    let page = world.post("/console/link", &[("token", &token)]).await;
    assert_eq!((page.status, page.location()), (303, "/console"));
    let visitor = world.entered(&page).await;
    let home = world.open(&visitor, "/console").await;
    home.has(&["Messages", "Returns"]);
    assert!(!home.html.contains("/console/keys"));
    assert_eq!(world.open(&visitor, "/console/keys").await.status, 403);

    let again = world.post("/console/link", &[("token", &token)]).await;
    assert_eq!(again.status, 401);
    again.has(&["used before"]);
    assert!(again.headers.get("set-cookie").is_none());
    let audit = world.open(&demo, "/console/audit").await;
    audit.has(&["console link", "created", "opened", "refused"]);
}

#[tokio::test]
async fn concurrent_openings_of_a_link_give_one_session() {
    let world = Visiting::start().await;
    let demo = world.demo().await;
    let token = link(&world, &demo, &["returns"]).await;
    let fields = [("token", token.as_str())];
    let open = || world.post("/console/link", &fields);
    let pages: [_; 3] = Box::pin(futures::future::join3(open(), open(), open()))
        .await
        .into();
    let opened = pages.iter().filter(|page| page.status == 303);
    assert_eq!(opened.count(), 1, "{pages:?}");
}

#[tokio::test]
async fn nothing_that_the_visitor_of_a_link_makes_outlasts_the_session() {
    let world = Visiting::start().await;
    let demo = world.demo().await;
    let token = link(&world, &demo, &["configuration"]).await;
    let page = world.post("/console/link", &[("token", &token)]).await;
    let visitor = world.entered(&page).await;
    let fields = [("label", "theirs"), ("scope", "configuration")];
    let page = world.submit(&visitor, "/console/keys", &fields).await;
    page.has(&["The new key.", "Expires <time"]);
    let fields = [("label", "more"), ("scope", "shipping")];
    let page = world.submit(&visitor, "/console/keys", &fields).await;
    assert_eq!(page.status, 403);
}

#[tokio::test]
async fn a_link_of_a_revoked_key_and_a_forged_one_open_nothing() {
    let world = Visiting::start().await;
    let demo = world.demo().await;
    let client = world.world.demo.client_id.clone();
    world
        .add_key("rms_other", &client, Scope::all().collect())
        .await;
    let other = world.sign_in("rms_other").await;
    let token = link(&world, &other, &["returns"]).await;
    world
        .submit(&demo, "/console/keys/key_other/revoke", &[])
        .await;
    let fresh = Visiting {
        app: console::App::new(&world.world.start_of("console").unwrap()).unwrap(),
        ..world
    };
    let session = other.cookie.split_once('=').unwrap().1;
    for token in [token.as_str(), "", "1.00000000.AAAA", session] {
        let page = fresh.post("/console/link", &[("token", token)]).await;
        assert_eq!(page.status, 401, "{token}");
    }
}

#[tokio::test]
async fn a_visitor_is_not_led_to_what_the_session_may_not_see() {
    let world = Visiting::start().await;
    let demo = world.demo().await;
    world
        .give_up("A-1", 0, |notification| {
            notification.raw = pack(b"{}").unwrap();
        })
        .await;
    let token = link(&world, &demo, &["notifications"]).await;
    let page = world.post("/console/link", &[("token", &token)]).await;
    let visitor = world.entered(&page).await;
    let found = world.open(&visitor, "/console/shipment?order=A-1").await;
    let (_, rest) = found.html.split_once("/console/notifications/").unwrap();
    let id = rest.split_once('"').unwrap().0;
    let page = world
        .open(&visitor, &format!("/console/notifications/{id}"))
        .await;
    page.has(&["demo-sink", "FAILED"]);
    assert!(!page.html.contains("/console/endpoints"), "{page:?}");
    let page = world.open(&visitor, "/console/endpoints/demo-sink").await;
    assert_eq!(page.status, 403);
    page.has(&[
        "It needs the scope configuration. Ask the person who issued the key or the link.",
        r#"href="/console/messages""#,
        "Sign out",
    ]);
    let page = world.open(&visitor, "/console/none").await;
    assert_eq!(page.status, 404);
    page.has(&[r#"href="/console/messages""#]);
    let code = "/console/unmapped/code?alias=magic&code=TELEPORTED";
    let page = world.open(&visitor, code).await;
    page.has(&["this session may not see it"]);
    assert!(!page.html.contains("not mapped"), "{page:?}");
}
