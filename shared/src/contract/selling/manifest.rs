//! Manifests: the request, and a manifest in JSON.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::described_values::FreeText;
use crate::contract::fields::Fields;
use crate::contract::values::{parsed, text};
use crate::domain::selling::manifest::{HandedOver, Manifest, ManifestId};
use crate::domain::text::{Awb, OrderNumber, ShipmentCode, WarehouseCode};

/// The maximum number of parcels of a manifest.
pub const MOST_PARCELS: usize = 1000;

/// A request for a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestRequest {
    /// The parcels, each once.
    pub shipments: Vec<NamedParcel>,
    /// Who takes them.
    pub courier_name: Option<String>,
    /// Where they are handed over.
    pub warehouse: Option<WarehouseCode>,
}

/// A parcel by its names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedParcel {
    /// The client's order number.
    pub order_number: OrderNumber,
    /// One of several parcels of the order.
    pub shipment_code: Option<ShipmentCode>,
}

/// Reads the body of `POST /channels/{alias}/manifests`.
pub fn read(fields: &Fields<'_>) -> Option<ManifestRequest> {
    let shipments = fields.list_up_to("shipments", MOST_PARCELS, |parcel| {
        let order_number = parcel.required("orderNumber", parsed);
        let shipment_code = parcel.optional("shipmentCode", parsed);
        Some(NamedParcel {
            order_number: order_number?,
            shipment_code: shipment_code?,
        })
    });
    if shipments.as_ref().is_some_and(Vec::is_empty) {
        fields.wrong_field("shipments", "must have at least one entry");
    }
    repeated(fields, shipments.as_deref().unwrap_or_default());
    let courier_name = fields.optional("courierName", text);
    let warehouse = fields.optional("warehouseCode", parsed);
    Some(ManifestRequest {
        shipments: shipments?,
        courier_name: courier_name?,
        warehouse: warehouse?,
    })
}

fn repeated(fields: &Fields<'_>, parcels: &[NamedParcel]) {
    let mut seen = BTreeSet::new();
    for (index, parcel) in parcels.iter().enumerate() {
        if !seen.insert(parcel) {
            let detail = "names a shipment that the list has before";
            fields.wrong_entry("shipments", index, "orderNumber", detail);
        }
    }
}

/// The body in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ManifestRequest)]
pub struct ManifestRequestBody {
    /// The parcels that the courier takes, each once. Each needs an AWB and may not be cancelled.
    #[schema(min_items = 1, max_items = 1000)]
    pub shipments: Vec<NamedParcelBody>,
    /// Who takes them; it is printed.
    #[schema(value_type = Option<FreeText>)]
    pub courier_name: Option<String>,
    /// Where they are handed over; it is printed.
    #[schema(value_type = Option<WarehouseCode>)]
    pub warehouse_code: Option<String>,
}

/// A parcel by its names, in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NamedParcel)]
pub struct NamedParcelBody {
    /// Your order number.
    #[schema(value_type = OrderNumber)]
    pub order_number: String,
    /// One of several parcels of the order; optional.
    #[schema(value_type = Option<ShipmentCode>)]
    pub shipment_code: Option<String>,
}

/// A manifest that was made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MadeManifest)]
pub struct MadeManifestBody<'a> {
    /// Its id, for `GET /channels/{alias}/manifests/{manifestId}`.
    #[schema(value_type = ManifestId, example = "mft_0198c1f2d3e47a5b8c9d0e1f2a3b4c5d")]
    pub manifest_id: &'a str,
}

/// A manifest in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Manifest)]
pub struct ManifestBody {
    /// Its id.
    #[schema(value_type = ManifestId)]
    pub manifest_id: String,
    /// When it was made.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// Who took the parcels.
    pub courier_name: Option<String>,
    /// Where they were handed over.
    #[schema(value_type = Option<WarehouseCode>)]
    pub warehouse_code: Option<String>,
    /// The number of parcels.
    #[schema(value_type = u64)]
    pub count: usize,
    /// The parcels, in the order of the request.
    pub shipments: Vec<HandedOverBody>,
}

/// A parcel of a manifest in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HandedOver)]
pub struct HandedOverBody {
    /// Your order number.
    #[schema(value_type = OrderNumber)]
    pub order_number: String,
    /// One of several parcels of the order.
    #[schema(value_type = Option<ShipmentCode>)]
    pub shipment_code: Option<String>,
    /// The AWB when the manifest was made.
    #[schema(value_type = Awb)]
    pub awb: String,
    /// The courier of the AWB, if it is known.
    pub carrier_name: Option<String>,
}

impl From<Manifest> for ManifestBody {
    fn from(manifest: Manifest) -> Self {
        let parcels = manifest.shipments.into_iter();
        Self {
            manifest_id: manifest.id.to_string(),
            created_at: manifest.created_at.to_string(),
            courier_name: manifest.courier_name,
            warehouse_code: manifest.warehouse.as_ref().map(ToString::to_string),
            count: parcels.len(),
            shipments: parcels.map(HandedOverBody::from).collect(),
        }
    }
}

impl From<HandedOver> for HandedOverBody {
    fn from(parcel: HandedOver) -> Self {
        Self {
            order_number: parcel.order_number.to_string(),
            shipment_code: parcel.shipment_code.as_ref().map(ToString::to_string),
            awb: parcel.awb.to_string(),
            carrier_name: parcel.carrier_name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_value};
    use serde_json::{Value, json};

    fn pointers(body: &Value) -> Vec<String> {
        let Err(Unreadable::Invalid(wrong)) = read_value(body, read) else {
            panic!("{body} was accepted")
        };
        wrong.into_iter().map(|wrong| wrong.pointer).collect()
    }

    #[test]
    fn a_request_names_parcels_and_may_say_who_takes_them_where() {
        let body = json!({
            "shipments": [{ "orderNumber": "A-1" }, { "orderNumber": "A-1", "shipmentCode": "2" }],
            "courierName": "Express", "warehouseCode": "wh-1",
        });
        let request = read_value(&body, read).unwrap();
        assert_eq!(request.shipments.len(), 2);
        assert_eq!(request.courier_name.as_deref(), Some("Express"));
        let parcels = (0..1000).map(|n| json!({ "orderNumber": n.to_string() }));
        let most = json!({ "shipments": parcels.collect::<Vec<_>>() });
        assert_eq!(read_value(&most, read).unwrap().shipments.len(), 1000);
    }

    #[test]
    fn every_wrong_parcel_is_named() {
        let body = json!({
            "shipments": [
                { "orderNumber": "A-1" }, { "orderNumber": " " }, { "shipmentCode": "1" }, "A-2",
            ],
            "courierName": 1, "warehouseCode": "a\nb",
        });
        assert_eq!(
            pointers(&body),
            [
                "/shipments/1/orderNumber",
                "/shipments/2/orderNumber",
                "/shipments/3",
                "/courierName",
                "/warehouseCode"
            ]
        );
    }

    #[test]
    fn none_too_many_and_repeated_parcels_are_refused() {
        for none in [json!({}), json!({ "shipments": [] })] {
            assert_eq!(pointers(&none), ["/shipments"]);
        }
        let parcels: Vec<_> = (0..1001)
            .map(|n| json!({ "orderNumber": n.to_string() }))
            .collect();
        assert_eq!(pointers(&json!({ "shipments": parcels })), ["/shipments"]);
        let parcel = json!({ "orderNumber": "A-1", "shipmentCode": "1" });
        let repeated = json!({ "shipments": [parcel, { "orderNumber": "A-1" }, parcel] });
        assert_eq!(pointers(&repeated), ["/shipments/2/orderNumber"]);
    }
}
