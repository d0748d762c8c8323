//! Finds the product's tables: in the running stack by what it publishes, in AWS by their `CloudFormation` names.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use logistics::aws::DynamoDb;

use crate::in_aws;
use crate::running_stack::RunningStack;

/// Where the tables are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the local stack that publishes itself in this file.
    RunningStack(PathBuf),
    /// In AWS, in the deployed stack with this name.
    Deployed(String),
}

/// The tables of one stack.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) client: DynamoDb,
    names: Names,
}

#[derive(Debug)]
enum Names {
    Published(RunningStack),
    OfStack(String),
}

impl Tables {
    pub(crate) fn find(place: &Place) -> anyhow::Result<Self> {
        Ok(match place {
            Place::RunningStack(published_at) => {
                let stack = RunningStack::read(published_at)?;
                Self {
                    client: stack.dynamodb(),
                    names: Names::Published(stack),
                }
            }
            Place::Deployed(stack_name) => Self {
                client: DynamoDb::new(&in_aws::configuration()?),
                names: Names::OfStack(stack_name.clone()),
            },
        })
    }

    /// The name of a table by its logical id.
    pub(crate) async fn name(&self, logical_id: &str) -> anyhow::Result<String> {
        match &self.names {
            Names::Published(stack) => Ok(stack.table(logical_id)?.to_owned()),
            Names::OfStack(stack_name) => self.deployed(stack_name, logical_id).await,
        }
    }

    /// `CloudFormation` names a table after its stack and logical id, plus a random suffix.
    async fn deployed(&self, stack_name: &str, logical_id: &str) -> anyhow::Result<String> {
        let prefix = format!("{stack_name}-{logical_id}-");
        // The list is sorted by name, and a prefix sorts before every name that starts with it.
        let list = self.client.list_tables().limit(2);
        let listed = list.exclusive_start_table_name(&prefix).send().await;
        let listed = listed.context("cannot list the tables")?;
        let begins = |name: &&String| name.starts_with(&prefix);
        let found: Vec<_> = listed.table_names().iter().filter(begins).collect();
        match found[..] {
            [only] => Ok(only.clone()),
            _ => bail!(
                "found {} tables with a name that starts with {prefix}, expected 1: set --stack-name",
                found.len()
            ),
        }
    }
}
