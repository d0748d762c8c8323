//! A table of objects that clients configure. Pushes use objects that are cached with a version of their client's
//! configuration. Everywhere else they are read directly. They are written only if unchanged since they were read, together
//! with an audit entry and a new version of the configuration.

use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_dynamo::to_item;

use crate::aws::DynamoDb;
use crate::domain::text::{ClientId, Rule, Text};
use crate::domain::version::{Version, Versioned};
use crate::sealing::failure::SealingFailure;
use crate::sealing::place::SecretKind;
use crate::sealing::vault::Vault;
use crate::store::cached::Cached;
use crate::store::configuration_versions::{ConfigurationVersions, version_of};
use crate::store::configuring::versions::{ConfiguredPage, Things, VersionedItem};
use crate::store::failure::StoreFailure;
use crate::store::items::from_item;
use crate::store::secrets::{Hand, Secrets};
use crate::store::transaction::Part;

/// An object that a client configures, and its stored form.
pub trait Configured: Clone {
    /// The rule for its name.
    type NameRule: Rule + Debug + Clone + Eq + Hash;
    /// Its stored form.
    type Item: Serialize + DeserializeOwned;
    /// The kind of its secrets.
    const KIND: SecretKind;
    /// The attribute with its name: the table's sort key.
    const NAMED_BY: &'static str;

