use crate::console::world::{Browser, Page, Visiting};

/// The fields of the form of an endpoint.
fn fields<'a>(url: &'a str, version: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("version", version),
        ("url", url),
        ("method", "POST"),
        ("message", "NOTIFICATION"),
        ("enabled", "1"),
        ("lanes", "32"),
        ("hours", "76"),
        ("signature_scheme", "v1"),
    ]
}

async fn add(world: &Visiting, browser: &Browser, id: &str) -> Page {
    let url = format!("{}/{id}", world.world.sink_url());
    let fields = [
        fields(&url, ""),
        vec![("id", id), ("headers", "x-token: secret-word")],
    ]
    .concat();
    world
        .submit(browser, "/console/endpoints/new", &fields)
        .await
}

#[tokio::test]
async fn a_new_endpoint_shows_its_secret_once_and_sends_a_test() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let page = add(&world, &browser, "mine").await;
    assert_eq!(page.status, 200, "{page:?}");
    page.has(&["The signing secret.", "whsec_", "x-token", "If it is lost"]);
    // With the script, the browser shows the endpoint's own URL: loaded again, it is the endpoint and not an empty form.
    assert_eq!(page.headers["hx-push-url"], "/console/endpoints/mine");
    let page = world.open(&browser, "/console/endpoints/mine").await;
    page.has(&["x-token", "ACTIVE"]);
    for secret in ["whsec_", "secret-word"] {
        assert!(!page.html.contains(secret), "{secret}");
    }
    let page = world
        .submit(&browser, "/console/endpoints/mine/test", &[])
        .await;
    page.has(&["The sample was accepted with status 200"]);
    let received = world.world.sink.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].headers["x-token"], "secret-word");

    // The same once more: there is one already.
    let page = add(&world, &browser, "mine").await;
    assert_eq!(page.status, 412, "{page:?}");
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_what_was_entered_stays() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let mut wrong = fields("http://10.0.0.1/hook", "");
    wrong.extend([("id", "mine"), ("headers", "host: a"), ("hours", "0")]);
    wrong.retain(|field| *field != ("hours", "76"));
    let page = world
        .submit(&browser, "/console/endpoints/new", &wrong)
        .await;
    assert_eq!(page.status, 422, "{page:?}");
    page.has(&[
        "http://10.0.0.1/hook",
        "3 things are wrong with what you entered.",
        ">URL ",
        ">Give up after (hours) ",
        ">host ",
    ]);
    let page = world.open(&browser, "/console/endpoints/mine").await;
    assert_eq!(page.status, 404);
}

#[tokio::test]
async fn after_an_error_each_secret_that_was_entered_is_asked_for_again_in_sight() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let wrong = [
        fields("no url", ""),
        vec![
            ("id", "mine"),
            ("signing_secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            ("user_name", "brand"),
            ("password", "secret-word"),
        ],
    ]
    .concat();
    let page = world
        .submit(&browser, "/console/endpoints/new", &wrong)
        .await;
    assert_eq!(page.status, 422, "{page:?}");
    page.has(&[
        "<details open><summary>Credentials for your system",
        "<details open><summary>Signature, retries and concurrency",
        "The secret that you entered was not kept: enter it again, or RMS makes one of its own.",
        "The password that you entered was not kept: enter it again.",
    ]);
    for secret in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "secret-word"] {
        assert!(!page.html.contains(secret), "{secret} in {page:?}");
    }
    let page = world.open(&browser, "/console/endpoints/new").await;
    page.has(&["<details><summary>Signature, retries and concurrency"]);
}

#[tokio::test]
async fn a_change_keeps_what_was_not_entered() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    add(&world, &browser, "mine").await;
    let form = world.open(&browser, "/console/endpoints/mine/edit").await;
    let version = form.field("version");
    form.has(&["x-token:", "NOTIFICATION"]);
    let url = format!("{}/elsewhere", world.world.sink_url());
    let fields = [fields(&url, &version), vec![("headers", "x-token:")]].concat();
    let page = world
        .submit(&browser, "/console/endpoints/mine/edit", &fields)
        .await;
    assert_eq!(
        page.location(),
        "/console/endpoints/mine?done=saved",
        "{page:?}"
    );
    world
        .submit(&browser, "/console/endpoints/mine/test", &[])
        .await;
    let received = world.world.sink.received();
    assert_eq!(received[0].path, "/elsewhere");
    assert_eq!(received[0].headers["x-token"], "secret-word");
}

