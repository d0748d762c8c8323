//! The finders of the ids that an aggregator gave to a shipment. A write that records an id fails if another order of
//! the account has it, so concurrent bookings that are answered with the same AWB do not both get it.
//!
//! An AWB that another order has only from pushes does not count as taken: a push may name an order by a number that
//! RMS does not know, and come before the response to the booking.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld as ALL_OLD;
use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, ConditionCheck, Put, Update};
use serde_dynamo::to_attribute_value;

use crate::domain::facts::ShipmentFacts;
use crate::domain::given_id::{GivenId, TakeOver, TakenId};
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::store::booking::shipments::{FoundShipment, Shipments};
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item};
use crate::store::keys::{Key, awb_partition, by_awb, by_order_id, order_id_partition};
use crate::store::transaction::{Part, UNEXPECTED, write_or_say_why};

/// The result of a write that records ids.
#[derive(Debug)]
pub enum Recorded {
    /// It is written.
    Done,
    /// Nothing is written: another request changed the claim first.
    Outrun,
    /// Nothing is written: another order of the account has an id.
    Taken(Box<TakenId>),
}

/// What a write does with an id.
pub(super) enum IdWrite {
    /// Writes its finder.
    Find(GivenId),
    /// Only requires that no other order has it.
    Check(GivenId),
}

/// A change of a shipment, with the ids that it records.
pub(super) struct ChangeWithIds<'a> {
    pub(super) id: &'a ShipmentId,
    /// The facts of the shipment after the change.
    pub(super) facts: &'a ShipmentFacts,
    /// The change of the shipment's own item.
    pub(super) change: Update,
    pub(super) ids: Vec<IdWrite>,
    /// What is written besides, without a condition.
    pub(super) also: Vec<Part>,
}

/// Which finders of other orders a write replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Replaces {
    Nothing,
    Pushed,
    Everything,
}

/// A part of a transaction that requires that no other order has an id.
struct Guard {
    given: GivenId,
    part: Part,
}

impl Shipments {
    /// Makes a change, unless another request changed the claim, or another order of the account has one of the ids.
    pub(super) async fn change_with_ids(
        &self,
        change: ChangeWithIds<'_>,
        take_over: TakeOver,
    ) -> Result<Recorded, StoreFailure> {
        match take_over {
            TakeOver::AsToldByAnOperator => {
                let written = self.try_change(&change, Replaces::Everything).await?;
                Ok(written.unwrap_or(Recorded::Outrun))
            }
            TakeOver::Never => {
                let mut written = self.try_change(&change, Replaces::Nothing).await?;
                if written.is_none() {
                    written = self.try_change(&change, Replaces::Pushed).await?;
                }
                written.ok_or(StoreFailure::Contended)
            }
        }
    }

    /// The result; `None` if only AWBs that pushes named for other orders prevent it.
    async fn try_change(
        &self,
        change: &ChangeWithIds<'_>,
        replaces: Replaces,
    ) -> Result<Option<Recorded>, StoreFailure> {
        let guards = self.all_guards(change, replaces)?;
        let parts = parts_of(change, &guards);
        let Some(reasons) = write_or_say_why(&self.client, parts).await? else {
            return Ok(Some(Recorded::Done));
        };
        match reasons.split_first() {
            None => Err(StoreFailure::MissingItem),
            Some((own, _)) if is_unexpected(own) => Ok(Some(Recorded::Outrun)),
            Some((_, others)) => judge(change.id, &guards, others),
        }
    }

    /// The parts of a transaction that makes a change, unless another order of the account has one of the ids.
    pub(super) fn parts(&self, change: &ChangeWithIds<'_>) -> Result<Vec<Part>, StoreFailure> {
        let guards = self.all_guards(change, Replaces::Nothing)?;
        Ok(parts_of(change, &guards))
    }

    fn all_guards(
        &self,
        change: &ChangeWithIds<'_>,
        replaces: Replaces,
    ) -> Result<Vec<Guard>, StoreFailure> {
        let mut guards = Vec::new();
        for id in &change.ids {
            guards.extend(self.guards(change, id, replaces)?);
        }
        Ok(guards)
    }

    fn guards(
        &self,
        change: &ChangeWithIds<'_>,
        id: &IdWrite,
        replaces: Replaces,
    ) -> Result<Vec<Guard>, StoreFailure> {
        let own = change.id.shipment_type;
        let (given, first) = match id {
            IdWrite::Find(given) => (given, self.finder(change, given, replaces)?),
            IdWrite::Check(given) => (given, self.check(change, given, own)?),
        };
        // A parcel has one AWB in the world, but an aggregator may count its orders and its returns separately.
        let is_one_for_both = matches!(given, GivenId::Awb(_));
        let second = (is_one_for_both && replaces != Replaces::Everything)
            .then(|| self.check(change, given, own.turned()))
            .transpose()?;
        let guard = |part| Guard {
            given: given.clone(),
            part,
        };
        Ok([Some(first), second]
            .into_iter()
            .flatten()
            .map(guard)
            .collect())
    }

