use crate::console::world::{Browser, Page, Visiting};

async fn add(world: &Visiting, browser: &Browser, more: &[(&str, &str)]) -> Page {
    let fields = [&[("name", "CLICKPOST"), ("enabled", "1")], more].concat();
    add_of(world, browser, &fields).await
}

/// The same of any aggregator.
async fn add_of(world: &Visiting, browser: &Browser, more: &[(&str, &str)]) -> Page {
    let fields = [&[("region", "DOMESTIC")], more].concat();
    world
        .submit(browser, "/console/accounts/new", &fields)
        .await
}

#[tokio::test]
async fn the_form_is_what_the_adapter_declares() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let page = world.open(&browser, "/console/accounts/new").await;
    for name in ["CLICKPOST", "SHIPROCKET", "SHIPWAY", "RMS_MAGIC", "SHIPPER"] {
        page.has(&[name]);
    }
    let page = world
        .open(&browser, "/console/accounts/new?of=CLICKPOST")
        .await;
    page.has(&[
        r#"name="credentials.username""#,
        r#"name="credentials.key""#,
        "required",
    ]);
    let page = world
        .open(&browser, "/console/channels/new?of=SHOPIFY")
        .await;
    page.has(&[
        r#"name="credentials.clientSecret""#,
        r#"name="settings.shopDomain""#,
    ]);
    let page = world.open(&browser, "/console/accounts/new?of=NONE").await;
    page.has(&["At which aggregator?"]);
}

#[tokio::test]
async fn an_account_is_added_and_says_what_to_enter_where() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let given = [
        ("alias", "mine"),
        ("credentials.username", "brand"),
        ("credentials.key", "secret-word"),
    ];
    let page = add(&world, &browser, &given).await;
    assert_eq!(
        page.location(),
        "/console/accounts/mine?done=created",
        "{page:?}"
    );
    let page = world.open(&browser, page.location()).await;
    page.has(&[
        "Created.",
        "/notifications/",
        "data-copy=",
        "What to enter at CLICKPOST",
    ]);
    assert!(!page.html.contains("secret-word"));
    let again = add(&world, &browser, &given).await;
    assert_eq!(again.status, 412);
    again.has(&["mine"]);
}

#[tokio::test]
async fn a_password_of_pushes_is_shown_once_at_the_url_of_its_account() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let given = [
        ("name", "RMS_MAGIC"),
        ("alias", "mine"),
        ("credentials.authUsername", "brand"),
        ("credentials.authPassword", "secret-word"),
    ];
    let page = add_of(&world, &browser, &given).await;
    assert_eq!(page.status, 200, "{page:?}");
    page.has(&["it is shown only here, now", "If it is lost"]);
    assert_eq!(page.headers["hx-push-url"], "/console/accounts/mine");
    let again = world.open(&browser, "/console/accounts/mine").await;
    assert!(!again.html.contains("it is shown only here"), "{again:?}");
}

#[tokio::test]
async fn after_an_error_a_new_account_asks_again_for_its_secrets_and_keeps_the_rest() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let given = [
        ("name", "SHIPROCKET"),
        ("alias", "ship rocket"),
        ("credentials.email", "ops@brand.example"),
        ("credentials.password", "secret-word"),
    ];
    let page = add_of(&world, &browser, &given).await;
    assert_eq!(page.status, 422, "{page:?}");
    page.has(&[
        r#"value="ops@brand.example""#,
        "What you entered was not kept: enter it again.",
    ]);
    for wrong in ["Stored; blank keeps it", "secret-word", r#"name="stored""#] {
        assert!(!page.html.contains(wrong), "{wrong} in {page:?}");
    }
    let page = world
        .open(&browser, "/console/accounts/shiprocket/edit")
        .await;
    page.has(&["Stored; blank keeps it."]);
    assert!(!page.html.contains("was not kept"), "{page:?}");
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let page = add(
        &world,
        &browser,
        &[("alias", "mine"), ("settings.none", "1")],
    )
    .await;
    assert_eq!(page.status, 422, "{page:?}");
    page.has(&[">Username is missing", ">none "]);
    let page = add(&world, &browser, &[("alias", "not an alias")]).await;
    assert_eq!(page.status, 422);
    page.has(&[">Alias ", "not an alias"]);
}

