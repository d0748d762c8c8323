//! The table of shipments: each with the claim that makes its booking happen once, and the items that find it by the
//! aggregator's order id or by AWB.
//!
//! A claim is held under a name that is new for each attempt. Every later write demands that the claim still stands as
//! its writer saw it, under the same name: whoever lost it changes nothing.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
    Update,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_bytes::ByteBuf;
use serde_dynamo::{from_item, from_items, to_attribute_value};

use crate::clock;
use crate::domain::booking::Booking;
use crate::domain::claim::Standing;
use crate::domain::claim_record::{Seen, Shipment};
use crate::domain::facts::Facts;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, AggregatorOrderId, Awb, ClientId};
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, item, key_of};
use crate::store::keys::{Key, awb_partition, finders, open_partition, order_id_partition};

/// The index of what is booked, or may be, by account. It is sparse, and written when a claim begins and when it is given
/// back.
const OPEN: &str = "open";

/// The table.
#[derive(Debug, Clone)]
pub struct Shipments {
    client: Client,
    table: String,
}

/// A shipment as it was found by one of its keys. A finder knows the facts alone.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundShipment {
    /// What is known of it.
    pub facts: Facts,
    /// Where its claim stands, if it was found by its own key.
    #[serde(default)]
    pub standing: Option<Standing>,
    /// The name of the attempt that wrote it last, if it was found by its own key.
    #[serde(default)]
    pub holder: Option<String>,
}

/// The newest open shipments of an account.
#[derive(Debug)]
pub struct OpenShipments {
    /// The shipments.
    pub shipments: Vec<ShipmentId>,
    /// Whether there are older ones.
    pub is_cut: bool,
}

/// What became of an attempt to claim.
#[derive(Debug)]
pub enum Claimed {
    /// The claim is ours.
    Ours,
    /// This one was there before.
    Met(Box<Shipment>),
}

