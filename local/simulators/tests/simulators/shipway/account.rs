//! Authentication, and the account's carriers, warehouses and reasons for returns.

use serde_json::{Value, json};

use crate::shipway::{EMAIL, LICENSE_KEY, Running, ask, text};

#[tokio::test]
async fn only_basic_authentication_is_accepted() {
    let running = Running::start().await;
    let ask_carriers = || running.client.get(running.at("getcarrier"));
    for request in [
        ask_carriers(),
        ask_carriers().basic_auth(EMAIL, Some("wrong")),
        ask_carriers().basic_auth("wrong", Some(LICENSE_KEY)),
        ask_carriers().bearer_auth("b3BzQGJyYW5kLmV4YW1wbGU6azN5"),
    ] {
        let (status, body) = ask(request).await;
        assert_eq!((status, &body["success"]), (401, &json!(0)), "{body}");
    }
    let right = ask_carriers().header("Authorization", "Basic b3BzQGJyYW5kLmV4YW1wbGU6azN5");
    assert_eq!(ask(right).await.1["success"], 1);
}

#[tokio::test]
async fn each_route_is_there_with_and_without_a_slash_at_the_end() {
    let running = Running::start().await;
    let reading = [
        "getorders",
        "getcarrier",
        "pincodeserviceable",
        "getshipwaycarrierrates",
        "getwarehouses",
        "Getreturnreasons",
        "tracking",
    ];
    let doing = [
        "v2orders",
        "Cancelorders",
        "Cancel",
        "Createreturns",
        "Createmanifest",
        "Onholdorders",
    ];
    for slash in ["", "/"] {
        for route in reading {
            running.get(&format!("{route}{slash}")).await;
        }
        for route in doing {
            running.post(&format!("{route}{slash}"), &json!({})).await;
        }
    }
    let calls = running.simulators.calls("shipway").unwrap();
    assert_eq!(calls.len(), 2 * (reading.len() + doing.len()));
    assert_eq!(calls[0].path, "/shipway/api/getorders");
}

#[tokio::test]
async fn the_carriers_are_listed_without_those_with_a_special_behaviour() {
    let running = Running::start().await;
    let answer = running.get("getcarrier").await;
    assert_eq!(
        (&answer["success"], &answer["error"]),
        (&json!(1), &json!(""))
    );
    let carriers = answer["message"].as_array().unwrap();
    let ids: Vec<_> = carriers
        .iter()
        .map(|carrier| text(&carrier["id"]))
        .collect();
    assert_eq!(ids, ["7101", "7102", "7103"]);
    assert_eq!(
        carriers[2],
        json!({
            "id": "7103",
            "name": "Bluedart",
            "carrier_title": "Bluedart Express",
            "reverse_status": false,
            "ndr_status": true,
            "aggregator_carrier": true,
        })
    );
}

#[tokio::test]
async fn a_pincode_is_served_for_each_way_of_paying_or_for_the_one_that_is_asked() {
    let running = Running::start().await;
    let all = running.get("pincodeserviceable?pincode=380001").await;
    assert_eq!(all["success"], 1);
    assert_eq!(all["message"].as_array().unwrap().len(), 6);
    let cod = running
        .get("pincodeserviceable?pincode=380001&payment_type=C")
        .await;
    assert_eq!(cod["message"].as_array().unwrap().len(), 3);
    assert_eq!(
        cod["message"][0],
        json!({
            "carrier_id": "7101",
            "name": "Delhivery",
            "carrier_title": "Delhivery Surface",
            "payment_type": "C",
        })
    );
}

#[tokio::test]
async fn an_unserved_pincode_is_answered_in_two_ways() {
    let running = Running::start().await;
    let said = running.get("pincodeserviceable?pincode=000000").await;
    assert_eq!(said["success"], 0);
    assert!(text(&said["message"]).starts_with("No carrier"), "{said}");
    let empty = running.get("pincodeserviceable?pincode=000001").await;
    assert_eq!(empty, json!({ "success": 1, "error": "", "message": [] }));
}

#[tokio::test]
async fn an_invalid_parameter_of_a_list_is_named() {
    let running = Running::start().await;
    for (asked, named) in [
        ("pincodeserviceable", "pincode"),
        (
            "pincodeserviceable?pincode=380001&payment_type=cod",
            "payment_type",
        ),
        (
            "getshipwaycarrierrates?toPincode=380001&paymentType=cod",
            "fromPincode",
        ),
        (
            "getshipwaycarrierrates?fromPincode=560066&paymentType=cod",
            "toPincode",
        ),
        (
            "getshipwaycarrierrates?fromPincode=560066&toPincode=380001&paymentType=P",
            "paymentType",
        ),
        (
            "getshipwaycarrierrates?fromPincode=560066&toPincode=380001&paymentType=cod&weight=x",
            "weight",
        ),
        ("getorders?status=X", "status"),
        ("getorders?page=0", "page"),
        ("tracking", "awb_numbers"),
    ] {
        let answer = running.get(asked).await;
        assert_eq!(answer["success"], 0, "{asked}");
        assert!(text(&answer["message"]).contains(named), "{answer}");
    }
}

#[tokio::test]
async fn rates_grow_with_the_grams_and_have_carrier_ids_as_numbers() {
    let running = Running::start().await;
    let rates = async |rest: &str| {
        let route = "getshipwaycarrierrates?fromPincode=560066&toPincode=380001";
        running.get(&format!("{route}&{rest}")).await
    };
    let light = rates("paymentType=prepaid&weight=500").await;
    assert_eq!(light["success"], "success");
    assert_eq!(
        light["rate_card"][0],
        json!({
            "carrier_id": 7101,
            "courier_name": "Delhivery Surface",
            "delivery_charge": 48.0,
            "rto_charge": 48.0,
            "charged_weight": 500.0,
            "zone": 1,
        })
    );
    let heavy = rates("paymentType=cod&weight=501").await;
    assert_eq!(heavy["rate_card"][0]["delivery_charge"], 126.0);
    let nowhere = running
        .get("getshipwaycarrierrates?fromPincode=560066&toPincode=000000&paymentType=cod")
        .await;
    assert_eq!(nowhere["rate_card"], json!([]));
}

#[tokio::test]
async fn warehouses_are_an_object_by_id_and_an_unknown_one_is_a_success_with_a_text() {
    let running = Running::start().await;
    let all = running.get("getwarehouses").await;
    assert_eq!(all["message"]["6201"]["default"], "1");
    assert_eq!(all["message"]["6202"]["pincode"], "421302");
    let one = running.get("getwarehouses?warehouseid=6202").await;
    assert_eq!(one["message"].as_object().unwrap().len(), 1);
    let none = running.get("getwarehouses?warehouseid=1").await;
    assert_eq!(none["success"], 1);
    assert!(none["message"].is_string());
}

#[tokio::test]
async fn return_reasons_have_numbers_as_ids() {
    let running = Running::start().await;
    let answer = running.get("Getreturnreasons").await;
    let reasons = answer["message"].as_array().unwrap();
    assert_eq!(reasons.len(), 4);
    assert!(reasons.iter().all(|reason| reason["id"].is_u64()
        && matches!(&reason["reason"], Value::String(words) if !words.is_empty())));
}
