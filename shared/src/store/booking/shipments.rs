//! The table of shipments: each with the claim that makes its booking happen once, and the items that find it by the
//! aggregator's order id or by AWB.
//!
//! Each attempt holds a claim under a new name. Every later write requires that the claim is unchanged and has the same
//! holder: a writer that lost the claim changes nothing.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;
use serde::Deserialize;
use serde_bytes::ByteBuf;
use serde_dynamo::to_attribute_value;

use crate::aws::DynamoDb;
use crate::clock;
use crate::domain::booking_refusal::BookingRefusal;
use crate::domain::claim::Standing;
use crate::domain::claim_record::{SeenClaim, ShipmentRecord};
use crate::domain::facts::ShipmentFacts;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AggregatorOrderId, Awb, ClientId};
use crate::store::attributes::written;
use crate::store::batch_read::{self, Found, MOST_KEYS, Wanted};
use crate::store::booking::in_doubt::{self, Begins as _, ENDS};
use crate::store::booking::open_shipments::claimed;
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item, from_items, item, key_of};
use crate::store::keys::{Key, awb_partition, order_id_partition};

/// The table.
#[derive(Debug, Clone)]
pub struct Shipments {
    pub(super) client: DynamoDb,
    pub(super) table: String,
}

/// A shipment that was found by one of its keys. A finder only has the facts.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundShipment {
    /// Its facts.
    pub facts: ShipmentFacts,
    /// The state of its claim, if it was found by its own key.
    #[serde(default)]
    pub standing: Option<Standing>,
    /// The attempt that wrote it last, if it was found by its own key.
    #[serde(default)]
    pub holder: Option<String>,
    /// Its round, if it was found by its own key.
    #[serde(default)]
    pub round: Option<u32>,
    /// When the attempt that made its claim began, in epoch milliseconds, if it was found by its own key.
    #[serde(default)]
    pub claimed_at: Option<i64>,
    /// When its AWB was first pushed, in epoch milliseconds, if it was found by an AWB that RMS did not book.
    #[serde(default)]
    pub pushed_at: Option<i64>,
}

impl FoundShipment {
    /// Whether RMS has booked it, or may have: it is not known only from notifications.
    pub fn is_booked_here(&self) -> bool {
        self.standing != Some(Standing::Observed) && self.pushed_at.is_none()
    }
}

/// The result of an attempt to claim.
#[derive(Debug)]
pub enum Claimed {
    /// The claim is ours.
    Ours,
    /// This claim existed before.
    Met(Box<ShipmentRecord>),
}

