use local::handler_world::HttpEvent;
use logistics::domain::client::Scope;

use crate::console::world::{KEY, Visiting};

#[tokio::test]
async fn the_event_of_aws_shows_the_form() {
    let world = Visiting::start().await;
    let event = HttpEvent::of("console")
        .unwrap()
        .with_header("accept-encoding", None);
    let page = world.send(&event).await;
    assert_eq!(page.status, 200);
    page.has(&[
        "<title>Sign in",
        r#"action="/console/sign-in" method="post""#,
    ]);
}

#[tokio::test]
async fn a_page_without_a_session_leads_to_the_form() {
    let world = Visiting::start().await;
    for place in ["/console", "/console/keys", "/console/none"] {
        let page = world.get(place).await;
        assert_eq!((page.status, page.location()), (303, "/console/sign-in"));
    }
}

#[tokio::test]
async fn a_key_becomes_a_session_that_no_script_and_no_other_site_can_use() {
    let world = Visiting::start().await;
    let page = world.post("/console/sign-in", &[("key", KEY)]).await;
    assert_eq!((page.status, page.location()), (303, "/console"));
    let cookie = page.headers["set-cookie"].to_str().unwrap();
    let (value, rules) = cookie.split_once("; ").unwrap();
    let seconds = rules
        .strip_prefix("Max-Age=")
        .unwrap()
        .split_once(';')
        .unwrap()
        .0;
    assert!(
        (28_790..=28_800).contains(&seconds.parse::<u32>().unwrap()),
        "{rules}"
    );
    assert!(
        rules.ends_with("; Path=/console; Secure; HttpOnly; SameSite=Strict"),
        "{rules}"
    );
    let (name, value) = value.split_once('=').unwrap();
    assert_eq!(name, "rms_console");
    for secret in [KEY, "key_console", &world.world.demo.client_id] {
        assert!(!value.contains(secret));
    }
    let browser = world.entered(&page).await;
    let home = world.open(&browser, "/console").await;
    home.has(&[&world.world.demo.client_id, "Endpoints", "Keys"]);
    assert!(!home.html.contains(KEY));
    let audit = world.open(&browser, "/console/audit").await;
    audit.has(&["console session", "key_console", "created"]);
}

#[tokio::test]
async fn an_unknown_key_is_refused_and_after_five_the_address_waits() {
    let world = Visiting::start().await;
    for _ in 0..5 {
        let page = world
            .post("/console/sign-in", &[("key", "rms_guessed")])
            .await;
        assert_eq!(page.status, 401);
        page.has(&["unknown, revoked or expired"]);
        assert!(page.headers.get("set-cookie").is_none() && !page.html.contains("rms_guessed"));
    }
    let page = world.post("/console/sign-in", &[("key", KEY)]).await;
    assert_eq!(page.status, 429, "{page:?}");
    let seconds: u32 = page.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&seconds));
    page.has(&["too many requests"]);
}

#[tokio::test]
async fn the_session_of_a_revoked_key_ends() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let client = world.world.demo.client_id.clone();
    world
        .add_key("rms_other", &client, Scope::all().collect())
        .await;
    let other = world.sign_in("rms_other").await;
    let page = world
        .submit(&browser, "/console/keys/key_other/revoke", &[])
        .await;
    assert_eq!(page.location(), "/console/keys?done=revoked");
    // Another instance, or this one after a minute, has not cached the key.
    let fresh = Visiting {
        app: console::App::new(&world.world.start_of("console").unwrap()).unwrap(),
        ..world
    };
    let page = fresh.open(&other, "/console").await;
    assert_eq!((page.status, page.location()), (303, "/console/sign-in"));
    assert_eq!(fresh.open(&browser, "/console").await.status, 200);
}

#[tokio::test]
async fn signing_out_ends_the_session_in_the_browser() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let page = world.submit(&browser, "/console/sign-out", &[]).await;
    let place = "/console/sign-in?done=signed-out";
    assert_eq!((page.status, page.location()), (303, place));
    let door = world.get(place).await;
    door.has(&["You are signed out."]);
    let cookie = page.headers["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("rms_console=; Max-Age=0; Path=/console;"),
        "{cookie}"
    );
}

#[tokio::test]
async fn a_forged_or_foreign_cookie_is_no_session() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let mut changed = browser.clone();
    let last = changed.cookie.pop().unwrap();
    changed.cookie.push(if last == 'A' { 'B' } else { 'A' });
    let named = |cookie: &str| crate::console::world::Browser {
        cookie: cookie.to_owned(),
        ..browser.clone()
    };
    for forged in [
        changed,
        named("rms_console="),
        named("rms_console=1.00000000.AAAA"),
        named("other=1"),
    ] {
        let page = world.open(&forged, "/console/keys").await;
        assert_eq!((page.status, page.location()), (303, "/console/sign-in"));
    }
    let beside = named(&format!("theme=dark; {}", browser.cookie));
    assert_eq!(world.open(&beside, "/console/keys").await.status, 200);
}

#[tokio::test]
async fn a_key_sees_and_changes_what_its_scopes_allow() {
    let world = Visiting::start().await;
    let client = world.world.demo.client_id.clone();
    world
        .add_key("rms_reader", &client, vec![Scope::Notifications])
        .await;
    let browser = world.sign_in("rms_reader").await;
    let home = world.open(&browser, "/console").await;
    home.has(&["Messages", "Problems"]);
    for hidden in ["/console/keys", "/console/endpoints", "/console/returns"] {
        assert!(!home.html.contains(hidden), "{hidden}");
        let page = world.open(&browser, hidden).await;
        assert_eq!(page.status, 403, "{hidden}");
        page.has(&["It needs the scope "]);
    }
    let fields = [("label", "more"), ("scope", "shipping")];
    assert_eq!(
        world
            .submit(&browser, "/console/keys", &fields)
            .await
            .status,
        403
    );
    let revoke = "/console/keys/key_console/revoke";
    assert_eq!(world.submit(&browser, revoke, &[]).await.status, 403);
    assert_eq!(world.open(&browser, "/console/problems").await.status, 200);
}
