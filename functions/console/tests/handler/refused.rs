use console::App;
use logistics::domain::claim::Standing;
use logistics::domain::client::Scope;

use crate::console::world::{Browser, Page, Visiting};

const FORM: &str = "/console/accounts/clickpost/edit";

/// Saves the demo's account at CLICKPOST with this key.
async fn save(world: &Visiting, browser: &Browser, key: &str) -> Page {
    let form = world.open(browser, FORM).await;
    let version = form.field("version");
    let url = form.field("urls.baseUrl");
    let fields = [
        ("name", "CLICKPOST"),
        ("version", version.as_str()),
        ("region", "DOMESTIC"),
        ("stored", "username"),
        ("credentials.key", key),
        ("urls.baseUrl", url.as_str()),
        ("default_courier", "4"),
        ("enabled", "1"),
    ];
    world.submit(browser, FORM, &fields).await
}

async fn check(world: &Visiting, browser: &Browser) {
    let place = "/console/accounts/clickpost/check";
    let page = world.submit(browser, place, &[]).await;
    assert_eq!(page.status, 200, "{page:?}");
}

async fn cancel(world: &Visiting, browser: &Browser) -> Page {
    let fields = [("order", "refused-1"), ("type", "FORWARD")];
    world
        .submit(browser, "/console/shipment/cancel", &fields)
        .await
}

#[tokio::test]
async fn refused_credentials_are_listed_until_the_partner_accepts_the_account() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let page = save(&world, &browser, "wrong-word").await;
    assert_eq!(page.status, 303, "{page:?}");
    let id = world.order("refused-1");
    world.claim(&id, "clickpost", Standing::Booked).await;
    for _ in 0..2 {
        let page = cancel(&world, &browser).await;
        assert_eq!(page.status, 502, "{page:?}");
    }
    let page = world.open(&browser, "/console/problems").await;
    page.has(&["Refused credentials", "/console/accounts/clickpost/edit"]);
    assert!(!page.html.contains("wrong-word"));
    // Another client, and a key that may not see accounts, read nothing of it.
    world
        .add_key("rms_stranger", "stranger", Scope::all().collect())
        .await;
    let client = world.world.demo.client_id.clone();
    world
        .add_key("rms_reader", &client, vec![Scope::Notifications])
        .await;
    for key in ["rms_stranger", "rms_reader"] {
        let other = world.sign_in(key).await;
        let page = world.open(&other, "/console/problems").await;
        assert_eq!(page.status, 200);
        assert!(!page.html.contains("Refused credentials"), "{page:?}");
    }

    let right = world.world.demo.accounts["clickpost"].password.clone();
    let page = save(&world, &browser, &right).await;
    assert_eq!(page.status, 303, "{page:?}");
    let page = world.open(&browser, "/console/problems").await;
    page.has(&["Refused credentials"]);
    check(&world, &browser).await;
    let page = world.open(&browser, "/console/problems").await;
    assert!(!page.html.contains("Refused credentials"), "{page:?}");
}

#[tokio::test]
async fn a_check_notes_that_an_account_is_accepted_which_another_instance_saw_refused() {
    let mut world = Visiting::start().await;
    let browser = world.demo().await;
    check(&world, &browser).await;
    save(&world, &browser, "wrong-word").await;
    let id = world.order("refused-1");
    world.claim(&id, "clickpost", Standing::Booked).await;
    let other = App::new(&world.world.start_of("console").unwrap()).unwrap();
    let one = std::mem::replace(&mut world.app, other);
    let page = cancel(&world, &browser).await;
    assert_eq!(page.status, 502, "{page:?}");
    world.app = one;
    let page = world.open(&browser, "/console/problems").await;
    page.has(&["Refused credentials"]);

    let right = world.world.demo.accounts["clickpost"].password.clone();
    save(&world, &browser, &right).await;
    check(&world, &browser).await;
    let page = world.open(&browser, "/console/problems").await;
    assert!(!page.html.contains("Refused credentials"), "{page:?}");
}
