//! Orders without an AWB.

use crate::aggregators::CreatesOrders;
use crate::aggregators::shipway::Shipway;
use crate::aggregators::shipway::tests::*;
use crate::aggregators::workbench::Names;
use crate::domain::account::Region;
use crate::domain::text::AggregatorOrderId;
use crate::partners::progress::Progress;
use crate::partners::workbench::MemoryProgress;

const LOOK_UP: &str = "GET /getorders?orderid=SO-2042";
const CREATE: &str = "POST /v2orders";
const ADDED: &str = r#"{"success": true, "message": "Order has been added successfully."}"#;

async fn create(
    bench: &Workbench,
    request: &ShipmentRequest,
    keeper: &MemoryProgress,
) -> Result<AggregatorOrderId, PartnerFailure> {
    let names = Names::of(request);
    let mut progress = Progress::new(keeper.reached(), keeper);
    Shipway
        .create_order(bench.call(), names.reference(), request, &mut progress)
        .await
}

#[tokio::test]
async fn an_order_is_created_without_courier_and_warehouses_and_kept() {
    let mut bench = shipway().await;
    bench.account.settings.clear();
    on(&bench, "GET", "/getorders", ok(&no_orders())).await;
    on(&bench, "POST", "/v2orders", ok(ADDED)).await;
    let progress = MemoryProgress::default();
    let request = fixture(LABEL_MINIMAL);
    let order_id = create(&bench, &request, &progress).await.unwrap();
    assert_eq!(order_id.as_str(), "SO-2042");
    assert_eq!(progress.reached()["order"], "SO-2042");
    assert_eq!(calls(&bench).await, [LOOK_UP, CREATE]);
    let sent = bench.body(1).await;
    for absent in ["carrier_id", "warehouse_id", "return_warehouse_id"] {
        assert_eq!(sent.get(absent), None);
    }
    assert_eq!(sent["order_id"], "SO-2042");
}

#[tokio::test]
async fn an_existing_order_is_returned_and_not_created_again() {
    let request = fixture(LABEL_MINIMAL);
    for kept in [
        ORDERS.to_owned(),
        rows(json!([{"order_id": "SO-2042"}])),
        rows(json!([{"order_id": "SO-2042", "status": "G"}])),
    ] {
        let bench = shipway().await;
        on(&bench, "GET", "/getorders", ok(&kept)).await;
        let progress = MemoryProgress::default();
        let order_id = create(&bench, &request, &progress).await.unwrap();
        assert_eq!(order_id.as_str(), "SO-2042");
        assert_eq!(progress.reached()["order"], "SO-2042");
        assert_eq!(calls(&bench).await, [LOOK_UP]);
    }
    let bench = shipway().await;
    let progress = MemoryProgress::at(&[("order", "SO-2042")]);
    create(&bench, &request, &progress).await.unwrap();
    assert!(calls(&bench).await.is_empty());
}

#[tokio::test]
async fn an_order_that_may_exist_is_not_created() {
    let bench = shipway().await;
    on(&bench, "GET", "/getorders", ok("{}")).await;
    let request = fixture(LABEL_MINIMAL);
    let failure = create(&bench, &request, &MemoryProgress::default()).await;
    assert!(matches!(failure.unwrap_err(), PartnerFailure::Unreadable));
    assert_eq!(calls(&bench).await, [LOOK_UP]);
}

#[tokio::test]
async fn a_refusal_an_unclear_response_and_no_response_are_distinguished() {
    let request = fixture(LABEL_MINIMAL);
    for (template, is_refusal) in [
        (ok(r#"{"success": 0, "message": "no"}"#), true),
        (answer(400, ""), true),
        (ok("{}"), false),
        (answer(500, ""), false),
        (late(ADDED), false),
    ] {
        let mut bench = shipway().await;
        bench.deadline = Duration::from_secs(1);
        on(&bench, "GET", "/getorders", ok(&no_orders())).await;
        on(&bench, "POST", "/v2orders", template).await;
        let progress = MemoryProgress::default();
        let failure = create(&bench, &request, &progress).await.unwrap_err();
        assert_eq!(matches!(failure, PartnerFailure::Refused(_)), is_refusal);
        assert_eq!(
            matches!(failure, PartnerFailure::OutcomeUnknown),
            !is_refusal
        );
        assert!(progress.reached().is_empty());
    }
}

#[tokio::test]
async fn an_international_account_creates_no_orders() {
    let mut bench = shipway().await;
    bench.account.region = Region::International;
    let request = fixture(LABEL_MINIMAL);
    let failure = create(&bench, &request, &MemoryProgress::default()).await;
    assert_eq!(pointers(failure.unwrap_err()), ["/logisticAccountAlias"]);
}
