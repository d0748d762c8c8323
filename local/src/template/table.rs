//! A DynamoDB table of the template.

use crate::template::node::Place;
use crate::template::one_of;
use crate::template::resource::{IndexResource, KeyElement, TableResource};

/// Properties without meaning for an embedded database, or that it always provides.
const IGNORED: &[&str] = &[
    "BillingMode",
    "ContributorInsightsSpecification",
    "DeletionProtectionEnabled",
    "OnDemandThroughput",
    "PointInTimeRecoverySpecification",
    "SSESpecification",
    "TableClass",
    "Tags",
    "WarmThroughput",
];

pub(super) fn read(logical_id: &str, properties: &Place<'_>) -> anyhow::Result<TableResource> {
    properties.refuse_unknown(
        &[
            "AttributeDefinitions",
            "GlobalSecondaryIndexes",
            "KeySchema",
            "TableName",
            "TimeToLiveSpecification",
        ],
        IGNORED,
    )?;
    let indexes = properties
        .get("GlobalSecondaryIndexes")
        .map(|indexes| indexes.items())
        .transpose()?
        .unwrap_or_default();
    Ok(TableResource {
        logical_id: logical_id.to_owned(),
        name: name(logical_id, properties)?,
        attributes: properties
            .require("AttributeDefinitions")?
            .items()?
            .iter()
            .map(attribute)
            .collect::<anyhow::Result<_>>()?,
        key: key(&properties.require("KeySchema")?)?,
        indexes: indexes.iter().map(index).collect::<anyhow::Result<_>>()?,
        time_to_live: time_to_live(properties)?,
    })
}

/// The value of `!Ref` of the table.
pub(super) fn name(logical_id: &str, properties: &Place<'_>) -> anyhow::Result<String> {
    match properties.get("TableName") {
        Some(name) => name.text(),
        None => Ok(logical_id.to_owned()),
    }
}

fn attribute(definition: &Place<'_>) -> anyhow::Result<(String, String)> {
    Ok((
        definition.require("AttributeName")?.text()?,
        one_of(&definition.require("AttributeType")?, &["S", "N", "B"])?,
    ))
}

fn key(schema: &Place<'_>) -> anyhow::Result<Vec<KeyElement>> {
    schema
        .items()?
        .iter()
        .map(|element| {
            Ok(KeyElement {
                attribute: element.require("AttributeName")?.text()?,
                kind: one_of(&element.require("KeyType")?, &["HASH", "RANGE"])?,
            })
        })
        .collect()
}

fn index(index: &Place<'_>) -> anyhow::Result<IndexResource> {
    index.refuse_unknown(
        &["IndexName", "KeySchema", "Projection"],
        &[
            "ContributorInsightsSpecification",
            "OnDemandThroughput",
            "WarmThroughput",
        ],
    )?;
    let projection = index.require("Projection")?;
    let included = projection
        .get("NonKeyAttributes")
        .map(|names| names.items())
        .transpose()?
        .unwrap_or_default();
    Ok(IndexResource {
        name: index.require("IndexName")?.text()?,
        key: key(&index.require("KeySchema")?)?,
        projection: one_of(
            &projection.require("ProjectionType")?,
            &["ALL", "KEYS_ONLY", "INCLUDE"],
        )?,
        included: included
            .iter()
            .map(Place::text)
            .collect::<anyhow::Result<_>>()?,
    })
}

fn time_to_live(properties: &Place<'_>) -> anyhow::Result<Option<String>> {
    let Some(specification) = properties.get("TimeToLiveSpecification") else {
        return Ok(None);
    };
    if !specification.require("Enabled")?.flag()? {
        return Ok(None);
    }
    Ok(Some(specification.require("AttributeName")?.text()?))
}
