//! The stack that a command works on: the product's own stores and flows, wired as in a function, but for an operator.

use std::collections::BTreeMap;
use std::path::Path;

use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use clap::Args;
use logistics::aws::{self, Aws, Sqs};
use logistics::config::{AWS_REGION, CLIENT_RATE, LOCAL_TARGETS, SEALING_KEYRING, Variables};
use logistics::wiring::Start;

use crate::dlq::find_queue;
use crate::in_aws;
use crate::running_stack::RunningStack;
use crate::sdk_clients::{ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};
use crate::tables::{Place, Tables};

/// Which stack, and how the result is printed; without any of these options, the running local stack and text.
#[derive(Debug, Clone, Args)]
pub struct StackArguments {
    /// Use AWS, with the credentials and region of the environment.
    #[arg(long)]
    pub aws: bool,
    /// In AWS: name of the deployed stack.
    #[arg(long, value_name = "NAME", default_value = in_aws::STACK_NAME)]
    pub stack_name: String,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// A stack on this machine or in AWS.
#[derive(Debug)]
pub struct Stack {
    pub(crate) tables: Tables,
    pub(crate) aws: Aws,
    pub(crate) running: Option<RunningStack>,
    deployed_as: String,
}

impl StackArguments {
    /// Where the stack is; a running local one has published itself at `published_at`.
    pub(crate) fn place(&self, published_at: &Path) -> Place {
        if self.aws {
            Place::Deployed(self.stack_name.clone())
        } else {
            Place::RunningStack(published_at.to_owned())
        }
    }

    /// The stack.
    pub fn stack(&self, published_at: &Path) -> anyhow::Result<Stack> {
        let running = if self.aws {
            None
        } else {
            Some(RunningStack::read(published_at)?)
        };
        let aws = match &running {
            Some(running) => of_this_machine(running),
            None => in_aws::configuration()?,
        };
        Ok(Stack {
            tables: Tables::find(&self.place(published_at))?,
            aws,
            running,
            deployed_as: self.stack_name.clone(),
        })
    }

    /// The result as JSON, or as `text` makes it.
    pub fn said<T: serde::Serialize>(
        &self,
        answer: &T,
        text: impl FnOnce(&T) -> String,
    ) -> anyhow::Result<String> {
        if self.json {
            Ok(serde_json::to_string(answer)?)
        } else {
            Ok(text(answer))
        }
    }
}

impl Stack {
    /// A client for its SQS.
    pub(crate) fn sqs(&self) -> Sqs {
        Sqs::new(&self.aws)
    }

    /// The URL of a queue by its logical id.
    pub(crate) async fn queue_url(&self, logical_id: &str) -> anyhow::Result<String> {
        match &self.running {
            Some(running) => Ok(running.queue_url(logical_id)?.to_owned()),
            None => find_queue(&self.sqs(), &self.deployed_as, logical_id).await,
        }
    }

    /// The name of a deployed stack.
    pub(crate) fn name(&self) -> &str {
        &self.deployed_as
    }

    /// The start of a function that has these variables: names of tables and URLs of queues of this stack.
    pub(crate) async fn start(&self, variables: &[&str]) -> anyhow::Result<Start> {
        let given = self.variables(variables).await?;
        Ok(Start::with(Variables::given(given), self.aws.clone()))
    }

    /// The same for a function that opens secrets: with this keyring in AWS, on this machine with the stack's own. It may call
    /// what the stack's functions may call.
    pub(crate) async fn start_with_secrets(
        &self,
        variables: &[&str],
        keyring: Option<String>,
    ) -> anyhow::Result<Start> {
        let mut given = self.variables(variables).await?;
        let (keyring, targets) = match &self.running {
            Some(running) => (
                running.sealing_keyring.clone(),
                running.local_targets.clone(),
            ),
            None => (keyring.unwrap_or_default(), String::new()),
        };
        given.insert(SEALING_KEYRING.to_owned(), keyring);
        given.insert(LOCAL_TARGETS.to_owned(), targets);
        Ok(Start::with(Variables::given(given), self.aws.clone()))
    }

    async fn variables(&self, variables: &[&str]) -> anyhow::Result<BTreeMap<String, String>> {
        let mut given = BTreeMap::new();
        for variable in variables {
            let value = match variable.strip_suffix("_URL") {
                Some(queue) => self.queue_url(&logical_id(queue)).await?,
                None => self.tables.name(&logical_id(variable)).await?,
            };
            given.insert((*variable).to_owned(), value);
        }
        // An operator's command serves no requests: no rate is ever asked for.
        given.insert(CLIENT_RATE.to_owned(), "1/1".to_owned());
        Ok(given)
    }
}

fn of_this_machine(running: &RunningStack) -> Aws {
    let variables = [
        ("AWS_ENDPOINT_URL_DYNAMODB", running.dynamodb_url.as_str()),
        ("AWS_ENDPOINT_URL_SQS", &running.sqs_url),
        ("AWS_ENDPOINT_URL_KMS", &running.kms_url),
        (AWS_REGION, REGION),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "local");
    let aws = aws::configuration_by(&Variables::given(variables.into()));
    aws.with_credentials(SharedCredentialsProvider::new(credentials))
}

/// The template's logical id of what a variable names: `API_KEYS_TABLE` is of the `ApiKeysTable`.
fn logical_id(variable: &str) -> String {
    let words = variable.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{first}{}", rest.to_ascii_lowercase())
    });
    words.collect()
}
