//! Fills tables directly with copies of an item that the product stored. Through the DynamoDB API this would take an hour.

use anyhow::{Context as _, anyhow};
use dynoxide::actions::scan::ScanRequest;
use dynoxide::{AttributeValue, Database, ImportOptions, Item};
use local::stack::Stack;

use crate::scenario::progress::bar;

/// Items per transaction.
const AT_ONCE: usize = 5000;

/// A table of the embedded database.
pub(super) struct Table {
    database: Database,
    name: String,
}

impl Table {
    /// The table with that logical id in the template.
    pub(super) fn of(stack: &Stack, logical_id: &str) -> anyhow::Result<Self> {
        let name = stack.resources().tables.get(logical_id);
        let database = stack.backends().database();
        Ok(Self {
            database: database
                .context("the backends are external, so their database cannot be filled directly")?
                .clone(),
            name: name
                .with_context(|| format!("the template has no {logical_id}"))?
                .clone(),
        })
    }

    /// An item that has this attribute.
    pub(super) fn one_with(&self, attribute: &str) -> anyhow::Result<Item> {
        self.one(|item| item.contains_key(attribute))
    }

    /// An item with this text as an attribute.
    pub(super) fn one_where(&self, attribute: &str, text: &str) -> anyhow::Result<Item> {
        let text = AttributeValue::S(text.to_owned());
        self.one(|item| item.get(attribute) == Some(&text))
    }

    fn one(&self, is_wanted: impl Fn(&Item) -> bool) -> anyhow::Result<Item> {
        let scanned = self.database.scan(ScanRequest {
            table_name: self.name.clone(),
            ..ScanRequest::default()
        });
        let found = scanned.map_err(|error| anyhow!("{error}"))?.items;
        let mut found = found.unwrap_or_default().into_iter();
        let found = found.find(is_wanted);
        found.context("no stored item has the attribute")
    }

    /// Writes the items with these numbers.
    pub(super) async fn fill(
        &self,
        count: usize,
        item: impl Fn(usize) -> anyhow::Result<Item>,
    ) -> anyhow::Result<()> {
        let progress = bar(count, "stored");
        for first in (0..count).step_by(AT_ONCE) {
            let numbers = first..count.min(first + AT_ONCE);
            progress.inc(u64::try_from(numbers.len())?);
            let items = numbers.map(&item).collect::<anyhow::Result<Vec<_>>>()?;
            let (database, name) = (self.database.clone(), self.name.clone());
            let import = move || database.import_items(&name, items, ImportOptions::default());
            tokio::task::spawn_blocking(import)
                .await?
                .map_err(|error| anyhow!("{error}"))?;
        }
        progress.finish_and_clear();
        Ok(())
    }
}
