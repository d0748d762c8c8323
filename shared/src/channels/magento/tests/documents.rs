//! Reads of invoices, shipments and labels.

use wiremock::matchers::query_param;

use super::*;

const SHIPMENTS: &str = "/rest/default/V1/shipments";
const INVOICES: &str = "/rest/default/V1/invoices";
const SHIPMENT: &str = "/rest/default/V1/shipment/3";
const LABEL: &str = "/rest/default/V1/shipment/3/label";

fn shipment(id: u64) -> Value {
    json!({
        "entity_id": id, "increment_id": format!("{id:09}"), "order_id": 11254,
        "items": [{ "order_item_id": "7", "qty": "2.0000" }, { "sku": "no row" }],
        "tracks": [
            { "track_number": "AWB-1", "carrier_code": "custom", "title": "Blue Dart", "weight": "0.5000", "qty": 0, "description": null },
            { "title": "no number" },
        ],
    })
}

async fn shipments(bench: &ChannelBench) -> Result<Vec<ChannelShipment>, PartnerFailure> {
    let id = "11254".parse().unwrap();
    Magento.list_shipments(bench.call(), &id).await
}

#[tokio::test]
async fn the_shipments_of_an_order_are_listed_with_their_items_and_tracks() {
    let bench = bench(INTEGRATION).await;
    Mock::given(path(SHIPMENTS))
        .and(query_param(
            "searchCriteria[filterGroups][0][filters][0][field]",
            "order_id",
        ))
        .and(query_param(
            "searchCriteria[filterGroups][0][filters][0][value]",
            "11254",
        ))
        .respond_with(ok(&json!({ "items": [shipment(3)], "total_count": 99 })))
        .mount(&bench.server)
        .await;
    let listed = shipments(&bench).await.unwrap();
    let expected = ChannelShipment {
        shipment_id: "3".parse().unwrap(),
        increment_id: "000000003".to_owned(),
        tracks: vec![Track {
            track_number: "AWB-1".parse().unwrap(),
            carrier_code: "custom".to_owned(),
            title: "Blue Dart".to_owned(),
            weight: Some("0.5".parse().unwrap()),
            quantity: None,
            description: None,
        }],
        items: vec![DocumentItem {
            item_id: "7".parse().unwrap(),
            quantity: 2.into(),
        }],
    };
    assert_eq!(listed, [expected]);
}

#[tokio::test]
async fn a_shop_that_repeats_its_last_page_is_not_asked_for_ever() {
    let bench = bench(INTEGRATION).await;
    let page: Vec<Value> = (1..=100).map(shipment).collect();
    answers(&bench, ("GET", SHIPMENTS), ok(&json!({ "items": page }))).await;
    assert_eq!(shipments(&bench).await.unwrap().len(), 100);
    assert_eq!(bench.received().await.len(), 2);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_completely_is_unreadable() {
    for body in [
        json!({ "items": [shipment(3), { "entity_id": null }] }),
        json!(false),
        json!([]),
    ] {
        let bench = bench(INTEGRATION).await;
        answers(&bench, ("GET", SHIPMENTS), ok(&body)).await;
        let failure = shipments(&bench).await.unwrap_err();
        assert!(matches!(failure, PartnerFailure::Unreadable), "{body}");
    }
}

#[tokio::test]
async fn an_invoice_has_the_state_that_the_shop_gave_it() {
    let bench = bench(INTEGRATION).await;
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/channels/magento/fixtures/invoice.json"
    ));
    let sample: Value = serde_json::from_str(&text.unwrap()).unwrap();
    answers(&bench, ("GET", INVOICES), ok(&json!({ "items": [sample] }))).await;
    let id = "3".parse().unwrap();
    let listed = Magento.list_invoices(bench.call(), &id).await.unwrap();
    let [invoice] = listed.as_slice() else {
        panic!("{listed:?}")
    };
    assert_eq!(
        (invoice.increment_id.as_str(), invoice.state),
        ("000000003", Some(2))
    );
    let rows = invoice
        .items
        .iter()
        .map(|item| (item.item_id.as_str(), item.quantity.to_string()));
    let expected = [("3", "20"), ("4", "40"), ("5", "1")];
    assert!(rows.eq(expected.map(|(id, quantity)| (id, quantity.to_owned()))));
}

#[tokio::test]
async fn a_shipment_is_read_by_its_id_alone() {
    let read = async |bench: &ChannelBench, id: &str| {
        Magento
            .read_shipment(bench.call(), &id.parse().unwrap())
            .await
    };
    let there = bench(INTEGRATION).await;
    answers(&there, ("GET", SHIPMENT), ok(&shipment(3))).await;
    let found = read(&there, "3").await.unwrap().unwrap();
    assert_eq!(found.shipment_id.as_str(), "3");
    assert_eq!(read(&there, "x-3").await.unwrap(), None);
    assert_eq!(there.received().await.len(), 1);
    let absent = bench(INTEGRATION).await;
    let unknown = ResponseTemplate::new(404).set_body_json(json!({ "message": "No such entity" }));
    answers(&absent, ("GET", SHIPMENT), unknown).await;
    assert_eq!(read(&absent, "3").await.unwrap(), None);
    let other = bench(INTEGRATION).await;
    answers(&other, ("GET", SHIPMENT), ok(&shipment(4))).await;
    let failure = read(&other, "3").await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::Unreadable));
}

#[tokio::test]
async fn a_label_is_a_pdf_in_base64_or_absent() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let label = async |answer: Value| {
        let bench = bench(INTEGRATION).await;
        answers(&bench, ("GET", LABEL), ok(&answer)).await;
        Magento
            .read_label(bench.call(), &"3".parse().unwrap())
            .await
    };
    let pdf = b"%PDF-1.4 a label".to_vec();
    let mut text = STANDARD.encode(&pdf);
    text.insert(8, '\n');
    assert_eq!(label(json!(text)).await.unwrap(), Some(pdf));
    for none in [json!(null), json!(""), json!(" \n")] {
        assert_eq!(label(none).await.unwrap(), None);
    }
    for odd in [
        json!("no base64!"),
        json!(STANDARD.encode("GIF89a")),
        json!(true),
        json!({}),
    ] {
        let failure = label(odd.clone()).await.unwrap_err();
        assert!(matches!(failure, PartnerFailure::Unreadable), "{odd}");
    }
}