#[tokio::test]
async fn an_edit_keeps_stored_credentials_and_a_check_says_what_is_missing() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let form = world
        .open(&browser, "/console/accounts/clickpost/edit")
        .await;
    form.has(&["Stored; blank keeps it.", r#"name="stored" value="key""#]);
    let version = form.field("version");
    let fields = [
        ("name", "CLICKPOST"),
        ("version", version.as_str()),
        ("region", "DOMESTIC"),
        ("stored", "username"),
        ("stored", "key"),
        ("enabled", "1"),
    ];
    let place = "/console/accounts/clickpost/edit";
    let page = world.submit(&browser, place, &fields).await;
    assert_eq!(
        page.location(),
        "/console/accounts/clickpost?done=saved",
        "{page:?}"
    );
    let page = world.submit(&browser, place, &fields).await;
    assert!([303, 412].contains(&page.status), "{page:?}");
    let page = world.open(&browser, "/console/accounts/clickpost").await;
    page.has(&["<code>key</code>", "<code>username</code>"]);
    let page = world
        .submit(&browser, "/console/accounts/magic/check", &[])
        .await;
    assert_eq!(page.status, 200, "{page:?}");
    page.has(&[r#"role="status""#]);
}

#[tokio::test]
async fn a_change_of_what_somebody_else_changed_shows_both_versions() {
    let world = Visiting::start().await;
    let (one, other) = (world.demo().await, world.demo().await);
    let place = "/console/accounts/clickpost/edit";
    let form = world.open(&one, place).await;
    let version = form.field("version");
    let url = form.field("urls.baseUrl");
    let fields = |region, version| {
        [
            ("name", "CLICKPOST"),
            ("version", version),
            ("region", region),
            ("stored", "username"),
            ("stored", "key"),
            ("urls.baseUrl", url.as_str()),
            ("enabled", "1"),
        ]
    };
    let theirs = fields("INTERNATIONAL", version.as_str());
    let page = world.submit(&other, place, &theirs).await;
    assert_eq!(page.status, 303, "{page:?}");
    let without_pushes = &fields("DOMESTIC", version.as_str())[..6];
    let page = world.submit(&one, place, without_pushes).await;
    assert_eq!(page.status, 412, "{page:?}");
    page.has(&["Somebody else changed it", "INTERNATIONAL", "DOMESTIC"]);
    let present = page.field("version");
    let again = fields("DOMESTIC", present.as_str());
    let page = world.submit(&one, place, &again).await;
    assert_eq!(page.status, 303, "{page:?}");
}

#[tokio::test]
async fn channels_have_the_same_pages() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    world
        .open(&browser, "/console/channels")
        .await
        .has(&["shopify", "SHOPIFY"]);
    let page = world.open(&browser, "/console/channels/shopify").await;
    page.has(&["/channels/hooks/", "What to enter at SHOPIFY"]);
    let fields = [
        ("name", "SHOPIFY"),
        ("alias", "second"),
        ("credentials.clientSecret", "secret-word"),
        ("settings.shopDomain", "second.myshopify.com"),
        ("enabled", "1"),
    ];
    let page = world
        .submit(&browser, "/console/channels/new", &fields)
        .await;
    assert_eq!(
        page.location(),
        "/console/channels/second?done=created",
        "{page:?}"
    );
    let page = world.open(&browser, "/console/channels/second").await;
    let version = page.field("version");
    let place = "/console/channels/second/delete";
    let page = world
        .submit(&browser, place, &[("version", &version)])
        .await;
    assert_eq!(
        page.location(),
        "/console/channels?done=deleted",
        "{page:?}"
    );
}

#[tokio::test]
async fn a_stored_webhook_key_can_be_removed() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let given = [
        ("alias", "mine"),
        ("credentials.username", "brand"),
        ("credentials.key", "secret-word"),
        ("webhook_key", "key-word"),
    ];
    let page = add(&world, &browser, &given).await;
    assert_eq!(page.status, 303, "{page:?}");
    let page = world.open(&browser, "/console/accounts/mine").await;
    assert!(!page.html.contains("set no webhook key"), "{page:?}");
    let place = "/console/accounts/mine/edit";
    let form = world.open(&browser, place).await;
    let version = form.field("version");
    let fields = [
        ("name", "CLICKPOST"),
        ("version", version.as_str()),
        ("region", "DOMESTIC"),
        ("enabled", "1"),
        ("stored", "username"),
        ("stored", "key"),
        ("has_webhook_key", "1"),
        ("remove_webhook_key", "1"),
    ];
    let page = world.submit(&browser, place, &fields).await;
    assert_eq!(page.status, 303, "{page:?}");
    let page = world.open(&browser, page.location()).await;
    page.has(&["You have set no webhook key", "Saved. The change applies"]);
}

#[tokio::test]
async fn what_to_enter_where_has_the_words_of_the_page() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for alias in ["magic", "shiprocket", "clickpost"] {
        let page = world
            .open(&browser, &format!("/console/accounts/{alias}"))
            .await;
        page.has(&["the URL for pushes"]);
        for name in ["pushUrl", "pushCredential", "webhookKey"] {
            assert!(!page.html.contains(name), "{name} in {page:?}");
        }
    }
    let page = world.open(&browser, "/console/accounts/magic").await;
    page.has(&["What RMS_MAGIC sends you", "What RMS sends RMS_MAGIC"]);
}
