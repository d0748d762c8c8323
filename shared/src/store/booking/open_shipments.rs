//! The index of open shipments: booked or possibly booked, by account. It is sparse; entries are written when a claim
//! begins and removed when it is released.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::clock;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::span::Span;
use crate::domain::text::{AccountAlias, ClientId};
use crate::store::booking::in_doubt;
use crate::store::booking::shipments::Shipments;
use crate::store::failure::StoreFailure;
use crate::store::items::{item, key_of};
use crate::store::keys::open_partition;

/// The index.
const OPEN: &str = "open";

/// The newest open shipments of an account.
#[derive(Debug)]
pub struct OpenShipments {
    /// The shipments.
    pub shipments: Vec<ShipmentId>,
    /// Whether there are older ones.
    pub is_cut: bool,
}

impl Shipments {
    /// The shipments of an account whose claim was not released, newest claims first. Delivered shipments are included;
    /// those without any booking are not.
    pub async fn open(
        &self,
        client: &ClientId,
        alias: &AccountAlias,
        most: i32,
    ) -> Result<OpenShipments, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(OPEN)
            .key_condition_expression("openOf = :of")
            .expression_attribute_values(":of", AttributeValue::S(open_partition(client, alias)))
            .scan_index_forward(false)
            .limit(most);
        let found = self.client.send(query).await?;
        let keys = found.items().iter().map(key_of);
        Ok(OpenShipments {
            is_cut: found.last_evaluated_key.is_some(),
            shipments: keys
                .filter_map(|key| ShipmentId::of_key(client, &key))
                .collect(),
        })
    }
}

/// Open shipments of an account that were claimed before a time, the latest of them first.
#[derive(Debug)]
pub struct OpenBefore {
    /// The shipments, each with the time of its claim.
    pub shipments: Vec<(ShipmentId, Timestamp)>,
    /// Whether there are earlier ones in the span.
    pub is_cut: bool,
}

impl Shipments {
    /// The shipments of an account whose claim was not released, of those that were claimed in a span; the latest first.
    pub async fn open_in(
        &self,
        client: &ClientId,
        alias: &AccountAlias,
        span: Span,
        most: i32,
    ) -> Result<OpenBefore, StoreFailure> {
        let Some((first, last)) = span.milliseconds() else {
            return Ok(OpenBefore {
                shipments: Vec::new(),
                is_cut: false,
            });
        };
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(OPEN)
            .key_condition_expression("openOf = :of AND openAt BETWEEN :first AND :last")
            .expression_attribute_values(":of", AttributeValue::S(open_partition(client, alias)))
            .expression_attribute_values(":first", AttributeValue::N(first.to_string()))
            .expression_attribute_values(":last", AttributeValue::N(last.to_string()))
            .scan_index_forward(false)
            .limit(most);
        let found = self.client.send(query).await?;
        let shipments = found.items().iter().filter_map(|item| {
            let at = item.get("openAt")?.as_n().ok()?.parse().ok()?;
            let id = ShipmentId::of_key(client, &key_of(item))?;
            Some((id, Timestamp::from_millisecond(at).ok()?))
        });
        Ok(OpenBefore {
            shipments: shipments.collect(),
            is_cut: found.last_evaluated_key.is_some(),
        })
    }
}

/// A claim as an item, with its entries in the indexes of open shipments and of orders in doubt.
pub(super) fn claimed(
    id: &ShipmentId,
    claim: &ShipmentRecord,
) -> Result<HashMap<String, AttributeValue>, StoreFailure> {
    let mut item = item(&id.key(), claim)?;
    let of = open_partition(&id.client_id, &claim.facts.alias);
    let at = clock::now().as_millisecond();
    item.insert("openOf".to_owned(), AttributeValue::S(of));
    item.insert("openAt".to_owned(), AttributeValue::N(at.to_string()));
    item.extend(in_doubt::attributes(id));
    Ok(item)
}
