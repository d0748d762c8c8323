//! Which accounts had their credentials refused by their partner, in the table of sessions.
//!
//! An account has one item, written when its credentials are refused and kept for a day after the last refusal: what works
//! costs nothing. Two refusals at the same time may count as one.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_dynamo::{from_item, from_items, to_item};

use crate::domain::account::PartnerAccount;
use crate::domain::delivery::instant;
use crate::domain::text::ClientId;
use crate::store::booking::sessions::{Sessions, stored_alias};
use crate::store::failure::StoreFailure;

/// The prefix of an item's key. No alias has a `#`.
const PREFIX: &str = "refused#";
/// How long a refusal is shown after it.
const SHOWN: SignedDuration = SignedDuration::from_hours(24);

/// The refusals of an account's credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusals {
    /// The account.
    pub alias: String,
    /// Its partner.
    pub partner: String,
    /// How often they were refused.
    pub count: u64,
    /// When they were first refused.
    pub since: Timestamp,
    /// When they were last refused.
    pub last: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefusalItem {
    client_id: String,
    alias: String,
    partner: String,
    count: u64,
    /// In epoch milliseconds.
    since: i64,
    /// In epoch milliseconds.
    last: i64,
    /// In epoch seconds; DynamoDB removes the item then.
    expires_at: i64,
}

impl Sessions {
    /// Records that the partner refused an account's credentials.
    pub async fn note_refusal(
        &self,
        account: PartnerAccount<'_>,
        now: Timestamp,
    ) -> Result<(), StoreFailure> {
        let (client, alias) = (account.client_id.to_string(), refused_alias(account));
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("clientId", AttributeValue::S(client.clone()))
            .key("alias", AttributeValue::S(alias.clone()))
            .send()
            .await?;
        let before: Option<RefusalItem> = found.item.map(from_item).transpose()?;
        let met = before.as_ref().map_or(0, |before| before.count);
        let counted = before.filter(|before| before.is_shown(now));
        let item = RefusalItem {
            client_id: client,
            alias,
            partner: account.partner.to_owned(),
            count: counted.as_ref().map_or(0, |before| before.count) + 1,
            since: counted.map_or(now.as_millisecond(), |before| before.since),
            last: now.as_millisecond(),
            expires_at: (now + SHOWN).as_second(),
        };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(item)?))
            .condition_expression("attribute_not_exists(alias) OR #count = :met")
            .expression_attribute_names("#count", "count")
            .expression_attribute_values(":met", AttributeValue::N(met.to_string()));
        match put.send().await.map_err(SdkError::into_service_error) {
            Ok(_) | Err(PutItemError::ConditionalCheckFailedException(_)) => Ok(()),
            Err(error) => Err(StoreFailure::unavailable(error)),
        }
    }

    /// Forgets the refusals of an account whose credentials were replaced or are known to work.
    pub async fn forget_refusals(
        &self,
        account: PartnerAccount<'_>,
        now: Timestamp,
    ) -> Result<(), StoreFailure> {
        // The functions that may do this may not delete sessions: an expired item is no longer shown.
        let at = now.as_millisecond();
        let item = RefusalItem {
            client_id: account.client_id.to_string(),
            alias: refused_alias(account),
            partner: account.partner.to_owned(),
            count: 0,
            since: at,
            last: at,
            expires_at: now.as_second(),
        };
        let put = self.client.put_item().table_name(&self.table);
        let put = put
            .set_item(Some(to_item(item)?))
            .condition_expression("attribute_exists(alias)");
        match put.send().await.map_err(SdkError::into_service_error) {
            Ok(_) | Err(PutItemError::ConditionalCheckFailedException(_)) => Ok(()),
            Err(error) => Err(StoreFailure::unavailable(error)),
        }
    }

    /// The accounts of a client whose credentials were refused within a day: one query.
    pub async fn refusals(
        &self,
        client: &ClientId,
        now: Timestamp,
    ) -> Result<Vec<Refusals>, StoreFailure> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client AND begins_with(alias, :prefix)")
            .expression_attribute_values(":client", AttributeValue::S(client.to_string()))
            .expression_attribute_values(":prefix", AttributeValue::S(PREFIX.to_owned()))
            .send()
            .await?;
        let items: Vec<RefusalItem> = from_items(found.items.unwrap_or_default())?;
        let shown = items.into_iter().filter(|item| item.is_shown(now));
        Ok(shown.map(Refusals::from).collect())
    }
}

impl RefusalItem {
    fn is_shown(&self, now: Timestamp) -> bool {
        self.expires_at > now.as_second()
    }
}

impl From<RefusalItem> for Refusals {
    fn from(item: RefusalItem) -> Self {
        let alias = item.alias.strip_prefix(PREFIX).unwrap_or_default();
        Self {
            alias: alias.to_owned(),
            partner: item.partner,
            count: item.count,
            since: instant(item.since),
            last: instant(item.last),
        }
    }
}

fn refused_alias(account: PartnerAccount<'_>) -> String {
    format!("{PREFIX}{}", stored_alias(account))
}
