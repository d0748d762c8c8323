//! Checks of accounts at the aggregators' simulators.

use local::handler_world::stored::shipment;
use logistics::domain::shipment::ShipmentType;
use logistics::store::booking::shipments::Claimed;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::configuration::accounts_in_use::claim;
use crate::configuration::world::Configuring;

const ROUTE: &str = "/logistic-accounts/{alias}";
const CHECK: &str = "POST /logistic-accounts/{alias}/check";

/// The request body for an account at a simulator.
async fn body_of(world: &Configuring, alias: &str) -> Value {
    let (client, alias) = ("demo".parse().unwrap(), alias.parse().unwrap());
    let account = world.app.accounts.accounts.read(&client, &alias).await;
    let account = account.unwrap().unwrap().value;
    let credentials: serde_json::Map<_, _> = account
        .credentials
        .iter()
        .map(|(name, value)| (name.clone(), json!(value.expose_secret())))
        .collect();
    json!({
        "aggregator": account.aggregator,
        "credentials": credentials,
        "urls": account.urls,
        "settings": account.settings,
    })
}

/// The problems of an account after one change.
async fn problems(world: &Configuring, alias: &str, change: &Value) -> Vec<(String, String)> {
    let mut body = body_of(world, alias).await;
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    let put = world.put(ROUTE, "tried", &body).await;
    assert!(put.status < 300, "{put:?}");
    let checked = world.call(CHECK, "tried", "").await;
    assert_eq!(checked.status, 200, "{checked:?}");
    let problems = checked.body["problems"].as_array().unwrap();
    assert_eq!(checked.body["ok"], problems.is_empty());
    world
        .call("DELETE /logistic-accounts/{alias}", "tried", "")
        .await;
    let text = |problem: &Value, name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    let problem = |problem: &Value| (text(problem, "field"), text(problem, "detail"));
    problems.iter().map(problem).collect()
}

#[tokio::test]
async fn a_valid_account_has_no_problem_at_any_aggregator() {
    let world = Configuring::start().await;
    for alias in local::demo::ALIASES {
        let checked = world.call(CHECK, alias, "").await;
        assert_eq!(checked.status, 200, "{checked:?}");
        assert_eq!(
            checked.body,
            json!({ "ok": true, "problems": [] }),
            "{alias}"
        );
    }
    assert_eq!(world.call(CHECK, "absent", "").await.status, 404);
}

#[tokio::test]
async fn wrong_credentials_are_reported_without_their_values() {
    let world = Configuring::start().await;
    for alias in local::demo::ALIASES {
        let mut credentials = body_of(&world, alias).await["credentials"].take();
        let password = &world.world.demo.accounts[alias].password;
        let values = credentials.as_object_mut().unwrap().values_mut();
        for value in values.filter(|value| *value == password.as_str()) {
            *value = json!("wrong-word");
        }
        assert!(credentials.to_string().contains("wrong-word"), "{alias}");
        let problems = problems(&world, alias, &json!({ "credentials": credentials })).await;
        let [(field, detail)] = problems.as_slice() else {
            panic!("{alias}: {problems:?}")
        };
        assert_eq!(field, "credentials", "{alias}");
        assert!(
            detail.contains("credentials were refused"),
            "{alias}: {detail}"
        );
        assert!(!detail.contains("wrong-word"));
    }
}

#[tokio::test]
async fn settings_that_are_unknown_to_the_aggregator_are_named() {
    let world = Configuring::start().await;
    for (alias, change, field, word) in [
        (
            "shiprocket",
            json!({ "settings": {} }),
            "settings.pickupLocation",
            "Primary, Annex",
        ),
        (
            "shiprocket",
            json!({ "settings": { "pickupLocation": "Primary" },
                    "warehouses": { "wh-1": { "pickupLocation": "Attic" } } }),
            "warehouses.wh-1.pickupLocation",
            "no pickup location Attic",
        ),
        (
            "shipway",
            json!({ "settings": {} }),
            "settings.warehouseId",
            "6201, 6202",
        ),
        (
            "shipway",
            json!({ "settings": { "warehouseId": "9", "returnReasonId": "41011" } }),
            "settings.warehouseId",
            "no warehouse 9",
        ),
        (
            "shipway",
            json!({ "settings": { "warehouseId": "6201", "returnReasonId.Wrong size": "9" } }),
            "settings.returnReasonId.Wrong size",
            "no return reason 9",
        ),
        (
            "clickpost",
            json!({ "settings": { "accountCode.5": "bluedart-air", "accountCode": "unknown" } }),
            "settings.accountCode",
            "no courier account unknown",
        ),
        (
            "clickpost",
            json!({ "warehouses": { "wh-1": { "accountCode.5": "bluedart-closed" } } }),
            "warehouses.wh-1.accountCode.5",
            "is inactive",
        ),
        (
            "magic",
            json!({ "urls": {} }),
            "urls",
            "nothing can be booked",
        ),
    ] {
        let problems = problems(&world, alias, &change).await;
        let (first, detail) = problems.first().unwrap();
        assert_eq!(first, field, "{problems:?}");
        assert!(detail.contains(word), "{problems:?}");
    }
}

