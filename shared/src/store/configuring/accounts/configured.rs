//! Accounts as their client configures them: read as they are now, changed only as they were seen, and never without a
//! record of it.

use serde_dynamo::{from_item, to_item};

use crate::domain::account::LogisticAccount;
use crate::domain::text::{AccountAlias, ClientId};
use crate::domain::version::{Version, Versioned};
use crate::store::configuring::accounts::{Accounts, Item};
use crate::store::configuring::versions::{self, Page, Things, version_of};
use crate::store::failure::StoreFailure;
use crate::store::transaction::Part;

impl Accounts {
    /// One account as it is now.
    pub async fn read(
        &self,
        client_id: &ClientId,
        id: &AccountAlias,
    ) -> Result<Option<Versioned<LogisticAccount>>, StoreFailure> {
        match self.things().read(client_id, id.as_str()).await? {
            Some(item) => Ok(Some(self.versioned(item).await?)),
            None => Ok(None),
        }
    }

    /// A client's accounts in the order of their names, behind a name.
    pub async fn page(
        &self,
        client_id: &ClientId,
        after: Option<&AccountAlias>,
    ) -> Result<Page<LogisticAccount>, StoreFailure> {
        let after = after.map(AccountAlias::as_str);
        let (found, next) = self.things().page(client_id, after).await?;
        let mut items = Vec::with_capacity(found.len());
        for item in found {
            items.push(self.versioned(item).await?);
        }
        Ok(Page { items, next })
    }

    /// Stores an account as it is to be, with `others`, among them the record of it. `None`: it is no longer as it was seen.
    pub async fn save(
        &self,
        account: &LogisticAccount,
        seen: Option<&Version>,
        others: Vec<Part>,
    ) -> Result<Option<Version>, StoreFailure> {
        let item = to_item(self.item(account).await?)?;
        let version = self.things().put(item, seen, others).await?;
        self.forget(&account.client_id, &account.alias);
        Ok(version)
    }

    /// Removes an account, with `others`, among them the record of it. `false`: it is no longer as it was seen.
    pub async fn remove(
        &self,
        client_id: &ClientId,
        id: &AccountAlias,
        seen: &Version,
        others: Vec<Part>,
    ) -> Result<bool, StoreFailure> {
        let removed = self
            .things()
            .delete(client_id, id.as_str(), seen, others)
            .await?;
        self.forget(client_id, id);
        Ok(removed)
    }

    fn things(&self) -> Things<'_> {
        Things {
            client: &self.client,
            table: &self.table,
            named_by: "alias",
        }
    }

    async fn versioned(
        &self,
        item: versions::Item,
    ) -> Result<Versioned<LogisticAccount>, StoreFailure> {
        let version = version_of(&item);
        let item: Item = from_item(item)?;
        let value = self.account(item).await?;
        Ok(Versioned { value, version })
    }
}
