//! Manifests: which parcels a client handed over to a courier.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::claim::Standing;
use crate::domain::text::{Awb, OrderNumber, Rule, Shape, ShipmentCode, Text, WarehouseCode};

/// The rule of a manifest's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ManifestIdRule {}
/// RMS's id of a manifest.
pub type ManifestId = Text<ManifestIdRule>;

impl Rule for ManifestIdRule {
    const NAME: &'static str = "ManifestId";
    const SHAPE: Shape = Shape::NAME;
}

/// The record of a handover. It never changes: what happens to a parcel later is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Its id.
    pub id: ManifestId,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who takes the parcels, as the client named it.
    pub courier_name: Option<String>,
    /// Where they are handed over.
    pub warehouse: Option<WarehouseCode>,
    /// The parcels, in the order of the request.
    pub shipments: Vec<HandedOver>,
}

/// A parcel of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HandedOver {
    /// The client's order number.
    pub order_number: OrderNumber,
    /// One of several parcels of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment_code: Option<ShipmentCode>,
    /// The AWB at the time of the handover.
    pub awb: Awb,
    /// The courier of the AWB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier_name: Option<String>,
}

/// What decides whether a shipment can be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The state of its claim.
    pub standing: Standing,
    /// Its AWB.
    pub awb: Option<Awb>,
    /// The courier of the AWB.
    pub carrier_name: Option<String>,
}

/// Why a shipment cannot be handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotHandedOver {
    /// RMS knows no such forward shipment.
    #[error("is not a shipment of this client")]
    Unknown,
    /// It was cancelled.
    #[error("is cancelled")]
    Cancelled,
    /// It has no AWB, or none that is certain.
    #[error("has no AWB")]
    NoAwb,
}

impl Labelled {
    /// The AWB and the courier that take the parcel.
    pub fn taken_by(self) -> Result<(Awb, Option<String>), NotHandedOver> {
        match self.standing {
            // RMS may know a shipment only from notifications: its label was made elsewhere.
            Standing::Booked | Standing::Observed => {
                let awb = self.awb.ok_or(NotHandedOver::NoAwb)?;
                Ok((awb, self.carrier_name))
            }
            Standing::Cancelled => Err(NotHandedOver::Cancelled),
            Standing::Claimed
            | Standing::Uncertain
            | Standing::Pending
            | Standing::Ordered
            | Standing::Released => Err(NotHandedOver::NoAwb),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(standing: Standing, awb: Option<&str>) -> Labelled {
        Labelled {
            standing,
            awb: awb.map(|awb| awb.parse().unwrap()),
            carrier_name: Some("Express".to_owned()),
        }
    }

    #[test]
    fn a_parcel_with_a_certain_awb_can_be_handed_over() {
        for standing in [Standing::Booked, Standing::Observed] {
            let (awb, carrier) = labelled(standing, Some("AWB1")).taken_by().unwrap();
            assert_eq!(
                (awb.as_str(), carrier.as_deref()),
                ("AWB1", Some("Express"))
            );
            let without = labelled(standing, None).taken_by();
            assert_eq!(without, Err(NotHandedOver::NoAwb));
        }
    }

    #[test]
    fn a_cancelled_or_unfinished_shipment_cannot_although_it_had_an_awb() {
        let cancelled = labelled(Standing::Cancelled, Some("AWB1"));
        assert_eq!(cancelled.taken_by(), Err(NotHandedOver::Cancelled));
        for standing in [
            Standing::Claimed,
            Standing::Uncertain,
            Standing::Pending,
            Standing::Ordered,
            Standing::Released,
        ] {
            let unfinished = labelled(standing, Some("AWB1")).taken_by();
            assert_eq!(unfinished, Err(NotHandedOver::NoAwb), "{standing:?}");
        }
    }
}
