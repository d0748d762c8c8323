//! Records a booking: the shipment's own item and its finders, in one write.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use serde_dynamo::to_attribute_value;

use crate::domain::booking::Booking;
use crate::domain::claim::Standing;
use crate::domain::claim_record::SeenClaim;
use crate::domain::facts::ShipmentFacts;
use crate::domain::shipment_id::ShipmentId;
use crate::store::booking::shipments::{Shipments, standing};
use crate::store::failure::StoreFailure;
use crate::store::items::attributes;
use crate::store::keys::{Key, finders};

/// Whether a transaction was written; `false` if one of its conditions failed.
pub(super) fn all_done<T>(
    written: Result<T, TransactWriteItemsError>,
) -> Result<bool, StoreFailure> {
    match written {
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

impl Shipments {
    /// Records a booking and its finders in one transaction; `false` if another request changed the claim first.
    pub async fn book(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        facts: &ShipmentFacts,
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
        all_done(written.map_err(SdkError::into_service_error))
    }

    fn booked(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        facts: &ShipmentFacts,
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

    /// A finder is replaced without a condition: it repeats what the shipment's own conditional write says.
    pub(super) fn finder(
        &self,
        key: &Key,
        facts: &ShipmentFacts,
    ) -> Result<TransactWriteItem, StoreFailure> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(attributes(key)))
            .item("facts", to_attribute_value(facts)?)
            .build()?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}
