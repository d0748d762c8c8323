//! Creates the template's tables and queues in the backends through the AWS API. Tables that a data directory already has
//! get only the indexes that they do not have yet.

use std::collections::BTreeMap;

use anyhow::Context as _;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, TimeToLiveSpecification,
};
use aws_sdk_sqs::types::QueueAttributeName;
use logistics::aws::{DynamoDb, Sqs};
use logistics::config::SEALING_KEYRING;
use operator::running_stack::RunningStack;

use crate::backends::Backends;
use crate::template::{IndexResource, KeyElement, QueueResource, TableResource, Template, Value};

/// The created resources, by logical id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resources {
    /// The names of the tables.
    pub tables: BTreeMap<String, String>,
    /// The URLs of the queues.
    pub queue_urls: BTreeMap<String, String>,
}

impl Resources {
    /// The value of a function's variable: from the template, except for the keyring, which is this stack's own.
    pub(crate) fn variable(
        &self,
        name: &str,
        value: &Value,
        backends: &Backends,
    ) -> anyhow::Result<String> {
        if name == SEALING_KEYRING {
            return Ok(backends.wrapped_keyring().to_owned());
        }
        value.with_queue_urls(&self.queue_urls)
    }

    /// What operator commands need to know about them.
    pub(crate) fn running_stack(&self, backends: &Backends) -> RunningStack {
        RunningStack {
            dynamodb_url: backends.dynamodb_url.clone(),
            sqs_url: backends.sqs_url.clone(),
            kms_url: backends.kms_url.clone(),
            sealing_keyring: backends.wrapped_keyring().to_owned(),
            local_targets: String::new(),
            tables: self.tables.clone(),
            queue_urls: self.queue_urls.clone(),
        }
    }
}

/// Creates all tables and queues of the template that do not exist yet.
pub async fn make(template: &Template, backends: &Backends) -> anyhow::Result<Resources> {
    let mut resources = Resources::default();
    let dynamodb = backends.dynamodb_client();
    for table in &template.tables {
        make_table(&dynamodb, table)
            .await
            .with_context(|| format!("cannot create the table {}", table.name))?;
        let id = table.logical_id.clone();
        resources.tables.insert(id, table.name.clone());
    }
    let sqs = backends.sqs_client();
    // A dead-letter queue must exist before the queue that refers to it.
    let (leading, last): (Vec<_>, Vec<_>) = template
        .queues
        .iter()
        .partition(|queue| queue.redrive.is_some());
    for queue in last.into_iter().chain(leading) {
        let url = make_queue(&sqs, queue, &resources.queue_urls)
            .await
            .with_context(|| format!("cannot create the queue {}", queue.name))?;
        resources.queue_urls.insert(queue.logical_id.clone(), url);
    }
    Ok(resources)
}

async fn make_table(client: &DynamoDb, table: &TableResource) -> anyhow::Result<()> {
    let indexes = table.indexes.iter().map(index);
    let indexes: Vec<_> = indexes.collect::<anyhow::Result<_>>()?;
    let made = client
        .create_table()
        .table_name(&table.name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(attributes(table)?))
        .set_key_schema(Some(key(&table.key)?))
        .set_global_secondary_indexes((!indexes.is_empty()).then_some(indexes))
        .send()
        .await;
    match made {
        Ok(_) => {}
        Err(error)
            if error
                .as_service_error()
                .is_some_and(CreateTableError::is_resource_in_use_exception) =>
        {
            return add_indexes(client, table).await;
        }
        Err(error) => return Err(error.into()),
    }
    if let Some(attribute) = &table.time_to_live {
        client
            .update_time_to_live()
            .table_name(&table.name)
            .time_to_live_specification(
                TimeToLiveSpecification::builder()
                    .attribute_name(attribute)
                    .enabled(true)
                    .build()?,
            )
            .send()
            .await?;
    }
    Ok(())
}