    /// Its client, and its name within the client.
    fn key(&self) -> (&ClientId, &Text<Self::NameRule>);
    /// The same, from its stored form.
    fn key_of(item: &Self::Item) -> (&ClientId, &Text<Self::NameRule>);
    /// Its stored form, with secrets sealed by `sealer`.
    fn to_item(&self, sealer: Hand<'_>) -> Result<Self::Item, SealingFailure>;
    /// The object from its stored form, with secrets opened by `opener`; without an opener they are left out.
    fn of_item(item: Self::Item, opener: Option<Hand<'_>>) -> Result<Self, SealingFailure>;
}

/// The name of an object.
type Name<T> = Text<<T as Configured>::NameRule>;

/// The table.
#[derive(Debug)]
pub struct ConfiguredTable<T: Configured> {
    pub(super) client: DynamoDb,
    pub(super) table: String,
    secrets: Secrets,
    pub(super) of_client: Cached<ClientId, OfClient<T>>,
    pub(super) opened: Cached<(ClientId, Name<T>), Arc<Opened<T>>>,
}

/// All objects of a client, as of a version of its configuration.
#[derive(Debug, Clone)]
pub(super) struct OfClient<T> {
    pub(super) things: Arc<[T]>,
    pub(super) as_of: Version,
}

/// An object with decrypted secrets, and the item with the encrypted ones.
#[derive(Debug)]
pub(super) struct Opened<T> {
    item: VersionedItem,
    thing: Arc<T>,
}

impl<T: Configured> ConfiguredTable<T> {
    /// The table with this name; the vault seals and opens its secrets.
    pub fn new(client: DynamoDb, table: String, vault: Arc<Vault>) -> Self {
        Self::with(client, table, Secrets::of(T::KIND, vault))
    }

    /// The table with this name, without secrets.
    pub fn without_secrets(client: DynamoDb, table: String) -> Self {
        Self::with(client, table, Secrets::closed(T::KIND))
    }

    pub(super) fn with(client: DynamoDb, table: String, secrets: Secrets) -> Self {
        Self {
            client,
            table,
            secrets,
            of_client: Cached::default(),
            opened: Cached::default(),
        }
    }

    /// Stores a new object, for a client of which no instance has cached anything yet.
    pub async fn add(&self, thing: &T) -> Result<(), StoreFailure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(self.sealed(thing).await?)?))
            .condition_expression("attribute_not_exists(clientId)");
        self.client.send(put).await?;
        Ok(())
    }

    /// An object, read directly. An instance decrypts its secrets only if they have changed.
    pub async fn present(
        &self,
        client_id: &ClientId,
        name: &Name<T>,
    ) -> Result<Option<Arc<T>>, StoreFailure> {
        let item = self.things().read(client_id, name.as_str()).await?;
        self.opened_once(client_id, name, item).await
    }

    /// The object of an item that was just read.
    pub(super) async fn opened_once(
        &self,
        client_id: &ClientId,
        name: &Name<T>,
        item: Option<VersionedItem>,
    ) -> Result<Option<Arc<T>>, StoreFailure> {
        let Some(item) = item else {
            return Ok(None);
        };
        let key = (client_id.clone(), name.clone());
        let open = async || {
            let thing = Arc::new(self.opened(from_item(item.clone())?).await?);
            let item = item.clone();
            Ok::<_, StoreFailure>(Some(Arc::new(Opened { item, thing })))
        };
        let fit = |opened: &Arc<Opened<T>>| opened.item == item;
        let opened = self.opened.find_where(&key, fit, open).await?;
        Ok(opened.map(|opened| Arc::clone(&opened.thing)))
    }

    /// An object, read directly.
    pub async fn read(
        &self,
        client_id: &ClientId,
        name: &Name<T>,
    ) -> Result<Option<Versioned<T>>, StoreFailure> {
        match self.things().read(client_id, name.as_str()).await? {
            Some(item) => Ok(Some(self.versioned(item).await?)),
            None => Ok(None),
        }
    }

    /// A client's objects after a name, in the order of their names.
    pub async fn page(
        &self,
        client_id: &ClientId,
        after: Option<&Name<T>>,
    ) -> Result<ConfiguredPage<T>, StoreFailure> {
        let after = after.map(Text::as_str);
        let (found, next) = self.things().page(client_id, after).await?;
        let mut items = Vec::with_capacity(found.len());
        for item in found {
            items.push(self.versioned(item).await?);
        }
        Ok(ConfiguredPage { items, next })
    }

    /// Those of a client's objects that `fits` selects by what is not secret, in the order of their names, read directly; and how
    /// many the client has. An instance decrypts the secrets of these alone, and only if they have changed.
    pub async fn fitting(
        &self,
        client_id: &ClientId,
        fits: impl Fn(&Arc<T>) -> bool,
    ) -> Result<(Vec<Arc<T>>, usize), StoreFailure> {
        let (mut fitting, mut count) = (Vec::new(), 0);
        let mut after: Option<String> = None;
        loop {
            let (found, next) = self.things().page(client_id, after.as_deref()).await?;
            for item in found {
                count += 1;
                let closed = Arc::new(T::of_item(from_item(item.clone())?, None)?);
                if fits(&closed) {
                    let (_, name) = closed.key();
                    fitting.extend(self.opened_once(client_id, name, Some(item)).await?);
                }
            }
            if next.is_none() {
                return Ok((fitting, count));
            }
            after = next;
        }
    }

    /// Stores an object together with `others`, which include its audit entry and a new version of its client's
    /// configuration. `None`: it has changed since it was read.
    pub async fn save(
        &self,
        thing: &T,
        seen: Option<&Version>,
        others: Vec<Part>,
    ) -> Result<Option<Version>, StoreFailure> {
        let item = to_item(self.sealed(thing).await?)?;
        self.things().put(item, seen, others).await
    }

    /// Removes an object together with a new version of its client's configuration and `others`, which include its audit
    /// entry. `false`: it has changed since it was read.
    pub async fn remove(
        &self,
        client_id: &ClientId,
        name: &Name<T>,
        seen: &Version,
        versions: &ConfigurationVersions,
        mut others: Vec<Part>,
    ) -> Result<bool, StoreFailure> {
        others.push(versions.raised(client_id)?);
        self.things()
            .delete(client_id, name.as_str(), seen, others)
            .await
    }

    pub(super) async fn opened(&self, item: T::Item) -> Result<T, StoreFailure> {
        let (client_id, name) = T::key_of(&item);
        let (client_id, name) = (client_id.clone(), name.clone());
        let opener = self.secrets.opener(client_id.as_str(), name.as_str());
        Ok(T::of_item(item, opener.await?)?)
    }

    pub(super) async fn sealed(&self, thing: &T) -> Result<T::Item, StoreFailure> {
        let (client_id, name) = thing.key();
        let sealer = self.secrets.sealer(client_id.as_str(), name.as_str());
        Ok(thing.to_item(sealer.await?)?)
    }

    fn things(&self) -> Things<'_> {
        Things {
            client: &self.client,
            table: &self.table,
            named_by: T::NAMED_BY,
        }
    }

    async fn versioned(&self, item: VersionedItem) -> Result<Versioned<T>, StoreFailure> {
        let version = version_of(&item);
        let value = self.opened(from_item(item)?).await?;
        Ok(Versioned { value, version })
    }
}
