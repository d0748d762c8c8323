//! The notification types that an account gives to status codes.

use serde_json::{Value, json};

use crate::configuration::accounts::shiprocket;
use crate::configuration::world::Configuring;

const ROUTE: &str = "/logistic-accounts/{alias}";
const GET: &str = "GET /logistic-accounts/{alias}";

fn mapping(mappings: Value) -> Value {
    let mut account = shiprocket();
    account["statusMappings"] = mappings;
    account
}

#[tokio::test]
async fn unknown_codes_get_a_type_which_is_kept_until_it_is_replaced() {
    let world = Configuring::start().await;
    assert_eq!(world.put(ROUTE, "north", &shiprocket()).await.status, 201);
    let mappings = json!({ "S999": "TRANSIT", "O21": "PICKUP_SCHEDULED", "S47": "RTO" });
    let mapped = world.put(ROUTE, "north", &mapping(mappings.clone())).await;
    assert_eq!(mapped.status, 200, "{mapped:?}");
    assert_eq!(mapped.body["statusMappings"], mappings);
    let shown = world.call(GET, "north", "").await;
    assert_eq!(shown.body["statusMappings"], mappings);
    // A request that does not know the field changes nothing, and neither does a response that is sent back.
    for same in [&shiprocket(), &shown.body] {
        let answer = world.put(ROUTE, "north", same).await;
        assert_eq!((answer.status, answer.etag()), (200, shown.etag()));
        assert_eq!(answer.body["statusMappings"], mappings);
    }
    let fewer = json!({ "S999": "DELIVERED" });
    let fewer = world.put(ROUTE, "north", &mapping(fewer)).await;
    assert_eq!(fewer.body["statusMappings"], json!({ "S999": "DELIVERED" }));
    let none = world.put(ROUTE, "north", &mapping(json!({}))).await;
    assert_eq!(none.body["statusMappings"], json!({}));
    let fields: Vec<_> = world
        .changes()
        .await
        .into_iter()
        .map(|change| change.2)
        .collect();
    assert_eq!(
        fields[..3],
        ["statusMappings", "statusMappings", "statusMappings"]
    );
}

#[tokio::test]
async fn a_code_that_rms_knows_or_that_no_push_has_is_refused() {
    let world = Configuring::start().await;
    assert_eq!(world.put(ROUTE, "north", &shiprocket()).await.status, 201);
    let wrong = json!({ "S7": "LOST", "S5": "TRANSIT", "S999": "TRANSIT", "999": "TRANSIT", "S0999": "TRANSIT" });
    let wrong = world.put(ROUTE, "north", &mapping(wrong)).await;
    assert_eq!((wrong.status, wrong.slug()), (422, "invalid-request"));
    let mut wrong = wrong.wrong();
    wrong.sort_unstable();
    let pointers: Vec<_> = wrong.iter().map(|(pointer, _)| *pointer).collect();
    assert_eq!(
        pointers,
        [
            "/statusMappings/999",
            "/statusMappings/S0999",
            "/statusMappings/S5",
            "/statusMappings/S7"
        ]
    );
    assert!(wrong[0].1.starts_with("is not a code of this aggregator"));
    assert!(
        wrong[2].1.contains("it is no news for a client"),
        "{wrong:?}"
    );
    assert!(wrong[3].1.contains("it means DELIVERED"), "{wrong:?}");
    for (mappings, pointer) in [
        (json!({ "S999": "IN_TRANSIT" }), "/statusMappings/S999"),
        (json!({ "S999": null }), "/statusMappings/S999"),
        (json!(["S999"]), "/statusMappings"),
    ] {
        let answer = world.put(ROUTE, "north", &mapping(mappings)).await;
        assert_eq!(answer.status, 422, "{answer:?}");
        assert_eq!(answer.wrong()[0].0, pointer);
    }
    let shown = world.call(GET, "north", "").await;
    assert_eq!(shown.body["statusMappings"], json!({}));
}

#[tokio::test]
async fn of_two_people_who_map_at_once_the_second_is_told() {
    let world = Configuring::start().await;
    let seen = world.put(ROUTE, "north", &shiprocket()).await.etag();
    let condition = Some(("if-match", seen.as_str()));
    let one = mapping(json!({ "S999": "TRANSIT" }));
    let first = world.put_if(ROUTE, "north", &one, condition).await;
    assert_eq!(first.status, 200, "{first:?}");
    let other = mapping(json!({ "S998": "RTO" }));
    let second = world.put_if(ROUTE, "north", &other, condition).await;
    assert_eq!((second.status, second.slug()), (412, "stale"));
    let shown = world.call(GET, "north", "").await;
    assert_eq!(shown.body["statusMappings"], json!({ "S999": "TRANSIT" }));
}
