//! The environment of a handler in a test: real tables and queues, the demo client with its account and endpoint, the
//! aggregators' simulators and the client's sink. It is the stack without its functions, so that the handler runs inside the
//! test.

mod event;
mod logged;
pub mod stored;

use std::collections::BTreeMap;

use anyhow::Context as _;
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use jiff::Timestamp;
use logistics::aws;
use logistics::config::{AWS_REGION, LOCAL_TARGETS, Variables};
use logistics::domain::client::{ApiKey, Caller, Scope};
use logistics::domain::credential::Credential;
use logistics::domain::endpoint::{Filter, WebhookEndpoint};
use logistics::domain::message::MessageKind;
use logistics::domain::signing::SigningSecrets;
use logistics::store::configuration_versions::ConfigurationVersions;
use logistics::store::configuring::api_keys::add_first;
use logistics::store::configuring::endpoints::Endpoints;
use logistics::store::configuring::push_credentials::{PushCredential, PushCredentials};
use logistics::wiring::Start;
use operator::running_stack::RunningStack;
use simulators::Simulators;
use simulators::sink::{self, Sink};
use tokio::net::TcpListener;

use crate::backends::{BackendOptions, Backends};
use crate::demo::{self, Demo, Places};
use crate::http_server::HttpServer;
use crate::permissions::{self, Gate};
use crate::region::{ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};
use crate::resources::{self, Resources};
use crate::template::Template;
pub use event::{HttpEvent, sent_by_aws};
pub use logged::Logged;

/// The environment of one handler. Dropping it stops everything.
pub struct HandlerWorld {
    /// DynamoDB and SQS.
    pub backends: Backends,
    /// The demo client with its account and endpoint.
    pub demo: Demo,
    /// The aggregators' simulators.
    pub simulators: Simulators,
    /// The client's system.
    pub sink: Sink,
    template: Template,
    resources: Resources,
    servers: [HttpServer; 2],
    /// In front of the backends, if accesses are written down.
    gates: Option<[Gate; 3]>,
}