/// Adds the indexes that a table from an earlier version does not have, as a deployment would.
async fn add_indexes(client: &DynamoDb, table: &TableResource) -> anyhow::Result<()> {
    if table.indexes.is_empty() {
        return Ok(());
    }
    let described = client.describe_table().table_name(&table.name);
    let described = described.send().await?.table;
    let known = described
        .as_ref()
        .map_or(&[] as &[_], |known| known.global_secondary_indexes());
    let is_new = |wanted: &&IndexResource| {
        let mut known = known.iter().filter_map(|index| index.index_name());
        known.all(|name| name != wanted.name)
    };
    for wanted in table.indexes.iter().filter(is_new) {
        let wanted = index(wanted)?;
        let action = CreateGlobalSecondaryIndexAction::builder()
            .index_name(wanted.index_name)
            .set_key_schema(Some(wanted.key_schema))
            .set_projection(wanted.projection);
        let update = GlobalSecondaryIndexUpdate::builder().create(action.build()?);
        let changed = client
            .update_table()
            .table_name(&table.name)
            .set_attribute_definitions(Some(attributes(table)?))
            .global_secondary_index_updates(update.build());
        changed.send().await?;
    }
    Ok(())
}

fn attributes(table: &TableResource) -> anyhow::Result<Vec<AttributeDefinition>> {
    table
        .attributes
        .iter()
        .map(|(name, kind)| {
            Ok(AttributeDefinition::builder()
                .attribute_name(name)
                .attribute_type(ScalarAttributeType::from(kind.as_str()))
                .build()?)
        })
        .collect()
}

fn key(elements: &[KeyElement]) -> anyhow::Result<Vec<KeySchemaElement>> {
    elements
        .iter()
        .map(|element| {
            Ok(KeySchemaElement::builder()
                .attribute_name(&element.attribute)
                .key_type(KeyType::from(element.kind.as_str()))
                .build()?)
        })
        .collect()
}

fn index(index: &IndexResource) -> anyhow::Result<GlobalSecondaryIndex> {
    let included = (!index.included.is_empty()).then(|| index.included.clone());
    Ok(GlobalSecondaryIndex::builder()
        .index_name(&index.name)
        .set_key_schema(Some(key(&index.key)?))
        .projection(
            Projection::builder()
                .projection_type(ProjectionType::from(index.projection.as_str()))
                .set_non_key_attributes(included)
                .build(),
        )
        .build()?)
}

/// Queues are in memory and therefore always new; the journal restores their messages when they are created.
async fn make_queue(
    client: &Sqs,
    queue: &QueueResource,
    made: &BTreeMap<String, String>,
) -> anyhow::Result<String> {
    let mut request = client.create_queue().queue_name(&queue.name);
    for (name, value) in &queue.attributes {
        request = request.attributes(QueueAttributeName::from(name.as_str()), value);
    }
    if let Some(redrive) = &queue.redrive {
        let target = made.get(&redrive.queue);
        let target = target.context("its dead-letter queue was not found in the template")?;
        let policy = serde_json::json!({
            "deadLetterTargetArn": arn(client, target).await?,
            "maxReceiveCount": redrive.maximum_receives,
        });
        request = request.attributes(QueueAttributeName::RedrivePolicy, policy.to_string());
    }
    let made = request.send().await?;
    made.queue_url
        .context("missing QueueUrl in the answer of SQS")
}

/// The ARN of a queue as SQS reports it, because external backends use other accounts.
async fn arn(client: &Sqs, url: &str) -> anyhow::Result<String> {
    let wanted = QueueAttributeName::QueueArn;
    let asked = client
        .get_queue_attributes()
        .queue_url(url)
        .attribute_names(wanted.clone());
    let attributes = asked.send().await?.attributes.unwrap_or_default();
    let arn = attributes.get(&wanted).cloned();
    arn.context("missing QueueArn in the answer of SQS")
}
