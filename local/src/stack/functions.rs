//! The template's functions, and the gateway, pollers and schedules that invoke them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::backends::Backends;
use crate::faults::Faults;
use crate::gateway::{self, Routes};
use crate::http_server::HttpServer;
use crate::instances::{Function, FunctionSettings};
use crate::log::Log;
use crate::permissions::{self, Gate};
use crate::poller::QueueMapping;
use crate::resources::Resources;
use crate::runtime_api::RuntimeApi;
use crate::schedule;
use crate::stack::control::Scheduled;
use crate::template::{Event, FunctionResource, QueueEvent, Template, queue_arn};

/// Functions by binary name, and the tasks that invoke them. Dropping this stops all of them.
#[derive(Debug)]
pub(super) struct Functions {
    by_name: BTreeMap<String, Arc<Function>>,
    scheduled: Scheduled,
    /// Pollers and schedules.
    tasks: JoinSet<()>,
    gates: [Gate; 3],
    gateway: Option<HttpServer>,
    /// Queues that are polled only after [`Functions::release_queues`].
    held: Vec<QueueMapping>,
}

/// What the functions run on.
pub(super) struct Ground<'a> {
    pub(super) template: &'a Template,
    pub(super) backends: &'a Backends,
    pub(super) resources: &'a Resources,
    pub(super) binaries: &'a BTreeMap<String, PathBuf>,
    /// Overrides the template's variables.
    pub(super) environment: BTreeMap<String, String>,
    pub(super) instance_limit: usize,
    pub(super) hold_queues: bool,
    pub(super) batches_at_a_time: usize,
    pub(super) log: &'a Log,
}

impl Functions {
    /// Opens the gateway on `listener` and starts polling.
    pub(super) async fn start(ground: &Ground<'_>, listener: TcpListener) -> anyhow::Result<Self> {
        let api = RuntimeApi::start().await?;
        let gates = permissions::gates(ground.template, ground.backends, ground.log).await?;
        let mut functions = Self {
            by_name: BTreeMap::new(),
            scheduled: BTreeMap::new(),
            tasks: JoinSet::new(),
            gates,
            gateway: None,
            held: Vec::new(),
        };
        let mut routes = Routes::measured_by(ground.log.metrics().clone());
        for resource in &ground.template.functions {
            let function = Function::new(
                ground.settings(resource, &functions.gates)?,
                api.clone(),
                ground.log.clone(),
            );
            let name = resource.binary.clone();
            functions.by_name.insert(name, Arc::clone(&function));
            for event in &resource.events {
                let function = Arc::clone(&function);
                match event {
                    Event::Http(route) => routes.add(route, function)?,
                    Event::Queue(event) => {
                        functions.held.push(ground.mapping(event, function)?);
                    }
                    Event::Schedule(event) => {
                        let known = functions.scheduled.entry(resource.binary.clone());
                        let known = known.or_insert_with(|| (Arc::clone(&function), Vec::new()));
                        known.1.push(event.clone());
                        functions
                            .tasks
                            .spawn(schedule::run(event.clone(), function));
                    }
                }
            }
        }
        if !ground.hold_queues {
            functions.release_queues();
        }
        functions.gateway = Some(HttpServer::start(listener, gateway::router(routes))?);
        Ok(functions)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Arc<Function>> {
        self.by_name.get(name)
    }

    /// The scheduled functions.
    pub(super) fn scheduled(&self) -> &Scheduled {
        &self.scheduled
    }

    /// The faults of each backend and each function.
    pub(super) fn faults(&self) -> BTreeMap<String, Faults> {
        let [dynamodb, sqs, kms] = &self.gates;
        let gates = [("dynamodb", dynamodb), ("sqs", sqs), ("kms", kms)];
        let backends = gates.map(|(name, gate)| (name.to_owned(), gate.faults()));
        let functions = self.by_name.iter();
        let functions = functions.map(|(name, function)| (name.clone(), function.faults()));
        functions.chain(backends).collect()
    }

    /// Starts polling the held queues.
    pub(super) fn release_queues(&mut self) {
        for mapping in self.held.drain(..) {
            self.tasks.spawn(mapping.run());
        }
    }

    pub(super) async fn stop(mut self) {
        self.tasks.shutdown().await;
        for function in self.by_name.values() {
            function.stop().await;
        }
        if let Some(gateway) = self.gateway.take() {
            gateway.stop().await;
        }
        for gate in &mut self.gates {
            gate.stop().await;
        }
    }
}

impl Drop for Functions {
    fn drop(&mut self) {
        for function in self.by_name.values() {
            function.end();
        }
    }
}

impl Ground<'_> {
    fn settings(
        &self,
        resource: &FunctionResource,
        gates: &[Gate; 3],
    ) -> anyhow::Result<FunctionSettings> {
        let name = &resource.binary;
        let program = self.binaries.get(name);
        let reserved = resource.reserved_concurrency.unwrap_or(usize::MAX);
        Ok(FunctionSettings {
            name: name.clone(),
            program: program
                .with_context(|| format!("binary {name} not found"))?
                .clone(),
            timeout: resource.timeout,
            memory_mb: resource.memory_mb,
            environment: self.variables(resource, gates)?,
            instance_limit: self.instance_limit.min(reserved).max(1),
        })
    }

    fn variables(
        &self,
        resource: &FunctionResource,
        [dynamodb, sqs, kms]: &[Gate; 3],
    ) -> anyhow::Result<BTreeMap<String, String>> {
        let mut variables = self.environment.clone();
        for (name, value) in &resource.environment {
            if !variables.contains_key(name) {
                let text = self.resources.variable(name, value, self.backends);
                let text =
                    text.with_context(|| format!("variable {name} of {}", resource.logical_id))?;
                variables.insert(name.clone(), text);
            }
        }
        let endpoints = [
            ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.url()),
            ("AWS_ENDPOINT_URL_SQS", sqs.url()),
            ("AWS_ENDPOINT_URL_KMS", kms.url()),
        ];
        variables.extend(endpoints.map(|(name, url)| (name.to_owned(), url)));
        Ok(variables)
    }

    fn mapping(&self, event: &QueueEvent, function: Arc<Function>) -> anyhow::Result<QueueMapping> {
        let queue = self
            .template
            .queues
            .iter()
            .find(|queue| queue.logical_id == event.queue)
            .with_context(|| format!("queue {} not found in the template", event.queue))?;
        let queue_url = self.resources.queue_urls.get(&event.queue);
        Ok(QueueMapping {
            function,
            event: event.clone(),
            batches_at_a_time: self.batches_at_a_time,
            client: self.backends.sqs_client(),
            queue_url: queue_url.context("the queue was not created")?.clone(),
            queue_arn: queue_arn(&queue.name),
            log: self.log.clone(),
        })
    }
}
