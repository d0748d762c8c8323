//! What a function's handler stands on in a test: real tables and queues, the demo client with its account and its
//! endpoint, the aggregator's simulator and the client's sink. All of the stack but its functions, so that the handler
//! runs inside the test.

mod event;
pub mod stored;

use anyhow::Context as _;
use jiff::Timestamp;
use logistics::delivery::successes::Successes;
use logistics::domain::client::{ApiKey, Caller, Scope};
use logistics::domain::credential::Credential;
use logistics::flows::booking::dependencies::BookingDependencies;
use logistics::flows::delivering::dependencies::AttemptDependencies;
use logistics::outbound::client::Outbound;
use logistics::outbound::target::AllowedTargets;
use logistics::store::booking::sessions::Sessions;
use logistics::store::booking::shipments::Shipments;
use logistics::store::configuring::accounts::Accounts;
use logistics::store::configuring::api_keys::{ApiKeys, add_first};
use logistics::store::configuring::endpoints::Endpoints;
use logistics::store::configuring::push_credentials::{PushCredential, PushCredentials};
use logistics::store::delivering::deliveries::Deliveries;
use logistics::store::delivering::health::EndpointHealths;
use logistics::store::messaging::messages::Messages;
use tokio::net::TcpListener;

use crate::backends::{BackendOptions, Backends};
use crate::demo::{self, Demo, Places};
use crate::http_server::HttpServer;
use crate::resources::{self, Resources};
use crate::simulators::{self, Simulators};
use crate::sink::{self, Sink};
use crate::template::Template;
pub use event::{HttpEvent, sent_by_aws};

/// The surroundings of one handler. Everything ends when it is dropped.
pub struct HandlerWorld {
    /// DynamoDB and SQS.
    pub backends: Backends,
    /// The demo client and what is its own.
    pub demo: Demo,
    /// The aggregators.
    pub simulators: Simulators,
    /// The client's system.
    pub sink: Sink,
    resources: Resources,
    servers: [HttpServer; 2],
}

impl HandlerWorld {
    /// Starts all of it with the workspace's template; when it returns, all of it answers.
    pub async fn start() -> anyhow::Result<Self> {
        let backends = Backends::start(BackendOptions::default()).await?;
        let resources = resources::make(&Template::of_workspace()?, &backends).await?;
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
            resources,
            servers: [sink_server, simulator_server],
        })
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

    /// The way out: to the simulators, the sink, and `more` as `host:port`.
    pub fn outbound(&self, more: &[String]) -> anyhow::Result<Outbound> {
        let own = self
            .servers
            .iter()
            .map(|server| server.address().to_string());
        let targets: Vec<String> = own.chain(more.iter().cloned()).collect();
        Ok(Outbound::new(AllowedTargets::parse(&targets.join(",")))?)
    }

    /// Accounts, claims and the way to aggregators; `more` as `host:port` may be called besides.
    pub fn booking(&self, more: &[String]) -> anyhow::Result<BookingDependencies> {
        let dynamodb = self.backends.dynamodb_client();
        let vault = self.backends.vault();
        Ok(BookingDependencies {
            accounts: Accounts::new(
                dynamodb.clone(),
                self.table("AccountsTable")?,
                vault.clone(),
            ),
            shipments: Shipments::new(dynamodb.clone(), self.table("ShipmentsTable")?),
            sessions: Sessions::new(dynamodb, self.table("SessionsTable")?, vault),
            outbound: self.outbound(more)?,
        })
    }

    /// What an attempt to deliver takes.
    pub fn attempting(&self) -> anyhow::Result<AttemptDependencies> {
        let dynamodb = self.backends.dynamodb_client();
        let notifications = self.table("NotificationsTable")?;
        Ok(AttemptDependencies {
            endpoints: Endpoints::new(
                dynamodb.clone(),
                self.table("EndpointsTable")?,
                self.backends.vault(),
            ),
            healths: EndpointHealths::new(dynamodb.clone(), self.table("EndpointHealthTable")?),
            messages: Messages::new(dynamodb.clone(), notifications.clone()),
            deliveries: Deliveries::new(dynamodb, notifications),
            outbound: self.outbound(&[])?,
            ttl_days: 90,
            successes: Successes::default(),
        })
    }

    /// Lets the caller of an event in as the demo client: its API key with all scopes, or its push credential.
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

    /// The demo client as a caller with all scopes.
    pub fn caller(&self) -> anyhow::Result<Caller> {
        Ok(Caller {
            client_id: self.demo.client_id.parse()?,
            key_id: "key_event".to_owned(),
            scopes: Scope::all().collect(),
        })
    }

    /// Lets a caller in by a key.
    pub async fn add_key(&self, key: &str, label: &str, caller: &Caller) -> anyhow::Result<()> {
        let described = ApiKey {
            id: caller.key_id.clone(),
            label: label.to_owned(),
            scopes: caller.scopes.clone(),
            created_at: Timestamp::now(),
            expires_at: None,
            last_used_on: None,
        };
        let (dynamodb, table) = (self.backends.dynamodb_client(), self.table("ApiKeysTable")?);
        let client_id = &caller.client_id;
        Ok(add_first(&dynamodb, &table, &key.into(), client_id, &described).await?)
    }

    /// The table of API keys.
    pub fn api_keys(&self) -> anyhow::Result<ApiKeys> {
        let table = self.table("ApiKeysTable")?;
        let uses = self.table("KeyUsesTable")?;
        let rate = "1000/1000".parse()?;
        Ok(ApiKeys::new(
            self.backends.dynamodb_client(),
            table,
            uses,
            rate,
        ))
    }
}
