//! The claims of requests that change orders in sales channels, in the table of these orders.
//!
//! A request takes its claim together with the lease of the order, so that one request changes an order at a time. Every later
//! write requires that the claim has the same holder: a request that lost it changes nothing. The claim's end returns the lease.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, Update};
use jiff::Timestamp;
use serde::Deserialize;
use serde_dynamo::to_attribute_value;

use crate::aws::DynamoDb;
use crate::domain::selling::document::{ChannelDocumentId, DocumentList, RequestKey};
use crate::domain::selling::write_claim::{SentWrite, WriteAction, WriteClaim, WriteStanding};
use crate::store::attributes::written;
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item, item};
use crate::store::keys::{Key, ORDER_CLAIM, order_claim, order_lease};
use crate::store::pages::all_items;
use crate::store::transaction::{Part, UNEXPECTED, write_or_say_why};

/// The table of channels' orders, for their claims.
#[derive(Debug, Clone)]
pub struct OrderClaims {
    client: DynamoDb,
    table: String,
}

/// Where a claim is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimPlace {
    /// The claim's key.
    claim: Key,
    /// The key of the order's lease.
    lease: Key,
}

impl ClaimPlace {
    /// The place of the claim of a request for an order. A request without a key of its own is known by its content.
    pub fn of(order: &Key, action: WriteAction, key: Option<&RequestKey>, content: &str) -> Self {
        Self {
            claim: order_claim(order, action, key.ok_or(content)),
            lease: order_lease(order),
        }
    }
}

/// The result of an attempt to take a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BegunChange {
    /// The claim and the order's lease are ours.
    Ours,
    /// Another request is changing the order.
    OrderIsHeld,
    /// Another request was faster with the same claim.
    Outrun,
}

impl OrderClaims {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The claim, if there is one.
    pub async fn read(&self, place: &ClaimPlace) -> Result<Option<WriteClaim>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(&place.claim)))
            // What is decided on it is written on the condition that it is current.
            .consistent_read(true);
        let found = self.client.send(read).await?;
        Ok(found.item.map(from_item).transpose()?)
    }

    /// Writes a claim in place of the one that was met, and takes the order's lease.
    pub async fn begin(
        &self,
        place: &ClaimPlace,
        met: Option<&WriteClaim>,
        claim: &WriteClaim,
        now: Timestamp,
    ) -> Result<BegunChange, StoreFailure> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&place.claim, claim)?));
        let put = match met {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(met) => put
                .condition_expression("holder = :holder AND standing = :standing")
                .expression_attribute_values(":holder", text(&met.holder))
                .expression_attribute_values(":standing", standing(met.standing)),
        };
        let lease = Update::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(&place.lease)))
            .update_expression("SET holder = :holder, leaseUntil = :until")
            .condition_expression("attribute_not_exists(leaseUntil) OR leaseUntil <= :now")
            .expression_attribute_values(":holder", text(&claim.holder))
            .expression_attribute_values(":until", number(claim.lease_until))
            .expression_attribute_values(":now", number(now.as_millisecond()));
        let parts = [Part::from(put.build()?), Part::from(lease.build()?)];
        let Some(reasons) = write_or_say_why(&self.client, parts).await? else {
            return Ok(BegunChange::Ours);
        };
        let is_unexpected = |index: usize| {
            let reason = reasons.get(index).and_then(|reason| reason.code());
            reason == Some(UNEXPECTED)
        };
        Ok(if is_unexpected(0) || !is_unexpected(1) {
            BegunChange::Outrun
        } else {
            BegunChange::OrderIsHeld
        })
    }

    /// Records the attempt that is about to be sent; `false` if the claim has another holder.
    pub async fn send(
        &self,
        place: &ClaimPlace,
        holder: &str,
        sent: &SentWrite,
    ) -> Result<bool, StoreFailure> {
        let sent = HashMap::from([(":sent".to_owned(), to_attribute_value(sent)?)]);
        self.change(place, holder, "SET sent = :sent REMOVE made", sent)
            .await
    }

    /// Records the document that the attempt created; `false` if the claim has another holder.
    pub async fn made(
        &self,
        place: &ClaimPlace,
        holder: &str,
        id: &ChannelDocumentId,
    ) -> Result<bool, StoreFailure> {
        let made = HashMap::from([(":made".to_owned(), text(id.as_str()))]);
        self.change(place, holder, "SET made = :made", made).await
    }

    /// Ends the claim in a state, with the answer if the change is made, and returns the order's lease; `false` if the claim has
    /// another holder.
    pub async fn end(
        &self,
        place: &ClaimPlace,
        holder: &str,
        ended: (WriteStanding, Option<&str>),
    ) -> Result<bool, StoreFailure> {
        let (to, answer) = ended;
        let mut values = HashMap::from([(":to".to_owned(), standing(to))]);
        let mut expression = "SET standing = :to".to_owned();
        if let Some(answer) = answer {
            values.insert(":answer".to_owned(), text(answer));
            expression.push_str(", answer = :answer");
        }
        let claim = Update::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(&place.claim)))
            .update_expression(&expression)
            .condition_expression(HELD)
            .set_expression_attribute_values(Some(held_by(holder, values.clone())))
            .build()?;
        let lease = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(&place.lease)))
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", text(holder))
            .build()?;
        let parts = [Part::from(claim), Part::from(lease)];
        if write_or_say_why(&self.client, parts).await?.is_none() {
            return Ok(true);
        }
        // The lease ended before: what is known about the claim is recorded all the same.
        self.change(place, holder, &expression, values).await
    }

    /// The documents in a list of the channel that belong to the claims of an order.
    pub async fn taken(
        &self,
        order: &Key,
        list: DocumentList,
    ) -> Result<BTreeSet<ChannelDocumentId>, StoreFailure> {
        #[derive(Deserialize)]
        struct Made {
            sk: String,
            made: Option<ChannelDocumentId>,
        }
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :claims)")
            .expression_attribute_values(":pk", text(&order.pk))
            .expression_attribute_values(":claims", text(ORDER_CLAIM))
            .projection_expression("sk, made")
            .consistent_read(true);
        let mut taken = BTreeSet::new();
        let invoices = format!("{ORDER_CLAIM}{}#", WriteAction::Invoice);
        for item in all_items(&self.client, query).await? {
            let claim: Made = from_item(item)?;
            let is_invoice = claim.sk.starts_with(&invoices);
            if is_invoice == (list == DocumentList::Invoices) {
                taken.extend(claim.made);
            }
        }
        Ok(taken)
    }

    async fn change(
        &self,
        place: &ClaimPlace,
        holder: &str,
        expression: &str,
        values: HashMap<String, AttributeValue>,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(attributes(&place.claim)))
            .update_expression(expression)
            .condition_expression(HELD)
            .set_expression_attribute_values(Some(held_by(holder, values)));
        written(&self.client, update).await
    }
}

/// The condition that a claim is held by `:holder`.
const HELD: &str = "holder = :holder AND standing = :claimed";

fn held_by(
    holder: &str,
    mut values: HashMap<String, AttributeValue>,
) -> HashMap<String, AttributeValue> {
    values.insert(":holder".to_owned(), text(holder));
    values.insert(":claimed".to_owned(), standing(WriteStanding::Claimed));
    values
}

fn standing(standing: WriteStanding) -> AttributeValue {
    text(&standing.to_string())
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
