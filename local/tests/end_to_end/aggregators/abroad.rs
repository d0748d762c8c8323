//! International shipments.

use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::world::{LABELS, World};

/// A label from India to Dubai, where addresses have no postal code.
fn label(alias: &str) -> Value {
    let mut request = requests::label(alias, "asdf1234");
    request["pickupAddress"]["countryCode"] = json!("IN");
    request["pickupAddress"]["phoneCode"] = json!("91");
    request["dropAddress"] = json!({
        "firstName": "Noor",
        "lastName": "Khan",
        "addressLine1": "Villa 7, Beach Road",
        "city": "Dubai",
        "zip": "Jumeirah",
        "country": "United Arab Emirates",
        "countryCode": "AE",
        "phoneCode": "971",
        "email": "noor@example.com",
        "phone": "501234567",
    });
    request["currencyCode"] = json!("AED");
    request["invoice"] = json!({ "number": "INV-1", "date": "2026-11-20" });
    request["customs"] = json!({
        "reasonOfExport": 3,
        "incoterm": "FOB",
        "purposeOfShipment": "2",
        "igstPaymentStatus": "A",
        "shipperTaxId": "29ABCDE1234F1Z5",
    });
    for line in request["orderDetails"]["orderLineItems"]
        .as_array_mut()
        .unwrap()
    {
        line["hsCode"] = json!("62034200");
        line["originCountryCode"] = json!("IN");
    }
    request
}

#[tokio::test]
async fn clickpost_carries_it_with_a_commercial_invoice() {
    let world = World::start().await;
    let alias = world.add_international("clickpost").await;
    let mut request = label(&alias);
    request["courierId"] = json!(164);
    let booked = world.post(LABELS, &request).await.ok();
    assert!(booked["awb"].is_string(), "{booked}");
    assert!(booked["commercialInvoiceUrl"].is_string(), "{booked}");
    assert_eq!(world.get(LABELS, "asdf1234").await.ok(), booked);
    assert_eq!(world.asked("clickpost", "/v4/create-order/"), 1);
    let sent = &world.calls("clickpost")[0].body;
    assert_eq!(sent["shipment_details"]["currency_code"], "AED");
    assert_eq!(sent["drop_info"]["country_code"], "AE");
    assert_eq!(sent["drop_info"]["postal_code"], "Jumeirah");
}

#[tokio::test]
async fn shiprocket_carries_it_in_its_own_namespace() {
    let world = World::start().await;
    let alias = world.add_international("shiprocket").await;
    let mut request = label(&alias);
    request["dropAddress"]["zip"] = json!("00000");
    let booked = world.post(LABELS, &request).await.ok();
    assert!(booked["awb"].is_string(), "{booked}");
    assert_eq!(
        world.asked("shiprocket", "/international/orders/create/adhoc"),
        1
    );
    assert_eq!(
        world.asked("shiprocket", "/international/courier/assign/awb"),
        1
    );
}

#[tokio::test]
async fn shipway_has_no_known_contract_for_it() {
    let world = World::start().await;
    let alias = world.add_international("shipway").await;
    let refused = world.post(LABELS, &label(&alias)).await;
    assert_eq!(refused.invalid_pointers(), ["/logisticAccountAlias"]);
    assert!(world.calls("shipway").is_empty());
}

#[tokio::test]
async fn couriers_abroad_are_recommended_by_country() {
    let world = World::start().await;
    for vendor in ["clickpost", "shiprocket"] {
        let alias = world.add_international(vendor).await;
        let label = label(&alias);
        let mut route = requests::route(&alias);
        route["dropPincode"] = json!("00000");
        route["pickupAddress"] = label["pickupAddress"].clone();
        route["dropAddress"] = label["dropAddress"].clone();
        route["currencyCode"] = json!("AED");
        let couriers = world.post("/courier-recommendations", &route).await.ok();
        assert!(
            !couriers["couriers"].as_array().unwrap().is_empty(),
            "{vendor}"
        );
    }
}

/// A label and a route to a country without postal codes.
fn without_postal_code(alias: &str) -> [Value; 2] {
    let mut label = label(alias);
    let to = label["dropAddress"].as_object_mut().unwrap();
    to.remove("zip");
    let mut route = requests::route(alias);
    route.as_object_mut().unwrap().remove("dropPincode");
    route["dropCountryCode"] = json!("AE");
    route["pickupAddress"] = label["pickupAddress"].clone();
    route["dropAddress"] = label["dropAddress"].clone();
    route["currencyCode"] = json!("AED");
    [label, route]
}

#[tokio::test]
async fn no_account_asks_for_a_postal_code_where_there_is_none() {
    let world = World::start().await;
    for (vendor, pointer, sent) in [
        ("magic", "/dropAddress/zip", Value::Null),
        ("clickpost", "/drop_info/postal_code", json!("Dubai")),
        ("shiprocket", "/billing_pincode", json!("00000")),
    ] {
        let alias = match vendor {
            "magic" => vendor.to_owned(),
            _ => world.add_international(vendor).await,
        };
        let [mut label, route] = without_postal_code(&alias);
        label["orderDetails"]["orderNumber"] = json!(format!("no-code-{vendor}"));
        if vendor == "clickpost" {
            label["courierId"] = json!(164);
        }
        let booked = world.post(LABELS, &label).await.ok();
        assert!(booked["awb"].is_string(), "{vendor}: {booked}");
        let calls = world.calls(vendor);
        let told = calls.iter().find_map(|call| call.body.pointer(pointer));
        assert_eq!(told, Some(&sent), "{vendor}");
        let couriers = world.post("/courier-recommendations", &route).await.ok();
        let couriers = couriers["couriers"].as_array().unwrap();
        assert!(!couriers.is_empty(), "{vendor}");
    }
}
