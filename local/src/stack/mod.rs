//! The whole local stack: backends, resources, sink and simulators, the demo, functions, gateway. They start in this order
//! and stop in reverse order.
//!
//! Several stacks can run side by side in one process. A stack stops everything that it started: [`Stack::stop`] waits
//! until all has stopped, dropping the stack does not wait.

mod control;
mod functions;
mod options;
mod published;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use logistics::config::LOCAL_TARGETS;
use simulators::Simulators;
use simulators::sink::{self, Sink};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::backends::{BackendOptions, Backends};
use crate::binaries;
use crate::demo::{self, Demo, Places};
use crate::http_server::HttpServer;
use crate::instances::{Function, InvocationFailure, Served};
use crate::log::Log;
use crate::metrics::Metrics;
use crate::resources::{self, Resources};
use crate::template::Template;
use control::Controlled;
pub use control::{fire, metrics_of};
use functions::{Functions, Ground};
pub use options::{Options, published_at};
pub use published::{Published, PublishedRest};
use published::{PublishedFile, PublishedPlace};

/// The time between two looks at the alarms: shorter than any of their periods, so that none fires unseen.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// A running stack.
pub struct Stack {
    backends: Backends,
    resources: Resources,
    log: Log,
    running: Option<Running>,
    published: Published,
    file: Option<PublishedFile>,
}

/// What runs in addition to the backends.
struct Running {
    functions: Functions,
    sink: Sink,
    simulators: Simulators,
    servers: [HttpServer; 3],
    /// Dropping it ends its tasks.
    _watch: JoinSet<()>,
}

impl fmt::Debug for Stack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The published data contains a key and secrets.
        formatter.write_str("Stack")
    }
}

