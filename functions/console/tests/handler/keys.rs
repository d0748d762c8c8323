use crate::console::world::Visiting;

#[tokio::test]
async fn a_new_key_is_shown_once_and_works() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let fields = [
        ("label", "Warehouse"),
        ("scope", "returns"),
        ("scope", "shipping"),
        ("days", "30"),
    ];
    let page = world.submit(&browser, "/console/keys", &fields).await;
    assert_eq!(page.status, 200, "{page:?}");
    let (_, rest) = page.html.split_once("rms_").unwrap();
    let key = format!("rms_{}", rest.split_once('<').unwrap().0);
    let page = world.open(&browser, "/console/keys").await;
    page.has(&["Warehouse", "shipping, returns"]);
    assert!(!page.html.contains(&key));
    let theirs = world.sign_in(&key).await;
    let home = world.open(&theirs, "/console").await;
    assert!(home.html.contains("Returns") && !home.html.contains("/console/keys"));
}

#[tokio::test]
async fn what_is_wrong_with_a_key_is_said() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for (fields, pointer) in [
        (&[("label", "a")][..], ">Scopes "),
        (&[("label", ""), ("scope", "returns")], ">Label "),
        (
            &[("label", "a"), ("scope", "returns"), ("days", "soon")],
            ">Expires in (days) must be a number of days",
        ),
        (
            &[("label", "a"), ("scope", "returns"), ("days", "-1")],
            ">Expires in (days) ",
        ),
    ] {
        let page = world.submit(&browser, "/console/keys", fields).await;
        assert_eq!(page.status, 422, "{page:?}");
        page.has(&[pointer]);
    }
    let page = world
        .submit(
            &browser,
            "/console/keys/link",
            &[("scope", "returns"), ("minutes", "0")],
        )
        .await;
    assert_eq!(page.status, 422);
    page.has(&[">Can be opened for (minutes) "]);
}