impl HandlerWorld {
    /// Starts everything with the workspace's template. When this returns, every part accepts requests.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_on(BackendOptions::default()).await
    }

    /// The same, with other backends than the usual ones.
    pub async fn start_on(options: BackendOptions) -> anyhow::Result<Self> {
        logged::log_everywhere();
        let backends = Backends::start(options).await?;
        let template = Template::of_workspace()?;
        let resources = resources::make(&template, &backends).await?;
        let gates = permissions::watching(&template, &backends).await?;
        let sink = Sink::default();
        let sink_server = HttpServer::on_free_port(sink::router(sink.clone())).await?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let places = Places {
            base_url: "http://127.0.0.1:9",
            simulator_url: &format!("http://{}", listener.local_addr()?),
            sink_url: &sink_server.url(),
        };
        let (demo, simulators) = demo::seed(&backends, &resources, &places, None).await?;
        let simulator_server = HttpServer::start(listener, simulators::router(simulators.clone()))?;
        Ok(Self {
            backends,
            demo,
            simulators,
            sink,
            template,
            resources,
            servers: [sink_server, simulator_server],
            gates,
        })
    }

    /// These backends as operator commands see them.
    pub fn running_stack(&self) -> RunningStack {
        let servers = self.servers.iter();
        let targets: Vec<_> = servers.map(|server| server.address().to_string()).collect();
        RunningStack {
            local_targets: targets.join(","),
            ..self.resources.running_stack(&self.backends)
        }
    }

    /// The name of a table of the template.
    pub fn table(&self, logical_id: &str) -> anyhow::Result<String> {
        let table = self.resources.tables.get(logical_id);
        table
            .cloned()
            .with_context(|| format!("the template has no {logical_id}"))
    }

    /// The URL of the client's sink.
    pub fn sink_url(&self) -> String {
        let [sink, _] = &self.servers;
        sink.url()
    }

    /// The URL of a queue of the template.
    pub fn queue_url(&self, logical_id: &str) -> anyhow::Result<String> {
        let url = self.resources.queue_urls.get(logical_id);
        url.cloned()
            .with_context(|| format!("the template has no {logical_id}"))
    }

    /// The start of a function: the template's variables, and these backends for AWS. It may call the simulators and the sink.
    pub fn start_of(&self, function: &str) -> anyhow::Result<Start> {
        self.start_calling(function, &[])
    }

    /// The same, but the function may also call the addresses in `more`, each as `host:port`.
    pub fn start_calling(&self, function: &str, more: &[String]) -> anyhow::Result<Start> {
        let variables = Variables::given(self.variables(function, more)?);
        let access_key = if self.gates.is_some() {
            function
        } else {
            ACCESS_KEY_ID
        };
        let credentials = Credentials::new(access_key, SECRET_ACCESS_KEY, None, None, "local");
        let credentials = SharedCredentialsProvider::new(credentials);
        let aws = aws::configuration_by(&variables).with_credentials(credentials);
        Ok(Start::with(variables, aws))
    }

    fn variables(
        &self,
        function: &str,
        more: &[String],
    ) -> anyhow::Result<BTreeMap<String, String>> {
        let mut functions = self.template.functions.iter();
        let resource = functions.find(|resource| resource.binary == function);
        let resource = resource.with_context(|| format!("the template has no {function}"))?;
        let mut variables = BTreeMap::new();
        for (name, value) in &resource.environment {
            let value = self.resources.variable(name, value, &self.backends)?;
            variables.insert(name.clone(), value);
        }
        let own = self
            .servers
            .iter()
            .map(|server| server.address().to_string());
        let targets: Vec<String> = own.chain(more.iter().cloned()).collect();
        let Backends {
            dynamodb_url,
            sqs_url,
            kms_url,
            ..
        } = &self.backends;
        let direct = || [dynamodb_url, sqs_url, kms_url].map(Clone::clone);
        let gates = self.gates.as_ref();
        let [dynamodb, sqs, kms] =
            gates.map_or_else(direct, |gates| gates.each_ref().map(Gate::url));
        let of_this_machine = [
            ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb),
            ("AWS_ENDPOINT_URL_SQS", sqs),
            ("AWS_ENDPOINT_URL_KMS", kms),
            (AWS_REGION, REGION.to_owned()),
            (LOCAL_TARGETS, targets.join(",")),
        ];
        variables.extend(of_this_machine.map(|(name, value)| (name.to_owned(), value)));
        Ok(variables)
    }

    /// Registers the credentials of an event for the demo client: its API key with all scopes, and its push credential.
    pub async fn admit(&self, event: &HttpEvent) -> anyhow::Result<()> {
        if let Some(authorization) = event.header("authorization") {
            let key = authorization.trim_start_matches("Bearer ");
            self.add_key(key, "event", &self.caller()?).await?;
        }
        if let (Some(user_name), Some(secret)) =
            (event.header("authusername"), event.header("authpassword"))
        {
            let proof = Credential {
                user_name: user_name.to_owned(),
                secret: secret.to_owned(),
                domain_name: None,
            };
            let credential =
                PushCredential::new(&proof, self.demo.client_id.parse()?, "magic".parse()?);
            let table = self.table("PushCredentialsTable")?;
            PushCredentials::new(self.backends.dynamodb_client(), table)
                .add(&credential)
                .await?;
        }
        Ok(())
    }

    /// Adds an endpoint of the demo client, at the sink, that wants messages of these kinds.
    pub async fn add_endpoint(&self, id: &str, kinds: &[MessageKind]) -> anyhow::Result<()> {
        self.add_filtered(id, kinds, Filter::default()).await
    }

    /// The same with a filter.
    pub async fn add_filtered(
        &self,
        id: &str,
        kinds: &[MessageKind],
        filter: Filter,
    ) -> anyhow::Result<()> {
        let endpoint = WebhookEndpoint {
            messages: kinds.to_vec(),
            filter,
            ..WebhookEndpoint::new(
                self.demo.client_id.parse()?,
                id.parse()?,
                format!("{}/{id}", self.sink_url()).parse()?,
                SigningSecrets::new(self.demo.signing_secret.clone().into()),
            )
        };
        let table = self.table("EndpointsTable")?;
        let dynamodb = self.backends.dynamodb_client();
        let endpoints = Endpoints::new(dynamodb, table, self.backends.vault());
        let versions = ConfigurationVersions::new(self.table("ConfigurationVersionsTable")?);
        let raised = versions.raised(&endpoint.client_id)?;
        let saved = endpoints.save(&endpoint, None, vec![raised]).await?;
        saved.context("the client has this endpoint already")?;
        Ok(())
    }

    /// The demo client as a caller with all scopes.
    pub fn caller(&self) -> anyhow::Result<Caller> {
        Ok(Caller {
            client_id: self.demo.client_id.parse()?,
            key_id: "key_event".to_owned(),
            scopes: Scope::all().collect(),
            expires_at: None,
        })
    }

    /// Registers an API key of a caller.
    pub async fn add_key(&self, key: &str, label: &str, caller: &Caller) -> anyhow::Result<()> {
        let described = ApiKey {
            id: caller.key_id.clone(),
            label: label.to_owned(),
            scopes: caller.scopes.clone(),
            created_at: Timestamp::now(),
            expires_at: caller.expires_at,
            last_used_on: None,
        };
        let (dynamodb, table) = (self.backends.dynamodb_client(), self.table("ApiKeysTable")?);
        let client_id = &caller.client_id;
        Ok(add_first(&dynamodb, &table, &key.into(), client_id, &described).await?)
    }
}
