//! The handler with an event as AWS sends it, on real tables.

use channel_manifests::{App, handle};
use insta::assert_json_snapshot;
use lambda_http::{Body, Response, request};
use local::handler_world::stored::{facts, shipment};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::ShipmentRecord;
use logistics::domain::shipment::ShipmentType;
use serde_json::{Value, json};

use crate::answer;

struct Handing {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
}

impl Handing {
    /// A handler that accepts the event's caller.
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("channel-manifests").unwrap();
        world.admit(&event).await.unwrap();
        Self {
            app: App::new(&world.start_of("channel-manifests").unwrap()).unwrap(),
            world,
            event,
        }
    }

    /// A shipment of the demo client in this state.
    async fn ship(&self, order: &str, code: Option<&str>, standing: Standing, awb: Option<&str>) {
        self.ship_of("demo", (order, code), standing, awb).await;
    }

    async fn ship_of(
        &self,
        client: &str,
        (order, code): (&str, Option<&str>),
        standing: Standing,
        awb: Option<&str>,
    ) {
        let id = shipment(client, order, ShipmentType::Forward, code).unwrap();
        let mut facts = facts(&id, "magic", "RMS_MAGIC").unwrap();
        facts.awb = awb.map(|awb| awb.parse().unwrap());
        facts.carrier_name = awb.map(|_| "Delhivery".to_owned());
        let record = ShipmentRecord {
            standing,
            holder: "an attempt before".to_owned(),
            ..ShipmentRecord::observed(facts)
        };
        let shipments = &self.app.manifests.shipments;
        shipments.claim(&id, &record).await.unwrap();
    }

    async fn send(&self, event: &HttpEvent) -> Response<Body> {
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }

    async fn make(&self, body: &Value) -> Response<Body> {
        self.send(&self.event.clone().with_body(body)).await
    }

    /// The id of a new manifest of the event's request.
    async fn made(&self) -> String {
        let answer = self.send(&self.event).await;
        assert_eq!(answer.status(), 201, "{}", answer::text(&answer));
        let id = answer::json(&answer)["manifestId"].take();
        id.as_str().unwrap().to_owned()
    }

    async fn get(&self, id: &str, accept: &str) -> Response<Body> {
        let path = format!("/channels/return-prime/manifests/{id}");
        let event = self.event.clone().asking("GET", &path, "");
        let event = event
            .with_path_parameter("alias", "return-prime")
            .with_path_parameter("manifestId", id);
        self.send(&event.with_header("accept", Some(accept))).await
    }

    async fn book_both(&self) {
        self.ship("A-1", None, Standing::Booked, Some("AWB1")).await;
        let parcel = Some("1");
        self.ship("A-2", parcel, Standing::Observed, Some("AWB2"))
            .await;
    }

    async fn stored(&self) -> usize {
        let table = self.world.table("ManifestsTable").unwrap();
        let scan = self.world.backends.dynamodb_client().scan();
        scan.table_name(table).send().await.unwrap().items().len()
    }
}

fn pointers(answer: &Response<Body>) -> Vec<(String, String)> {
    let problem = answer::json(answer);
    let errors = problem["errors"].as_array().unwrap().iter();
    let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
    errors
        .map(|error| (text(error, "pointer"), text(error, "detail")))
        .collect()
}

