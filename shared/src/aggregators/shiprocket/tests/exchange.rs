//! Exchanges: the one call that creates both orders, interruptions of it, and how each half continues.

mod repeat;

use crate::aggregators::exchange::{ExchangeHalf, ExchangeOrder, ExchangeProgress, Exchanges as _};
use crate::aggregators::shiprocket::tests::*;
use crate::domain::order::{Purpose, ShipmentRequest};
use crate::partners::progress::Progress;

const EXCHANGED: &str = include_str!("../fixtures/exchanged.json");
const EXCHANGE_BODY: &str = include_str!("../fixtures/exchange-body.json");
const LOCATIONS: &str = include_str!("../fixtures/locations.json");
const EXCHANGE: &str = "/orders/create/exchange";
const LOCATE: &str = "/settings/company/pickup";
const FORWARD_IDS: &str = "430011/429990";
const RETURN_IDS: &str = "430500/430477";

/// Both halves of an exchange with their progress.
struct Halves {
    forward: ShipmentRequest,
    returned: ShipmentRequest,
    of_forward: MemoryProgress,
    of_returned: MemoryProgress,
}

impl Halves {
    fn new() -> Self {
        let line = json!({"name": "Kurta, green", "sku": "KU-2", "sellingPricePerUnit": 499.75, "quantity": 1,
            "hsCode": "62044290"});
        let forward = with(
            MINIMAL_REQUEST,
            &[
                ("/orderDetails/orderNumber", json!("EX-7")),
                ("/orderDetails/orderAmount", json!(499.75)),
                ("/orderDetails/orderLineItems", json!([line])),
            ],
        );
        Self {
            forward: request(&forward),
            returned: request(&json_of(RETURN_REQUEST)),
            of_forward: MemoryProgress::default(),
            of_returned: MemoryProgress::default(),
        }
    }

    async fn order(&self, bench: &Workbench, may_exist: bool) -> Result<(), PartnerFailure> {
        let (forward, returned) = (Names::of(&self.forward), Names::of(&self.returned));
        let exchange = ExchangeOrder {
            forward: half(&forward, &self.forward),
            returned: half(&returned, &self.returned),
            may_exist,
        };
        let mut of_forward = Progress::new(self.of_forward.reached(), &self.of_forward);
        let mut of_returned = Progress::new(self.of_returned.reached(), &self.of_returned);
        let progress = ExchangeProgress {
            forward: &mut of_forward,
            returned: &mut of_returned,
        };
        let ordered = Shiprocket.order_exchange(bench.call(), exchange, progress);
        ordered.await
    }

    #[track_caller]
    fn assert_ordered(&self) {
        let order = |ids: &str| ("order".to_owned(), ids.to_owned());
        assert_eq!(steps(&self.of_forward), [order(FORWARD_IDS)]);
        assert_eq!(steps(&self.of_returned), [order(RETURN_IDS)]);
    }

    #[track_caller]
    fn assert_nothing_kept(&self) {
        assert_eq!(
            (steps(&self.of_forward), steps(&self.of_returned)),
            (vec![], vec![])
        );
    }
}

fn half<'a>(names: &'a Names, request: &'a ShipmentRequest) -> ExchangeHalf<'a> {
    ExchangeHalf {
        reference: names.reference(),
        request,
    }
}

/// An account whose pickup locations Shiprocket lists.
async fn located() -> Workbench {
    let bench = bench().await;
    on(&bench, "GET", LOCATE, 200, LOCATIONS).await;
    bench
}

#[tokio::test]
async fn one_call_orders_both_halves_and_each_is_booked_from_there() {
    let bench = located().await;
    on(&bench, "POST", EXCHANGE, 200, EXCHANGED).await;
    on(&bench, "POST", ASSIGN, 200, ASSIGNED).await;
    on(&bench, "POST", PRINT, 200, LABEL).await;
    let halves = Halves::new();
    halves.order(&bench, false).await.unwrap();
    halves.assert_ordered();

    let booked = bench
        .book(&Shiprocket, &halves.forward, &halves.of_forward)
        .await;
    assert_eq!(booked.unwrap(), with_label());
    let booked = bench
        .book(&Shiprocket, &halves.returned, &halves.of_returned)
        .await;
    assert!(matches!(booked, Ok(Booked::Now(_))), "{booked:?}");
    assert_eq!(
        asked(&bench).await,
        [
            "GET /settings/company/pickup",
            "POST /orders/create/exchange",
            "POST /courier/assign/awb",
            "POST /courier/generate/label",
            "POST /courier/assign/awb",
        ]
    );
    assert_eq!(
        bench.body(4).await,
        json!({"shipment_id": 430_477, "is_return": 1})
    );
}

