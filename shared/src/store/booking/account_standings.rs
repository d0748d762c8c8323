//! Which accounts a partner refuses, in the table of sessions: functions that call partners may write there already.
//!
//! An account has an item from its first refusal on. An item that operators were not told of yet is in the sparse index
//! `untold`, which a schedule reads. An instance reads an item at most once a minute.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_dynamo::to_item;

use crate::aws::DynamoDb;
use crate::domain::account::{PartnerAccount, PartnerKind};
use crate::domain::account_standing::{AccountStanding, changed};
use crate::domain::text::{AccountAlias, ClientId, NotAllowed, Text};
use crate::store::attributes::{instant, written};
use crate::store::booking::sessions::{OF_CHANNEL, Sessions, stored_alias};
use crate::store::expiry::expiry;
use crate::store::failure::StoreFailure;
use crate::store::items::{from_item, from_items};
use crate::store::pages::all_items;

/// The prefix of an item's key. No alias has a `#`.
const PREFIX: &str = "standing#";
/// The index, and its key attribute, which has one value: the accounts that begin to be refused are few.
const UNTOLD: &str = "untold";
/// For so many days it is known that an account was refused; then a refusal is told again.
const KNOWN_FOR: u32 = 90;
/// The most changes that are told in one run; the next one goes on.
const PAGE: i32 = 100;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct StandingItem {
    client_id: String,
    alias: String,
    partner: String,
    is_refused: bool,
    /// Epoch milliseconds, as the next.
    changed_at: i64,
    refused_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    untold: Option<String>,
    /// In epoch seconds; DynamoDB removes the item then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

/// A change that operators were not told of.
#[derive(Debug, Clone)]
pub struct UntoldStanding {
    /// The client.
    pub client_id: ClientId,
    /// The account.
    pub alias: AccountAlias,
    /// Its kind.
    pub kind: PartnerKind,
    /// The partner.
    pub partner: String,
    /// What changed.
    pub standing: AccountStanding,
    stored_alias: String,
}

/// An account whose credentials its partner refuses.
#[derive(Debug, Clone)]
pub struct RefusedAccount {
    /// The account.
    pub alias: AccountAlias,
    /// Its kind.
    pub kind: PartnerKind,
    /// The partner.
    pub partner: String,
    /// Since when.
    pub since: Timestamp,
}

/// The changes that operators were not told of.
#[derive(Debug)]
pub struct UntoldStandings {
    client: DynamoDb,
    table: String,
}

impl Sessions {
    /// Reads the standing of an account, unless this instance did so within a minute. A failure only delays what operators are
    /// told.
    pub async fn learn_standing(&self, account: PartnerAccount<'_>) -> Result<(), StoreFailure> {
        self.standing(account).await.map(|_| ())
    }

    /// Has the standing of an account read again.
    pub fn forget_standing(&self, account: PartnerAccount<'_>) {
        self.standings.forget(&key_of(account));
    }

    /// Records whether the partner took or refused the account's credentials, if that is a change.
    pub async fn note_standing(
        &self,
        account: PartnerAccount<'_>,
        is_refused: bool,
        now: Timestamp,
    ) -> Result<(), StoreFailure> {
        let known = self.standing(account).await?;
        let Some(new) = changed(known, is_refused, now) else {
            return Ok(());
        };
        let key = key_of(account);
        if self.put_standing(account, known, new).await? {
            self.standings.put(key, Some(new));
        } else {
            // Another instance noted something: what it is, the next call reads.
            self.standings.forget(&key);
        }
        Ok(())
    }

    /// The accounts of a client whose credentials are refused: one query, and more if the client has thousands of accounts that
    /// were ever refused.
    pub async fn refused(&self, client: &ClientId) -> Result<Vec<RefusedAccount>, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client AND begins_with(alias, :prefix)")
            .expression_attribute_values(":client", AttributeValue::S(client.to_string()))
            .expression_attribute_values(":prefix", AttributeValue::S(PREFIX.to_owned()));
        let found = all_items(&self.client, query).await?;
        let items: Vec<StandingItem> = from_items(found)?;
        let refused = items.into_iter().filter(|item| item.is_refused);
        refused.map(StandingItem::refused).collect()
    }

    async fn standing(
        &self,
        account: PartnerAccount<'_>,
    ) -> Result<Option<AccountStanding>, StoreFailure> {
        let key = key_of(account);
        let read = async || self.read_standing(account).await.map(Some);
        Ok(self.standings.find(&key, read).await?.flatten())
    }

    async fn read_standing(
        &self,
        account: PartnerAccount<'_>,
    ) -> Result<Option<AccountStanding>, StoreFailure> {
        let (client_id, alias) = key_of(account);
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("clientId", AttributeValue::S(client_id))
            .key("alias", AttributeValue::S(alias));
        let found = self.client.send(found).await?;
        let Some(item) = found.item else {
            return Ok(None);
        };
        standing(&from_item(item)?).map(Some)
    }

    /// Writes a standing in place of the known one; `false` if another one is there.
    async fn put_standing(
        &self,
        account: PartnerAccount<'_>,
        known: Option<AccountStanding>,
        new: AccountStanding,
    ) -> Result<bool, StoreFailure> {
        let (client_id, alias) = key_of(account);
        let item = StandingItem {
            client_id,
            alias,
            partner: account.partner.to_owned(),
            is_refused: new.is_refused,
            changed_at: new.changed_at.as_millisecond(),
            refused_at: new.refused_at.as_millisecond(),
            untold: Some(UNTOLD.to_owned()),
            expires_at: expiry(new.changed_at, KNOWN_FOR),
        };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(item)?));
        let put = match known {
            None => put.condition_expression("attribute_not_exists(alias)"),
            Some(known) => put
                .condition_expression("changedAt = :known")
                .expression_attribute_values(":known", changed_at(known)),
        };
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
}