#[tokio::test]
async fn a_wrong_host_and_a_host_that_is_down_are_reported() {
    let world = Configuring::start().await;
    // The sink answers 200 with an empty body to everything.
    let elsewhere = json!({ "urls": { "baseUrl": world.sink("/elsewhere") } });
    let has_a_host = |alias: &&str| {
        let account = local::demo::example(alias).unwrap();
        account.urls.contains_key("baseUrl")
    };
    let with_a_host = local::demo::ALIASES.into_iter().filter(has_a_host);
    assert!(with_a_host.clone().count() >= 3);
    for alias in with_a_host {
        let problems = problems(&world, alias, &elsewhere).await;
        let (field, detail) = problems.first().unwrap();
        assert_eq!(field, "urls", "{alias}: {problems:?}");
        assert!(detail.contains("could not be parsed"), "{alias}: {detail}");
    }
    let down = local::sink::Behaviour {
        status: 503,
        ..Default::default()
    };
    world.world.sink.behave(down).unwrap();
    let problems = problems(&world, "clickpost", &elsewhere).await;
    assert!(problems[0].1.contains("did not answer"), "{problems:?}");
}

#[tokio::test]
async fn a_check_changes_nothing_at_the_aggregator() {
    let world = Configuring::start().await;
    for alias in local::demo::ALIASES {
        world.call(CHECK, alias, "").await;
        let calls = world.world.simulators.calls(alias).unwrap();
        // Two of the reading calls are POSTs.
        let is_question = |path: &str| path.contains("login") || path.contains("recommendation");
        let others = calls.iter().filter(|call| !is_question(&call.path));
        let methods: Vec<_> = others.map(|call| call.method.as_str()).collect();
        assert!(!methods.is_empty(), "{alias}");
        assert!(
            methods.iter().all(|method| *method == "GET"),
            "{alias}: {methods:?}"
        );
    }
}

#[tokio::test]
async fn a_gst_number_that_cannot_be_right_is_reported_and_saved() {
    let world = Configuring::start().await;
    for (gstin, words) in [
        ("29 AABCU9603R1ZJ", "blanks"),
        ("29aabcu9603r1zj", "small letters"),
        ("29AABCU9603R1Z", "14 characters"),
        ("29AABCU9603R1ZK", "must be J"),
    ] {
        let settings = json!({ "settings": { "sellerGstin": gstin } });
        let told = problems(&world, "clickpost", &settings).await;
        let [(field, detail)] = told.as_slice() else {
            panic!("{told:?}")
        };
        assert_eq!(field, "settings.sellerGstin");
        assert!(detail.contains(words), "{gstin}: {detail}");
    }
    let of_warehouse = json!({ "warehouses": { "wh-1": { "sellerGstin": "29" } } });
    let told = problems(&world, "clickpost", &of_warehouse).await;
    assert_eq!(told[0].0, "warehouses.wh-1.sellerGstin");
    for gstin in ["38AABCU9603R1ZJ", "0717UNO00211UN1", "9917SGP29003OS1"] {
        let settings = json!({ "settings": { "sellerGstin": gstin } });
        let told = problems(&world, "clickpost", &settings).await;
        let is_only_its_digit = told
            .iter()
            .all(|(_, detail)| detail.contains("check digit"));
        assert!(is_only_its_digit, "{gstin}: {told:?}");
    }
}

#[tokio::test]
async fn an_order_number_that_its_bar_code_may_change_is_reported_where_one_is_printed() {
    let world = Configuring::start().await;
    let shipments = &world.app.accounts.shipments;
    let book = async |alias: &str, order: &str, code: Option<&str>| {
        let id = shipment("demo", order, ShipmentType::Forward, code).unwrap();
        let claimed = shipments.claim(&id, &claim(alias, &id)).await.unwrap();
        assert!(matches!(claimed, Claimed::Ours));
    };
    let told = async |alias: &str| {
        let checked = world.call(CHECK, alias, "").await;
        checked.body["problems"].as_array().unwrap().clone()
    };
    book("clickpost", "SO-1", None).await;
    book("shiprocket", "so-1", None).await;
    assert_eq!(told("clickpost").await, [json!(null); 0]);
    assert_eq!(told("shiprocket").await, [json!(null); 0]);
    for (order, code, named) in [("SO-2", Some("b"), "a scan of b "), ("so-3", None, "so-3")] {
        book("clickpost", order, code).await;
        let problems = told("clickpost").await;
        let [problem] = problems.as_slice() else {
            panic!("{problems:?}")
        };
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(named), "{detail}");
    }
}