#[tokio::test]
async fn the_body_has_both_addresses_both_parcels_and_the_reason_as_a_number() {
    let bench = located().await;
    on(&bench, "POST", EXCHANGE, 200, EXCHANGED).await;
    Halves::new().order(&bench, false).await.unwrap();
    let expected = json_of(EXCHANGE_BODY);
    let mut sent = bench.body(1).await;
    let weights = ["return_weight", "exchange_weight"].map(|name| sent[name].as_f64());
    assert_eq!(weights, [Some(0.4), Some(0.5)]);
    for name in ["return_weight", "exchange_weight"] {
        sent[name] = expected[name].clone();
    }
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn the_return_goes_to_the_location_of_its_own_warehouse() {
    let mut bench = located().await;
    let settings = [("pickupLocation".to_owned(), "Returns Desk".to_owned())].into();
    bench
        .account
        .warehouses
        .insert("RET".parse().unwrap(), settings);
    on(&bench, "POST", EXCHANGE, 200, EXCHANGED).await;
    let mut halves = Halves::new();
    halves.returned.warehouse = Some("RET".parse().unwrap());
    halves.order(&bench, false).await.unwrap();
    let body = bench.body(1).await;
    assert_eq!(body["seller_pickup_location_id"], "5723898");
    assert_eq!(body["seller_shipping_location_id"], "5723899");
}

#[tokio::test]
async fn a_location_that_they_do_not_have_is_the_accounts_fault_and_nothing_is_sent() {
    let bench = located().await.set("pickupLocation", "nord godown");
    let outcome = Halves::new().order(&bench, false).await;
    assert!(
        matches!(outcome, Err(PartnerFailure::NotConfigured(_))),
        "{outcome:?}"
    );
    assert_eq!(asked(&bench).await, ["GET /settings/company/pickup"]);
}

#[tokio::test]
async fn a_reason_may_be_their_number_or_the_accounts() {
    for (reason, usual, number) in [
        ("17", None, "17"),
        ("n/a", None, "44"),
        ("it scratches", Some("Does not fit"), "27"),
    ] {
        let mut bench = located().await;
        if let Some(usual) = usual {
            bench = bench.set("returnReason", usual);
        }
        on(&bench, "POST", EXCHANGE, 200, EXCHANGED).await;
        let mut halves = Halves::new();
        halves.returned.purpose = Purpose::Return {
            reason: reason.to_owned(),
        };
        halves.order(&bench, false).await.unwrap();
        assert_eq!(bench.body(1).await["return_reason"], number);
    }
}

#[tokio::test]
async fn what_the_halves_cannot_have_is_refused_at_once_before_anything_is_sent() {
    let bench = located().await;
    let mut halves = Halves::new();
    halves.forward.payment = "COD".parse().unwrap();
    halves.forward.lines[0].hs_code = None;
    halves.forward.lines[0].quantity = 2;
    halves.forward.drop.phone = None;
    halves.returned.amount = halves.forward.lines[0].price_per_unit;
    halves.forward.amount = request(&json_of(MINIMAL_REQUEST)).amount;
    halves.returned.pickup.zip = "12".to_owned();
    halves.returned.purpose = Purpose::Return {
        reason: "45".to_owned(),
    };
    let outcome = halves.order(&bench, false).await;
    let pointers = [
        "/forward/orderDetails/paymentType",
        "/return/orderDetails/orderAmount",
        "/return/orderDetails/orderLineItems/0",
        "/forward/dropAddress/phone",
        "/return/pickupAddress/zip",
        "/return/orderDetails/orderLineItems/0/hsCode",
        "/return/returnReason",
    ];
    assert_invalid(outcome, &pointers);
    assert_eq!(asked(&bench).await, [""; 0]);
    halves.assert_nothing_kept();
}

#[tokio::test]
async fn lines_are_exchanged_one_by_one() {
    let bench = located().await;
    let mut halves = Halves::new();
    let second = halves.forward.lines[0].clone();
    halves.forward.lines.push(second);
    let outcome = halves.order(&bench, false).await;
    assert_invalid(outcome, &["/return/orderDetails/orderLineItems"]);
}

#[tokio::test]
async fn a_refused_exchange_has_their_message() {
    let invalid = json!({"message": "The given data was invalid.", "status_code": 422,
        "errors": {"order_items.0.hsn": ["The hsn field is required."]}});
    let failed = json!({"success": false, "message": "Wallet is blocked"});
    for (status, body, code, words) in [
        (422, invalid, "422", "hsn field is required"),
        (200, failed, "200", "Wallet is blocked"),
        (
            200,
            json!({"message": "Wrong location"}),
            "200",
            "Wrong location",
        ),
    ] {
        let bench = located().await;
        on(&bench, "POST", EXCHANGE, status, body.to_string()).await;
        let halves = Halves::new();
        assert_refused(halves.order(&bench, false).await, code, words);
        halves.assert_nothing_kept();
    }
}

#[tokio::test]
async fn a_response_without_both_orders_leaves_the_outcome_unknown() {
    let half = with(EXCHANGED, &[("/data/return_orders", json!({}))]).to_string();
    let no_shipment = with(
        EXCHANGED,
        &[("/data/forward_orders/shipment_id", Value::Null)],
    );
    let empty = json!({"success": true}).to_string();
    for garbage in [
        "",
        "[]",
        "<html>",
        "{}",
        &half,
        &no_shipment.to_string(),
        &empty,
    ] {
        let bench = located().await;
        on(&bench, "POST", EXCHANGE, 200, garbage).await;
        let halves = Halves::new();
        assert_unknown(&halves.order(&bench, false).await);
        halves.assert_nothing_kept();
    }
}

#[tokio::test]
async fn only_domestic_accounts_have_exchanges() {
    let mut bench = bench().await;
    assert!(Shiprocket.exchanges(&bench.account).is_some());
    bench.account.region = Region::International;
    assert!(Shiprocket.exchanges(&bench.account).is_none());
}