impl UntoldStandings {
    /// In the table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The changes, the oldest first.
    pub async fn all(&self) -> Result<Vec<UntoldStanding>, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(UNTOLD)
            .key_condition_expression("untold = :untold")
            .expression_attribute_values(":untold", AttributeValue::S(UNTOLD.to_owned()))
            .limit(PAGE);
        let found = self.client.send(query).await?;
        let items = found.items.unwrap_or_default().into_iter();
        items.map(|item| untold(from_item(item)?)).collect()
    }

    /// Takes a change out of the index, unless another one followed.
    pub async fn settle(&self, told: &UntoldStanding) -> Result<(), StoreFailure> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("clientId", AttributeValue::S(told.client_id.to_string()))
            .key("alias", AttributeValue::S(told.stored_alias.clone()))
            .update_expression("REMOVE untold")
            .condition_expression("changedAt = :told")
            .expression_attribute_values(":told", changed_at(told.standing));
        written(&self.client, update).await.map(|_| ())
    }
}

/// The key of an account's item.
fn key_of(account: PartnerAccount<'_>) -> (String, String) {
    let alias = format!("{PREFIX}{}", stored_alias(account));
    (account.client_id.to_string(), alias)
}

fn changed_at(standing: AccountStanding) -> AttributeValue {
    AttributeValue::N(standing.changed_at.as_millisecond().to_string())
}

fn standing(item: &StandingItem) -> Result<AccountStanding, StoreFailure> {
    Ok(AccountStanding {
        is_refused: item.is_refused,
        changed_at: instant(item.changed_at)?,
        refused_at: instant(item.refused_at)?,
    })
}

impl StandingItem {
    /// The account's kind and alias.
    fn account(&self) -> Result<(PartnerKind, AccountAlias), StoreFailure> {
        let name = self.alias.strip_prefix(PREFIX).unwrap_or_default();
        let (kind, alias) = match name.strip_prefix(OF_CHANNEL) {
            Some(alias) => (PartnerKind::Channel, alias),
            None => (PartnerKind::Aggregator, name),
        };
        Ok((kind, Text::stored(alias).map_err(corrupt)?))
    }

    fn refused(self) -> Result<RefusedAccount, StoreFailure> {
        let (kind, alias) = self.account()?;
        Ok(RefusedAccount {
            alias,
            kind,
            since: instant(self.changed_at)?,
            partner: self.partner,
        })
    }
}

fn corrupt(error: NotAllowed) -> StoreFailure {
    StoreFailure::CorruptBody(error.into())
}

fn untold(item: StandingItem) -> Result<UntoldStanding, StoreFailure> {
    let (kind, alias) = item.account()?;
    Ok(UntoldStanding {
        client_id: Text::stored(&item.client_id).map_err(corrupt)?,
        alias,
        kind,
        standing: standing(&item)?,
        partner: item.partner,
        stored_alias: item.alias,
    })
}