#[tokio::test]
async fn a_change_of_what_somebody_else_changed_shows_both_versions() {
    let world = Visiting::start().await;
    let (one, other) = (world.demo().await, world.demo().await);
    add(&world, &one, "mine").await;
    let form = world.open(&one, "/console/endpoints/mine/edit").await;
    let version = form.field("version");
    let theirs = format!("{}/theirs", world.world.sink_url());
    let place = "/console/endpoints/mine/edit";
    let page = world
        .submit(&other, place, &fields(&theirs, &version))
        .await;
    assert_eq!(page.status, 303);
    let yours = format!("{}/yours", world.world.sink_url());
    let page = world.submit(&one, place, &fields(&yours, &version)).await;
    assert_eq!(page.status, 412);
    page.has(&["Somebody else changed it", &theirs, &yours]);
    // The page has the present version: saving again replaces it.
    let page = world
        .submit(&one, place, &fields(&yours, &page.field("version")))
        .await;
    assert_eq!(page.status, 303, "{page:?}");
}

#[tokio::test]
async fn a_double_click_rotates_the_secret_once() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    add(&world, &browser, "mine").await;
    let page = world.open(&browser, "/console/endpoints/mine").await;
    let version = page.field("version");
    let place = "/console/endpoints/mine/rotate";
    let page = world
        .submit(&browser, place, &[("version", &version)])
        .await;
    page.has(&["The signing secret.", "whsec_"]);
    assert_eq!(page.headers["hx-push-url"], "/console/endpoints/mine");
    let page = world
        .submit(&browser, place, &[("version", &version)])
        .await;
    assert_eq!(page.status, 412);
    assert!(!page.html.contains("whsec_"));
}

#[tokio::test]
async fn an_endpoint_is_deleted() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    add(&world, &browser, "mine").await;
    let page = world.open(&browser, "/console/endpoints/mine").await;
    let version = page.field("version");
    let page = world
        .submit(
            &browser,
            "/console/endpoints/mine/delete",
            &[("version", &version)],
        )
        .await;
    assert_eq!(page.location(), "/console/endpoints?done=deleted");
    let page = world.open(&browser, page.location()).await;
    page.has(&["Deleted."]);
    assert!(!page.html.contains("/console/endpoints/mine"));
}

#[tokio::test]
async fn a_recovery_counts_first() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let place = "/console/endpoints/demo-sink/recover";
    let page = world
        .submit(&browser, place, &[("since", "2026-11-01T00:00")])
        .await;
    assert_eq!(page.status, 200, "{page:?}");
    page.has(&["<strong>0</strong> failed deliveries match"]);
    let page = world
        .submit(&browser, place, &[("notificationType", "NONE")])
        .await;
    assert_eq!(page.status, 422);
    page.has(&[">Notification type "]);
    let page = world.submit(&browser, place, &[("step", "recover")]).await;
    assert!(page.location().contains("done=nothing"), "{page:?}");
}

#[tokio::test]
async fn types_are_grouped_and_a_filter_is_seen_in_the_list() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let form = world.open(&browser, "/console/endpoints/new").await;
    form.has(&[
        r#"<p class="group">Back to the origin</p>"#,
        r#"<p class="group">Returns only</p>"#,
        "docs/notifications.md",
        "https, at a public address",
    ]);
    for kind in ["RTO", "RETURN_PICKED_UP", "LOST", "INVOICED", "DELIVERED"] {
        let tick = format!(r#"name="notification_type" value="{kind}""#);
        assert_eq!(form.html.matches(&tick).count(), 1, "{kind}");
    }
    let url = format!("{}/mine", world.world.sink_url());
    let fields = [
        fields(&url, ""),
        vec![("id", "mine"), ("notification_type", "DELIVERED")],
    ]
    .concat();
    let page = world
        .submit(&browser, "/console/endpoints/new", &fields)
        .await;
    assert_eq!(page.status, 200, "{page:?}");
    let list = world.open(&browser, "/console/endpoints").await;
    list.has(&["Notification types: DELIVERED"]);
}
