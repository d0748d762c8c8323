//! Enforces the functions' policies: a call that AWS would deny is denied here.
//!
//! A function's access key is its own name. The gate between the functions and the backends checks the function's policies
//! in the template, and answers as AWS does if they do not allow the call. Calls of tests, the demo and the pollers do not
//! pass the gate.

mod call;
mod policy;
mod seen;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::backends::Backends;
use crate::faults::{self, Faults};
use crate::http_server::HttpServer;
use crate::log::Log;
use crate::permissions::seen::Seen;
use crate::region::signer;
use crate::surroundings;
use crate::template::{Statement, Template};

pub use seen::spare_permissions;

/// The policy statements of each function, by its binary's name.
pub(crate) type Policies = BTreeMap<String, Vec<Statement>>;

/// A gate in front of one backend; dropping it stops it.
#[derive(Debug)]
pub(crate) struct Gate {
    url: String,
    server: Option<HttpServer>,
    faults: Faults,
}

struct Guard {
    upstream: String,
    policies: Arc<Policies>,
    /// Whether what no policy allows is refused.
    enforces: bool,
    /// Absent unless the environment asks for it.
    seen: Option<Seen>,
    client: Client<HttpConnector, Body>,
    log: Log,
    faults: Faults,
}

/// Opens a gate in front of each of the backends: DynamoDB, SQS and KMS.
pub(crate) async fn gates(
    template: &Template,
    backends: &Backends,
    log: &Log,
) -> anyhow::Result<[Gate; 3]> {
    opened(&policies(template), backends, log, true).await
}

/// The same for a handler that is tested without a stack, if accesses are to be written down: what its policy allows. The rest
/// passes too, because tests prepare their tables with a handler's own dependencies.
pub(crate) async fn watching(
    template: &Template,
    backends: &Backends,
) -> anyhow::Result<Option<[Gate; 3]>> {
    if surroundings::accesses().is_none() {
        return Ok(None);
    }
    let (policies, log) = (policies(template), Log::captured());
    let gates = opened(&policies, backends, &log, false).await?;
    Ok(Some(gates))
}

fn policies(template: &Template) -> Arc<Policies> {
    let functions = template.functions.iter();
    let policies = functions.map(|function| (function.binary.clone(), function.policies.clone()));
    Arc::new(policies.collect())
}

async fn opened(
    policies: &Arc<Policies>,
    backends: &Backends,
    log: &Log,
    enforces: bool,
) -> anyhow::Result<[Gate; 3]> {
    let open = |url| Gate::open(url, Arc::clone(policies), log.clone(), enforces);
    Ok([
        open(&backends.dynamodb_url).await?,
        open(&backends.sqs_url).await?,
        open(&backends.kms_url).await?,
    ])
}

impl Gate {
    /// Opens a gate in front of the backend at `upstream`.
    pub(crate) async fn open(
        upstream: &str,
        policies: Arc<Policies>,
        log: Log,
        enforces: bool,
    ) -> anyhow::Result<Self> {
        let faults = Faults::default();
        let guard = Guard {
            upstream: upstream.to_owned(),
            faults: faults.clone(),
            policies,
            enforces,
            seen: surroundings::accesses()
                .map(|directory| Seen::in_directory(&directory))
                .transpose()?,
            client: Client::builder(TokioExecutor::new()).build_http(),
            log,
        };
        let router = Router::new().fallback(pass).with_state(Arc::new(guard));
        let server = HttpServer::on_free_port(router).await?;
        Ok(Self {
            url: server.url(),
            server: Some(server),
            faults,
        })
    }

    /// The URL that functions use for the backend.
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// The faults of the backend.
    pub(crate) fn faults(&self) -> Faults {
        self.faults.clone()
    }

    pub(crate) async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }
}

async fn pass(
    State(guard): State<Arc<Guard>>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Response {
    if let Err(denial) = guard.check(&headers, &body) {
        guard.log.line("permissions", &denial);
        return denied(&denial);
    }
    if guard.faults.take() {
        return faults::throttled();
    }
    guard
        .pass_on(headers, &uri, body)
        .await
        .unwrap_or_else(|error| (StatusCode::BAD_GATEWAY, error.to_string()).into_response())
}

impl Guard {
    fn check(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
        let function = signer(headers).unwrap_or_default();
        let statements = self.policies.get(function).map_or(&[][..], Vec::as_slice);
        for access in call::accesses(headers, body)? {
            if !statements
                .iter()
                .any(|statement| policy::allows(statement, &access))
            {
                if !self.enforces {
                    continue;
                }
                return Err(format!(
                    "{function} is not authorized to perform {} on {} because no policy of the template allows it",
                    access.action, access.resource
                ));
            }
            if let Some(seen) = &self.seen {
                seen.note(function, &access)
                    .map_err(|error| format!("access not written down: {error}"))?;
            }
        }
        Ok(())
    }

    async fn pass_on(
        &self,
        headers: HeaderMap,
        uri: &Uri,
        body: Bytes,
    ) -> anyhow::Result<Response> {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let mut request =
            Request::post(format!("{}{path}", self.upstream)).body(Body::from(body))?;
        *request.headers_mut() = headers;
        Ok(self.client.request(request).await?.map(Body::new))
    }
}

fn denied(denial: &str) -> Response {
    let body = serde_json::json!({
        "__type": "com.amazon.coral.service#AccessDeniedException",
        "message": denial,
    });
    (
        StatusCode::BAD_REQUEST,
        [("content-type", "application/x-amz-json-1.0")],
        body.to_string(),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::BackendOptions;
    use crate::region::{ACCOUNT, REGION};

    async fn call(url: &str, operation: &str, caller: &str) -> String {
        let client: Client<HttpConnector, Body> =
            Client::builder(TokioExecutor::new()).build_http();
        let request = Request::post(url)
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .header("content-type", "application/x-amz-json-1.0")
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 Credential={caller}/20261121/{REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=0"),
            )
            .body(Body::from(r#"{"TableName":"shipments","Key":{}}"#))
            .unwrap();
        let answer = client.request(request).await.unwrap();
        let body = axum::body::to_bytes(Body::new(answer.into_body()), 10_000)
            .await
            .unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_function_can_call_only_what_its_policies_allow() {
        let backends = Backends::start(BackendOptions::default()).await.unwrap();
        let allowed = Statement {
            actions: vec!["dynamodb:DescribeTable".to_owned()],
            resources: vec![format!(
                "arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/shipments"
            )],
        };
        let policies = Arc::new(BTreeMap::from([(
            "generate-label".to_owned(),
            vec![allowed],
        )]));
        let gate = Gate::open(&backends.dynamodb_url, policies, Log::captured(), true)
            .await
            .unwrap();

        let passed = call(&gate.url(), "DescribeTable", "generate-label").await;
        assert!(!passed.contains("AccessDeniedException"), "{passed}");
        for (operation, caller) in [
            ("GetItem", "generate-label"),
            ("DescribeTable", "get-label"),
        ] {
            let denied = call(&gate.url(), operation, caller).await;
            assert!(denied.contains("AccessDeniedException"), "{denied}");
        }
    }
}