impl Shipments {
    /// The table of that name.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The shipment as it is now.
    pub async fn get(&self, id: &ShipmentId) -> Result<Option<Shipment>, StoreFailure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(&id.key())))
            .consistent_read(true)
            .send()
            .await?;
        Ok(found.item.map(from_item).transpose()?)
    }

    /// The facts of every shipment with an aggregator's order id.
    pub async fn by_order_id(
        &self,
        client: &ClientId,
        order_id: &AggregatorOrderId,
    ) -> Result<Vec<Facts>, StoreFailure> {
        let partition = order_id_partition(client, order_id.as_str());
        self.in_partition(partition).await
    }

    /// The facts of every booked shipment with an AWB.
    pub async fn by_awb(&self, client: &ClientId, awb: &Awb) -> Result<Vec<Facts>, StoreFailure> {
        self.in_partition(awb_partition(client, awb)).await
    }

    async fn in_partition(&self, partition: String) -> Result<Vec<Facts>, StoreFailure> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            // Whoever was just told the id may ask for it.
            .consistent_read(true)
            .send()
            .await?;
        let found: Vec<FoundShipment> = from_items(found.items.unwrap_or_default())?;
        Ok(found.into_iter().map(|shipment| shipment.facts).collect())
    }

    /// Whatever stands under any of the keys, by one read.
    pub async fn under(&self, keys: &[Key]) -> Result<BTreeMap<Key, FoundShipment>, StoreFailure> {
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys.iter().map(attributes).collect()))
            .projection_expression("pk, sk, facts, standing, holder")
            .build()?;
        let found = self
            .client
            .batch_get_item()
            .request_items(&self.table, wanted)
            .send()
            .await?;
        if found
            .unprocessed_keys
            .is_some_and(|unprocessed| !unprocessed.is_empty())
        {
            return Err(StoreFailure::Incomplete);
        }
        let items = found
            .responses
            .and_then(|mut tables| tables.remove(&self.table))
            .unwrap_or_default();
        items
            .into_iter()
            .map(|item| Ok((key_of(&item), from_item(item)?)))
            .collect()
    }

    /// Claims an order that nobody has claimed before.
    pub async fn claim(&self, id: &ShipmentId, claim: &Shipment) -> Result<Claimed, StoreFailure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(claimed(id, claim)?))
            .condition_expression("attribute_not_exists(pk) OR standing = :observed")
            .expression_attribute_values(":observed", standing(Standing::Observed))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match put.map_err(SdkError::into_service_error) {
            Ok(_) => Ok(Claimed::Ours),
            Err(PutItemError::ConditionalCheckFailedException(met)) => {
                let met = met.item.ok_or(StoreFailure::MissingItem)?;
                Ok(Claimed::Met(Box::new(from_item(met)?)))
            }
            Err(error) => Err(StoreFailure::Unavailable(error.into())),
        }
    }

    /// Claims an order whose former claim was given back; `false` if somebody else changed it first.
    pub async fn claim_again(
        &self,
        id: &ShipmentId,
        seen: Seen<'_>,
        claim: &Shipment,
    ) -> Result<bool, StoreFailure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(claimed(id, claim)?))
            .condition_expression("standing = :seen AND holder = :holder")
            .expression_attribute_values(":seen", standing(seen.standing))
            .expression_attribute_values(":holder", AttributeValue::S(seen.holder.to_owned()))
            .send()
            .await;
        match put.map_err(SdkError::into_service_error) {
            Ok(_) => Ok(true),
            Err(PutItemError::ConditionalCheckFailedException(_)) => Ok(false),
            Err(error) => Err(StoreFailure::Unavailable(error.into())),
        }
    }

    /// Takes a claim over under a new name; `false` if somebody else changed it first.
    pub async fn take_over(
        &self,
        id: &ShipmentId,
        seen: Seen<'_>,
        holder: &str,
        lease_until: Timestamp,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .expecting(id, seen)
            .update_expression("SET standing = :claimed, holder = :new, leaseUntil = :until")
            .expression_attribute_values(":claimed", standing(Standing::Claimed))
            .expression_attribute_values(":new", AttributeValue::S(holder.to_owned()))
            .expression_attribute_values(
                ":until",
                AttributeValue::N(lease_until.as_millisecond().to_string()),
            );
        done(update.send().await.map_err(SdkError::into_service_error))
    }

    /// Changes where a claim stands, and ends its lease; `false` if somebody else changed it first.
    pub async fn stand(
        &self,
        id: &ShipmentId,
        seen: Seen<'_>,
        now: Standing,
    ) -> Result<bool, StoreFailure> {
        let changes = match now {
            Standing::Released | Standing::Cancelled => {
                "SET standing = :now REMOVE leaseUntil, openOf, openAt"
            }
            Standing::Observed
            | Standing::Claimed
            | Standing::Uncertain
            | Standing::Pending
            | Standing::Ordered
            | Standing::Booked => "SET standing = :now REMOVE leaseUntil",
        };
        let update = self
            .expecting(id, seen)
            .update_expression(changes)
            .expression_attribute_values(":now", standing(now));
        done(update.send().await.map_err(SdkError::into_service_error))
    }

    /// Records that the aggregator has queued the order, with the request that asks again what became of it; `false` if
    /// somebody else changed the claim first.
    pub async fn queue(
        &self,
        id: &ShipmentId,
        seen: Seen<'_>,
        asked_for: ByteBuf,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .expecting(id, seen)
            .update_expression("SET standing = :now, askedFor = :asked REMOVE leaseUntil")
            .expression_attribute_values(":now", standing(Standing::Pending))
            .expression_attribute_values(":asked", AttributeValue::B(asked_for.into_vec().into()));
        done(update.send().await.map_err(SdkError::into_service_error))
    }

    /// Records that the order exists at the aggregator, and under which id; `false` if somebody else changed the claim
    /// first.
    pub async fn order(
        &self,
        id: &ShipmentId,
        seen: Seen<'_>,
        order_id: &AggregatorOrderId,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .expecting(id, seen)
            .update_expression("SET standing = :now, facts.orderId = :order REMOVE leaseUntil")
            .expression_attribute_values(":now", standing(Standing::Ordered))
            .expression_attribute_values(":order", AttributeValue::S(order_id.to_string()));
        done(update.send().await.map_err(SdkError::into_service_error))
    }

    /// Keeps one id of an aggregator's sequence of calls; `false` if somebody else has the claim.
    pub async fn keep(
        &self,
        id: &ShipmentId,
        seen: Seen<'_>,
        step: &str,
        value: &str,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .expecting(id, seen)
            .update_expression("SET progress.#step = :value")
            .expression_attribute_names("#step", step)
            .expression_attribute_values(":value", AttributeValue::S(value.to_owned()));
        done(update.send().await.map_err(SdkError::into_service_error))
    }

    /// Records a booking, and makes it findable, in one transaction; `false` if somebody else changed the claim first.
    pub async fn book(
        &self,
        id: &ShipmentId,
        seen: Seen<'_>,
        facts: &Facts,
        booking: &Booking,
    ) -> Result<bool, StoreFailure> {
        let facts = facts.clone().booked(booking);
        let keys = finders(
            &id.client_id,
            &facts.alias,
            facts.shipment_type,
            facts.order_id.as_ref(),
            &booking.awb,
        );
        let finders: Vec<TransactWriteItem> = keys
            .iter()
            .map(|key| self.finder(key, &facts))
            .collect::<Result<_, _>>()?;
        let written = self
            .client
            .transact_write_items()
            .set_transact_items(Some(
                [vec![self.booked(id, seen, &facts, booking)?], finders].concat(),
            ))
            .send()
            .await;
        match written.map_err(SdkError::into_service_error) {
            Ok(_) => Ok(true),
            Err(TransactWriteItemsError::TransactionCanceledException(cancelled))
                if cancelled
                    .cancellation_reasons()
                    .iter()
                    .any(|reason| reason.code() == Some("ConditionalCheckFailed")) =>
            {
                Ok(false)
            }
            Err(error) => Err(StoreFailure::Unavailable(error.into())),
        }
    }

    /// Records a shipment that is known from a notification alone, unless it is known already.
    pub async fn observe(&self, id: &ShipmentId, observed: &Shipment) -> Result<(), StoreFailure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(&id.key(), observed)?))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        match put.map_err(SdkError::into_service_error) {
            Ok(_) | Err(PutItemError::ConditionalCheckFailedException(_)) => Ok(()),
            Err(error) => Err(StoreFailure::Unavailable(error.into())),
        }
    }

    /// An account's shipments whose claim was not given back, the newest claims first: those of which nothing is booked any
    /// more are not among them, those that were delivered are.
    pub async fn open(
        &self,
        client: &ClientId,
        alias: &AccountAlias,
        most: i32,
    ) -> Result<OpenShipments, StoreFailure> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(OPEN)
            .key_condition_expression("openOf = :of")
            .expression_attribute_values(":of", AttributeValue::S(open_partition(client, alias)))
            .scan_index_forward(false)
            .limit(most)
            .send()
            .await?;
        let keys = found.items().iter().map(key_of);
        Ok(OpenShipments {
            is_cut: found.last_evaluated_key.is_some(),
            shipments: keys
                .filter_map(|key| ShipmentId::of_key(client, &key))
                .collect(),
        })
    }

    fn expecting(&self, id: &ShipmentId, seen: Seen<'_>) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(attributes(&id.key())))
            .condition_expression("standing = :seen AND holder = :holder")
            .expression_attribute_values(":seen", standing(seen.standing))
            .expression_attribute_values(":holder", AttributeValue::S(seen.holder.to_owned()))
    }

    fn booked(
        &self,
        id: &ShipmentId,
        seen: Seen<'_>,
        facts: &Facts,
        booking: &Booking,
    ) -> Result<TransactWriteItem, StoreFailure> {
        let urls = [
            ("labelUrl", ":label", &booking.label_url),
            (
                "commercialInvoiceUrl",
                ":invoice",
                &booking.commercial_invoice_url,
            ),
        ];
        let urls: Vec<_> = urls
            .into_iter()
            .filter_map(|(name, value, url)| Some((name, value, url.as_ref()?.to_string())))
            .collect();
        let own_ids = booking.own_ids.iter().enumerate();
        let own_ids: Vec<_> = own_ids
            .map(|(index, (name, id))| (format!("#own{index}"), format!(":own{index}"), name, id))
            .collect();
        let set_urls = urls
            .iter()
            .map(|(name, value, _)| format!(", {name} = {value}"));
        let set_ids = own_ids
            .iter()
            .map(|(name, value, _, _)| format!(", progress.{name} = {value}"));
        let set_more: String = set_urls.chain(set_ids).collect();
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(&id.key())))
            .condition_expression("standing = :seen AND holder = :holder")
            .update_expression(format!(
                "SET standing = :booked, facts = :facts{set_more} REMOVE leaseUntil, askedFor"
            ))
            .expression_attribute_values(":seen", standing(seen.standing))
            .expression_attribute_values(":holder", AttributeValue::S(seen.holder.to_owned()))
            .expression_attribute_values(":booked", standing(Standing::Booked))
            .expression_attribute_values(":facts", to_attribute_value(facts)?);
        let update = urls.into_iter().fold(update, |update, (_, value, url)| {
            update.expression_attribute_values(value, AttributeValue::S(url))
        });
        let update = own_ids
            .into_iter()
            .fold(update, |update, (name, value, own, id)| {
                update
                    .expression_attribute_names(name, own)
                    .expression_attribute_values(value, AttributeValue::S(id.clone()))
            });
        let update = update.build()?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// A finder is replaced without a condition: it says again what the shipment's own, conditional write says.
    fn finder(&self, key: &Key, facts: &Facts) -> Result<TransactWriteItem, StoreFailure> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(attributes(key)))
            .item("facts", to_attribute_value(facts)?)
            .build()?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

/// A claim as an item, with its place in the index of open shipments.
fn claimed(
    id: &ShipmentId,
    claim: &Shipment,
) -> Result<HashMap<String, AttributeValue>, StoreFailure> {
    let mut item = item(&id.key(), claim)?;
    let of = open_partition(&id.client_id, &claim.facts.alias);
    let at = clock::now().as_millisecond();
    item.insert("openOf".to_owned(), AttributeValue::S(of));
    item.insert("openAt".to_owned(), AttributeValue::N(at.to_string()));
    Ok(item)
}

fn done<T>(updated: Result<T, UpdateItemError>) -> Result<bool, StoreFailure> {
    match updated {
        Ok(_) => Ok(true),
        Err(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
        Err(error) => Err(StoreFailure::Unavailable(error.into())),
    }
}

fn standing(standing: Standing) -> AttributeValue {
    AttributeValue::S(standing.to_string())
}