impl Stack {
    /// Starts the stack. When this returns, every part accepts requests.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let place = options.publish.as_deref().map(PublishedPlace::take);
        let place = place.transpose()?;
        let template = Template::read(&options.template)?;
        let log = if options.capture_logs {
            Log::captured()
        } else {
            Log::to_terminal()
        };
        let backends = Backends::start(BackendOptions {
            data: options.data.clone(),
            count_calls: options.count_calls,
            interceptor: options.interceptor.clone(),
            round_trip: options.round_trip,
            elsewhere: options.elsewhere.clone(),
            ..BackendOptions::default()
        })
        .await?;
        log.metrics().watch(template.alarms.clone());
        let resources = resources::make(&template, &backends).await?;
        let mut stack = Self {
            published: Published {
                stack: resources.running_stack(&backends),
                rest: None,
            },
            backends,
            resources,
            log,
            running: None,
            file: None,
        };
        if !options.backends_only {
            stack.start_rest(&options, &template).await?;
        }
        if let Some(place) = place {
            stack.file = Some(place.publish(&stack.published)?);
        }
        Ok(stack)
    }

    async fn start_rest(&mut self, options: &Options, template: &Template) -> anyhow::Result<()> {
        let listener = listen(options.port).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let binaries = executables(options, template).await?;
        let sink = Sink::default();
        let sink_server = HttpServer::on_free_port(sink::router(sink.clone())).await?;
        let simulator_listener = listen(0).await?;
        let simulator_url = format!("http://{}", simulator_listener.local_addr()?);
        let places = Places {
            base_url: &base_url,
            simulator_url: &simulator_url,
            sink_url: &sink_server.url(),
        };
        let (demo, simulators) = demo::seed(
            &self.backends,
            &self.resources,
            &places,
            options.data.as_deref(),
        )
        .await?;
        let router = simulators::router(simulators.clone());
        let simulator_server = HttpServer::start(simulator_listener, router)?;
        let mut environment = options.environment.clone();
        let targets = format!("{},{}", sink_server.address(), simulator_server.address());
        self.published.stack.local_targets.clone_from(&targets);
        environment
            .entry(LOCAL_TARGETS.to_owned())
            .and_modify(|more| *more = format!("{more},{targets}"))
            .or_insert(targets);
        let ground = Ground {
            template,
            backends: &self.backends,
            resources: &self.resources,
            binaries: &binaries,
            environment,
            instance_limit: options.instance_limit,
            hold_queues: options.hold_queues,
            batches_at_a_time: options.batches_at_a_time,
            log: &self.log,
        };
        let functions = Functions::start(&ground, listener).await?;
        let control = control::router(Controlled {
            scheduled: functions.scheduled().clone(),
            metrics: self.log.metrics().clone(),
            faults: functions.faults(),
            sqs: self.backends.sqs_client(),
            queue_urls: self.resources.queue_urls.clone(),
        });
        let control_server = HttpServer::on_free_port(control).await?;
        self.published.rest = Some(PublishedRest {
            console_url: format!("{base_url}/console"),
            base_url,
            simulator_url,
            sink_url: sink_server.url(),
            control_url: control_server.url(),
            demo,
        });
        self.running = Some(Running {
            functions,
            sink,
            simulators,
            servers: [sink_server, simulator_server, control_server],
            _watch: watch_alarms(self.log.metrics().clone()),
        });
        Ok(())
    }

    /// URL of the API; empty when only the backends run.
    pub fn base_url(&self) -> &str {
        self.rest().map_or("", |rest| &rest.base_url)
    }

    /// URL of the aggregator simulators; empty when only the backends run.
    pub fn simulator_url(&self) -> &str {
        self.rest().map_or("", |rest| &rest.simulator_url)
    }

    /// URL of the client sink; empty when only the backends run.
    pub fn sink_url(&self) -> &str {
        self.rest().map_or("", |rest| &rest.sink_url)
    }

    /// URL of DynamoDB.
    pub fn dynamodb_url(&self) -> &str {
        &self.published.stack.dynamodb_url
    }

    /// URL of SQS.
    pub fn sqs_url(&self) -> &str {
        &self.published.stack.sqs_url
    }

    /// The seeded demo client; `None` when only the backends run.
    pub fn demo(&self) -> Option<&Demo> {
        self.rest().map(|rest| &rest.demo)
    }

    /// The client sink; `None` when only the backends run.
    pub fn sink(&self) -> Option<&Sink> {
        self.running.as_ref().map(|running| &running.sink)
    }

    /// The aggregator simulators; `None` when only the backends run.
    pub fn simulators(&self) -> Option<&Simulators> {
        self.running.as_ref().map(|running| &running.simulators)
    }

    /// The content of `stack.json`.
    pub fn published(&self) -> &Published {
        &self.published
    }

    /// DynamoDB, SQS and KMS.
    pub fn backends(&self) -> &Backends {
        &self.backends
    }

    /// The tables and queues.
    pub fn resources(&self) -> &Resources {
        &self.resources
    }

    /// The log lines of the functions and the stack.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Number of calls of each DynamoDB and SQS operation, including the pollers' calls; empty unless calls are counted.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.backends.calls()
    }

    /// The process ids of a function's running instances, by its binary's name.
    pub fn process_ids(&self, name: &str) -> Vec<u32> {
        self.function(name)
            .map_or_else(Vec::new, |function| function.process_ids())
    }

    /// The invocation count and billed time of a function, by its binary's name.
    pub fn served(&self, name: &str) -> Served {
        self.function(name)
            .map_or_else(Served::default, |function| function.served())
    }

    /// How long a new instance of a function takes until its first poll of the runtime API.
    pub async fn time_start(&self, name: &str) -> anyhow::Result<Duration> {
        let function = self.function(name);
        let function = function.with_context(|| format!("function {name} not found"))?;
        function.time_start().await
    }

    /// Starts polling the queues held by [`Options::hold_queues`].
    pub fn release_queues(&mut self) {
        if let Some(running) = &mut self.running {
            running.functions.release_queues();
        }
    }

    /// Invokes a function directly, by its binary's name.
    pub async fn invoke(&self, name: &str, payload: impl Into<Bytes>) -> anyhow::Result<Bytes> {
        let function = self
            .function(name)
            .with_context(|| format!("the template has no function {name}"))?;
        let answer: Result<Bytes, InvocationFailure> = function.invoke(payload.into()).await;
        Ok(answer?)
    }

    /// Stops everything and waits until it has stopped.
    pub async fn stop(mut self) {
        drop(self.file.take());
        if let Some(running) = self.running.take() {
            running.functions.stop().await;
            for server in running.servers {
                server.stop().await;
            }
        }
        self.backends.stop().await;
    }

    fn function(&self, name: &str) -> Option<&Arc<Function>> {
        self.running.as_ref()?.functions.get(name)
    }

    fn rest(&self) -> Option<&PublishedRest> {
        self.published.rest.as_ref()
    }
}

/// Judges the alarms again and again.
fn watch_alarms(metrics: Metrics) -> JoinSet<()> {
    let mut watch = JoinSet::new();
    watch.spawn(async move {
        loop {
            tokio::time::sleep(BETWEEN_LOOKS).await;
            metrics.judge();
        }
    });
    watch
}

async fn executables(
    options: &Options,
    template: &Template,
) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    if let Some(binaries) = &options.binaries {
        return Ok(binaries.clone());
    }
    let names: Vec<&str> = template
        .functions
        .iter()
        .map(|function| function.binary.as_str())
        .collect();
    binaries::build(&names, options.release).await
}

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| {
            format!("port {port} is already in use: stop the other program, or choose another port with --port")
        })
}