    fn finder(
        &self,
        change: &ChangeWithIds<'_>,
        given: &GivenId,
        replaces: Replaces,
    ) -> Result<Part, StoreFailure> {
        let key = change.key(given, change.id.shipment_type);
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(attributes(&key)))
            .item("facts", to_attribute_value(change.facts)?);
        if replaces == Replaces::Everything {
            return Ok(put.build()?.into());
        }
        let condition = Condition::own(change.id, given, replaces == Replaces::Pushed);
        let put = put
            .condition_expression(condition.expression)
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(ALL_OLD);
        Ok(put.build()?.into())
    }

    fn check(
        &self,
        change: &ChangeWithIds<'_>,
        given: &GivenId,
        shipment_type: ShipmentType,
    ) -> Result<Part, StoreFailure> {
        let condition = if shipment_type == change.id.shipment_type {
            Condition::own(change.id, given, true)
        } else {
            Condition::turned()
        };
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(&change.key(given, shipment_type))))
            .condition_expression(condition.expression)
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(ALL_OLD);
        Ok(check.build()?.into())
    }

    /// The id that another order of the account has, if a shipment with these facts would get one.
    pub async fn taken(
        &self,
        id: &ShipmentId,
        facts: &ShipmentFacts,
    ) -> Result<Option<TakenId>, StoreFailure> {
        let given = facts.awb.clone().map(GivenId::Awb).into_iter();
        let given = given.chain(facts.order_id.clone().map(GivenId::OrderId));
        for given in given {
            let partition = match &given {
                GivenId::Awb(awb) => awb_partition(&id.client_id, awb),
                GivenId::OrderId(order_id) => order_id_partition(&id.client_id, order_id.as_str()),
            };
            let found = self.in_partition(partition).await?;
            let others = found
                .into_iter()
                .filter(|found| found.facts.alias == facts.alias && !found.may_share(&given, id));
            if let Some(other) = others.into_iter().next() {
                return Ok(Some(TakenId {
                    given,
                    to: id.clone(),
                    of: other.facts.id(&id.client_id),
                }));
            }
        }
        Ok(None)
    }
}

impl ChangeWithIds<'_> {
    fn key(&self, given: &GivenId, shipment_type: ShipmentType) -> Key {
        let (client, alias) = (&self.id.client_id, &self.facts.alias);
        match given {
            GivenId::Awb(awb) => by_awb(client, awb, alias, shipment_type),
            GivenId::OrderId(id) => by_order_id(client, id.as_str(), alias, shipment_type),
        }
    }
}

impl FoundShipment {
    /// Whether the shipment with `id` may have an id that is known for this one.
    fn may_share(&self, given: &GivenId, id: &ShipmentId) -> bool {
        let facts = &self.facts;
        let is_same_order = facts.order_number == id.order_number;
        let is_same_type = facts.shipment_type == id.shipment_type;
        match given {
            GivenId::Awb(_) => {
                let is_same_parcel = facts.shipment_code == id.shipment_code;
                self.pushed_at.is_some() || (is_same_order && is_same_type && is_same_parcel)
            }
            GivenId::OrderId(_) => is_same_order || !is_same_type,
        }
    }
}

/// The condition of a finder's key; the same as [`FoundShipment::may_share`].
struct Condition {
    expression: String,
    values: Option<HashMap<String, AttributeValue>>,
}

impl Condition {
    /// For the shipment's own direction.
    fn own(id: &ShipmentId, given: &GivenId, replaces_pushed: bool) -> Self {
        let mut values = HashMap::new();
        let mut add = |name: &str, value: &str| {
            values.insert(name.to_owned(), AttributeValue::S(value.to_owned()));
        };
        add(":order", id.order_number.as_str());
        let parcel = match (given, &id.shipment_code) {
            (GivenId::OrderId(_), _) => "",
            (GivenId::Awb(_), None) => " AND attribute_not_exists(facts.shipmentCode)",
            (GivenId::Awb(_), Some(code)) => {
                add(":code", code.as_str());
                " AND facts.shipmentCode = :code"
            }
        };
        let pushed = if replaces_pushed {
            " OR attribute_exists(pushedAt)"
        } else {
            ""
        };
        Self {
            expression: format!(
                "attribute_not_exists(pk) OR (facts.orderNumber = :order{parcel}){pushed}"
            ),
            values: Some(values),
        }
    }

    /// For the other direction.
    fn turned() -> Self {
        Self {
            expression: "attribute_not_exists(pk) OR attribute_exists(pushedAt)".to_owned(),
            values: None,
        }
    }
}

/// The change of the shipment's own item, and what requires that no other order has its ids.
fn parts_of(change: &ChangeWithIds<'_>, guards: &[Guard]) -> Vec<Part> {
    let guards = guards.iter().map(|guard| guard.part.clone());
    let own = Part::from(change.change.clone());
    let also = change.also.iter().cloned();
    [own].into_iter().chain(guards).chain(also).collect()
}

fn is_unexpected(reason: &CancellationReason) -> bool {
    reason.code() == Some(UNEXPECTED)
}

/// Judges which conditions of ids failed: `None` if only AWBs that pushes named for other orders did.
fn judge(
    id: &ShipmentId,
    guards: &[Guard],
    reasons: &[CancellationReason],
) -> Result<Option<Recorded>, StoreFailure> {
    let mut is_any = false;
    for (guard, reason) in guards.iter().zip(reasons) {
        if !is_unexpected(reason) {
            continue;
        }
        is_any = true;
        let other = reason.item.clone().ok_or(StoreFailure::MissingItem)?;
        let other: FoundShipment = from_item(other)?;
        let taken = TakenId {
            given: guard.given.clone(),
            to: id.clone(),
            of: other.facts.id(&id.client_id),
        };
        if other.pushed_at.is_none() {
            return Ok(Some(Recorded::Taken(Box::new(taken))));
        }
        let error = crate::telemetry::chain(&taken);
        tracing::warn!(
            error,
            "an AWB that a push named for another order is booked"
        );
    }
    if is_any {
        Ok(None)
    } else {
        Err(StoreFailure::Contended)
    }
}