impl Shipments {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The current shipment.
    pub async fn get(&self, id: &ShipmentId) -> Result<Option<ShipmentRecord>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(&id.key())))
            .consistent_read(true);
        let found = self.client.send(read).await?;
        Ok(found.item.map(from_item).transpose()?)
    }

    /// The current shipment, and the items of another table, with one read.
    pub async fn get_beside(
        &self,
        id: &ShipmentId,
        beside: Wanted,
    ) -> Result<(Option<ShipmentRecord>, Found), StoreFailure> {
        let own = Wanted::new(&self.table, &[id.key()], None, true)?;
        let mut found = batch_read::read(&self.client, [own, beside]).await?;
        let item = found.of(&self.table).pop();
        Ok((item.map(from_item).transpose()?, found))
    }

    /// The facts of every shipment with an aggregator's order id.
    pub async fn by_order_id(
        &self,
        client: &ClientId,
        order_id: &AggregatorOrderId,
    ) -> Result<Vec<ShipmentFacts>, StoreFailure> {
        let partition = order_id_partition(client, order_id.as_str());
        self.facts_in(partition).await
    }

    /// The facts of all shipments with an AWB.
    pub async fn by_awb(
        &self,
        client: &ClientId,
        awb: &Awb,
    ) -> Result<Vec<ShipmentFacts>, StoreFailure> {
        self.facts_in(awb_partition(client, awb)).await
    }

    async fn facts_in(&self, partition: String) -> Result<Vec<ShipmentFacts>, StoreFailure> {
        let found = self.in_partition(partition).await?;
        Ok(found.into_iter().map(|shipment| shipment.facts).collect())
    }

    pub(super) async fn in_partition(
        &self,
        partition: String,
    ) -> Result<Vec<FoundShipment>, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            // The caller may have just received the id.
            .consistent_read(true);
        let found = self.client.send(query).await?;
        Ok(from_items(found.items.unwrap_or_default())?)
    }

    /// The shipments under these different keys, with as few reads as possible.
    pub async fn records(
        &self,
        keys: &[Key],
        consistently: bool,
    ) -> Result<BTreeMap<Key, ShipmentRecord>, StoreFailure> {
        let found = batch_read::read_all(&self.client, &self.table, keys, None, consistently);
        let found = found.await?.into_iter();
        found
            .map(|item| Ok((key_of(&item), from_item(item)?)))
            .collect()
    }

    /// The AWBs of the shipments under these different keys, of those that have one, with as few reads as possible.
    pub async fn awbs(&self, keys: &[Key]) -> Result<BTreeMap<Key, Awb>, StoreFailure> {
        let needed = Some("pk, sk, facts");
        let found = batch_read::read_all(&self.client, &self.table, keys, needed, false).await?;
        let mut awbs = BTreeMap::new();
        for item in found {
            let key = key_of(&item);
            let found: FoundShipment = from_item(item)?;
            if let Some(awb) = found.facts.awb {
                awbs.insert(key, awb);
            }
        }
        Ok(awbs)
    }

    /// All shipments under these keys, and the items of another table, with one read.
    pub async fn under(
        &self,
        keys: &[Key],
        beside: Wanted,
    ) -> Result<(BTreeMap<Key, FoundShipment>, Found), StoreFailure> {
        let own = self.wanted(keys, false)?;
        let found = batch_read::read(&self.client, [own, beside]).await?;
        self.found(found)
    }

    /// The same for any number of different keys, with as few reads as possible, consistently: the caller may have
    /// just written some of them.
    pub async fn under_all(
        &self,
        keys: &[Key],
        beside: Wanted,
    ) -> Result<(BTreeMap<Key, FoundShipment>, Found), StoreFailure> {
        let (first, rest) = keys.split_at(keys.len().min(MOST_KEYS - 1));
        let mut reads = vec![vec![self.wanted(first, true)?, beside]];
        for keys in rest.chunks(MOST_KEYS) {
            reads.push(vec![self.wanted(keys, true)?]);
        }
        let found = batch_read::read_each(&self.client, reads).await?;
        self.found(found)
    }

    fn wanted(&self, keys: &[Key], consistently: bool) -> Result<Wanted, StoreFailure> {
        let needed = "pk, sk, facts, standing, holder, round, claimedAt, pushedAt";
        Wanted::new(&self.table, keys, Some(needed), consistently)
    }

    fn found(
        &self,
        mut found: Found,
    ) -> Result<(BTreeMap<Key, FoundShipment>, Found), StoreFailure> {
        let shipments = found.of(&self.table).into_iter();
        let shipments = shipments.map(|item| Ok((key_of(&item), from_item(item)?)));
        let shipments = shipments.collect::<Result<_, StoreFailure>>()?;
        Ok((shipments, found))
    }

    /// Claims an order for the first time.
    pub async fn claim(
        &self,
        id: &ShipmentId,
        claim: &ShipmentRecord,
    ) -> Result<Claimed, StoreFailure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(claimed(id, claim)?))
            // The parcel of a return order keeps what is known of it.
            .condition_expression("attribute_not_exists(pk) OR (standing = :observed AND attribute_not_exists(facts.returnOf))")
            .expression_attribute_values(":observed", standing(Standing::Observed))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match self
            .client
            .send(put)
            .await
            .map_err(SdkError::into_service_error)
        {
            Ok(_) => Ok(Claimed::Ours),
            Err(PutItemError::ConditionalCheckFailedException(met)) => {
                let met = met.item.ok_or(StoreFailure::MissingItem)?;
                Ok(Claimed::Met(Box::new(from_item(met)?)))
            }
            Err(error) => Err(StoreFailure::unavailable(error)),
        }
    }

    /// Claims an order whose earlier claim was released; `false` if another request changed it first.
    pub async fn claim_again(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        claim: &ShipmentRecord,
    ) -> Result<bool, StoreFailure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(claimed(id, claim)?))
            .condition_expression("standing = :seen AND holder = :holder")
            .expression_attribute_values(":seen", standing(seen.standing))
            .expression_attribute_values(":holder", AttributeValue::S(seen.holder.to_owned()));
        match self
            .client
            .send(put)
            .await
            .map_err(SdkError::into_service_error)
        {
            Ok(_) => Ok(true),
            Err(PutItemError::ConditionalCheckFailedException(_)) => Ok(false),
            Err(error) => Err(StoreFailure::unavailable(error)),
        }
    }

    /// Takes over a claim as a new holder; `false` if another request changed it first.
    pub async fn take_over(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        holder: &str,
        lease_until: Timestamp,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .expecting(id, seen)
            .update_expression(format!(
                "SET standing = :claimed, holder = :new, leaseUntil = :until, {} REMOVE refusal",
                in_doubt::BEGINS
            ))
            .in_doubt(id)
            .expression_attribute_values(":claimed", standing(Standing::Claimed))
            .expression_attribute_values(":new", AttributeValue::S(holder.to_owned()))
            .expression_attribute_values(
                ":until",
                AttributeValue::N(lease_until.as_millisecond().to_string()),
            );
        written(&self.client, update).await
    }

    /// Changes the state of a claim and ends its lease; `false` if another request changed it first.
    pub async fn stand(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        now: Standing,
    ) -> Result<bool, StoreFailure> {
        let changes = match now {
            Standing::Released => {
                format!("SET standing = :now REMOVE leaseUntil, openOf, openAt, refusal, {ENDS}")
            }
            Standing::Cancelled => format!(
                "SET standing = :now, cancelledAt = :at REMOVE leaseUntil, openOf, openAt, refusal, {ENDS}"
            ),
            Standing::Claimed => {
                "SET standing = :now REMOVE leaseUntil, uncertain, uncertainAt".to_owned()
            }
            Standing::Uncertain => {
                "SET standing = :now, uncertain = :now, uncertainAt = if_not_exists(uncertainAt, :at) REMOVE leaseUntil".to_owned()
            }
            Standing::Observed | Standing::Pending | Standing::Ordered | Standing::Booked => {
                format!("SET standing = :now REMOVE leaseUntil, {ENDS}")
            }
        };
        let update = self
            .expecting(id, seen)
            .update_expression(changes)
            .expression_attribute_values(":now", standing(now));
        let update = if matches!(now, Standing::Cancelled | Standing::Uncertain) {
            let at = clock::now().as_millisecond().to_string();
            update.expression_attribute_values(":at", AttributeValue::N(at))
        } else {
            update
        };
        written(&self.client, update).await
    }

    /// Releases a claim because its request was refused, and keeps why; `false` if another request changed it first.
    pub async fn refuse(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        refusal: &BookingRefusal,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .expecting(id, seen)
            .update_expression(format!(
                "SET standing = :now, refusal = :refusal REMOVE leaseUntil, openOf, openAt, {ENDS}"
            ))
            .expression_attribute_values(":now", standing(Standing::Released))
            .expression_attribute_values(":refusal", to_attribute_value(refusal)?);
        written(&self.client, update).await
    }

    /// Records that the aggregator has queued the order, with the request for asking again; `false` if another request
    /// changed the claim first.
    pub async fn queue(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        asked_for: ByteBuf,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .expecting(id, seen)
            .update_expression(format!(
                "SET standing = :now, askedFor = :asked REMOVE leaseUntil, {ENDS}"
            ))
            .expression_attribute_values(":now", standing(Standing::Pending))
            .expression_attribute_values(":asked", AttributeValue::B(asked_for.into_vec().into()));
        written(&self.client, update).await
    }

    /// Records a shipment that is only known from a notification, unless it already exists.
    pub async fn observe(
        &self,
        id: &ShipmentId,
        observed: &ShipmentRecord,
    ) -> Result<(), StoreFailure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(&id.key(), observed)?))
            .condition_expression("attribute_not_exists(pk)");
        match self
            .client
            .put_new(put)
            .await
            .map_err(SdkError::into_service_error)
        {
            Ok(_) | Err(PutItemError::ConditionalCheckFailedException(_)) => Ok(()),
            Err(error) => Err(StoreFailure::unavailable(error)),
        }
    }

    fn expecting(&self, id: &ShipmentId, seen: SeenClaim<'_>) -> UpdateItemInputBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(attributes(&id.key())))
            .condition_expression("standing = :seen AND holder = :holder")
            .expression_attribute_values(":seen", standing(seen.standing))
            .expression_attribute_values(":holder", AttributeValue::S(seen.holder.to_owned()))
    }
}

pub(super) fn standing(standing: Standing) -> AttributeValue {
    AttributeValue::S(standing.to_string())
}