#[tokio::test]
async fn a_manifest_keeps_the_awbs_and_couriers_of_its_moment() {
    let handing = Handing::start().await;
    handing.book_both().await;
    let id = handing.made().await;
    let got = handing.get(&id, "application/json").await;
    assert_eq!(got.status(), 200);
    let first = answer::json(&got);
    assert_json_snapshot!(first, { ".manifestId" => "[id]", ".createdAt" => "[now]" }, @r#"
    {
      "count": 2,
      "courierName": "Express",
      "createdAt": "[now]",
      "manifestId": "[id]",
      "shipments": [
        {
          "awb": "AWB1",
          "carrierName": "Delhivery",
          "orderNumber": "A-1",
          "shipmentCode": null
        },
        {
          "awb": "AWB2",
          "carrierName": "Delhivery",
          "orderNumber": "A-2",
          "shipmentCode": "1"
        }
      ],
      "warehouseCode": "wh-1"
    }
    "#);
    // A repeat makes another one with another id.
    let second = handing.made().await;
    assert_ne!(id, second);
    assert_eq!(answer::json(&handing.get(&id, "*/*").await), first);
    assert_eq!(handing.stored().await, 2);
}

#[tokio::test]
async fn a_manifest_is_also_a_pdf() {
    let handing = Handing::start().await;
    handing.book_both().await;
    let id = handing.made().await;
    let pdf = handing.get(&id, "application/pdf").await;
    assert_eq!(pdf.status(), 200);
    assert_eq!(pdf.headers()["content-type"], "application/pdf");
    let disposition = "inline; filename=\"manifest.pdf\"";
    assert_eq!(pdf.headers()["content-disposition"], disposition);
    let bytes: &[u8] = pdf.body().as_ref();
    assert!(bytes.starts_with(b"%PDF-1."));
    let again = handing.get(&id, "application/pdf").await;
    assert_eq!(again.body().as_ref() as &[u8], bytes);
}

#[tokio::test]
async fn every_shipment_that_cannot_be_handed_over_is_named_and_nothing_is_made() {
    let handing = Handing::start().await;
    handing
        .ship("A-1", None, Standing::Booked, Some("AWB1"))
        .await;
    let cancelled = Standing::Cancelled;
    handing.ship("A-2", None, cancelled, Some("AWB2")).await;
    handing.ship("A-3", None, Standing::Ordered, None).await;
    let foreign = ("A-4", None);
    handing
        .ship_of("other", foreign, Standing::Booked, Some("AWB4"))
        .await;
    let named = ["A-1", "A-2", "A-3", "A-4", "A-5"].map(|order| json!({ "orderNumber": order }));
    let mut named = named.to_vec();
    named.push(json!({ "orderNumber": "A-1", "shipmentCode": "1" }));
    let answer = handing.make(&json!({ "shipments": named })).await;
    assert_eq!(answer.status(), 422);
    let unknown = "is not a shipment of this client";
    let expected = [
        (1, "is cancelled"),
        (2, "has no AWB"),
        (3, unknown),
        (4, unknown),
        (5, unknown),
    ];
    let expected = expected.map(|(index, detail)| {
        let pointer = format!("/shipments/{index}/orderNumber");
        (pointer, detail.to_owned())
    });
    assert_eq!(pointers(&answer), expected);
    assert_eq!(handing.stored().await, 0);
}

#[tokio::test]
async fn a_manifest_of_a_thousand_parcels_is_one_request() {
    let handing = Handing::start().await;
    for number in 0..1000 {
        let (order, awb) = (format!("A-{number}"), format!("AWB{number:09}"));
        let booked = Standing::Booked;
        handing.ship(&order, None, booked, Some(&awb)).await;
    }
    let named = (0..1000).map(|number| json!({ "orderNumber": format!("A-{number}") }));
    let body = json!({ "shipments": named.collect::<Vec<_>>() });
    let answer = handing.make(&body).await;
    assert_eq!(answer.status(), 201, "{}", answer::text(&answer));
    let id = answer::json(&answer)["manifestId"].take();
    let got = handing.get(id.as_str().unwrap(), "application/json").await;
    let got = answer::json(&got);
    assert_eq!(got["count"], 1000);
    assert_eq!(got["shipments"][999]["awb"], "AWB000000999");
    let pdf = handing.get(id.as_str().unwrap(), "application/pdf").await;
    let bytes: &[u8] = pdf.body().as_ref();
    let pages = bytes.windows(12).filter(|at| at == b"/Type /Page\n");
    assert_eq!(pages.count(), 25);
    assert!(bytes.len() < 1_000_000, "{}", bytes.len());
}

#[tokio::test]
async fn an_unknown_alias_and_an_unknown_manifest_are_not_found() {
    let handing = Handing::start().await;
    handing.book_both().await;
    let other = handing.event.clone().with_path_parameter("alias", "none");
    assert_eq!(handing.send(&other).await.status(), 404);
    let id = handing.made().await;
    for unknown in ["mft_1", "x"] {
        assert_eq!(handing.get(unknown, "*/*").await.status(), 404);
    }
    let path = format!("/channels/shopify/manifests/{id}");
    let event = handing.event.clone().asking("GET", &path, "");
    let event = event
        .with_path_parameter("alias", "shopify")
        .with_path_parameter("manifestId", &id);
    assert_eq!(handing.send(&event).await.status(), 404);
    let path = "/channels/return-prime/manifests/a%20b";
    let event = handing.event.clone().asking("GET", path, "");
    let event = event.with_path_parameter("manifestId", "a b");
    assert_eq!(handing.send(&event).await.status(), 422);
}
