//! The function on its tables, and a caller with all scopes.

use configuration::{App, handle};
use lambda_http::http::HeaderMap;
use lambda_http::request;
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::client::{Caller, Scope};
use serde_json::Value;

/// The world of a test.
pub(crate) struct Configuring {
    pub(crate) world: HandlerWorld,
    pub(crate) app: App,
    pub(crate) event: HttpEvent,
}

/// A response with its parsed body.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answered {
    /// The `ETag` of the response.
    pub(crate) fn etag(&self) -> String {
        self.headers["etag"].to_str().unwrap().to_owned()
    }

    /// The slug: the last part of a problem's type.
    pub(crate) fn slug(&self) -> &str {
        let kind = self.body["type"].as_str().unwrap_or_default();
        kind.rsplit('#').next().unwrap_or_default()
    }

    /// Each wrong field with its error.
    pub(crate) fn wrong(&self) -> Vec<(&str, &str)> {
        let errors = self.body["errors"].as_array().unwrap().iter();
        errors
            .map(|error| {
                let text = |name: &str| error[name].as_str().unwrap();
                (text("pointer"), text("detail"))
            })
            .collect()
    }
}

impl Configuring {
    pub(crate) async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("configuration").unwrap();
        world.admit(&event).await.unwrap();
        let app = App::new(&world.start_of("configuration").unwrap()).unwrap();
        Self { world, app, event }
    }

    /// A URL at the client's sink.
    pub(crate) fn sink(&self, path: &str) -> String {
        format!("{}{path}", self.world.sink_url())
    }

    /// A client's API key with these scopes, as sent.
    pub(crate) async fn key_for(&self, client: &str, scopes: &[&str]) -> String {
        let key = format!("rms_{client}_{}", scopes.join("_"));
        let has = |scope: &Scope| scopes.contains(&scope.to_string().as_str());
        let caller = Caller {
            client_id: client.parse().unwrap(),
            key_id: format!("key_{client}"),
            scopes: Scope::all().filter(has).collect(),
            expires_at: None,
        };
        self.world.add_key(&key, "test", &caller).await.unwrap();
        format!("Bearer {key}")
    }

    pub(crate) async fn send(&self, event: &HttpEvent) -> Answered {
        let request = request::from_str(&event.to_string()).unwrap();
        let answer = handle(&self.app, request).await;
        Answered {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: serde_json::from_slice(answer.body().as_ref()).unwrap_or(Value::Null),
        }
    }

    /// A request of a route, such as `PUT /webhook-endpoints/{id}`; `id` replaces its first parameter.
    pub(crate) fn request(&self, route: &str, id: &str, query: &str) -> HttpEvent {
        let (method, path) = route.split_once(' ').unwrap();
        let event = self.event.clone().asking(method, path, query);
        match path
            .split_once('{')
            .and_then(|(_, rest)| rest.split_once('}'))
        {
            Some((name, _)) => event.with_path_parameter(name, id),
            None => event,
        }
    }

    pub(crate) async fn call(&self, route: &str, id: &str, query: &str) -> Answered {
        self.send(&self.request(route, id, query)).await
    }

    pub(crate) async fn get(&self, path: &str, query: &str) -> Answered {
        self.call(&format!("GET {path}"), "", query).await
    }

    /// A PUT with a conditional header.
    pub(crate) async fn put_if(
        &self,
        route: &str,
        id: &str,
        body: &Value,
        condition: Option<(&str, &str)>,
    ) -> Answered {
        let event = self
            .request(&format!("PUT {route}"), id, "")
            .with_body(body);
        let event = match condition {
            Some((name, value)) => event.with_header(name, Some(value)),
            None => event,
        };
        self.send(&event).await
    }

    pub(crate) async fn put(&self, route: &str, id: &str, body: &Value) -> Answered {
        self.put_if(route, id, body, None).await
    }

    /// The audit, newest first: key id, action with object, and fields.
    pub(crate) async fn changes(&self) -> Vec<(String, String, String)> {
        let answer = self.get("/audit", "").await;
        let changes = answer.body["changes"].as_array().unwrap();
        let change = |change: &Value| {
            let text = |name: &str| change[name].as_str().unwrap().to_owned();
            let fields = change["fields"].as_array().unwrap().iter();
            let fields: Vec<_> = fields.map(|field| field.as_str().unwrap()).collect();
            let what = format!("{} {}", text("action"), text("id"));
            (text("keyId"), what, fields.join(" "))
        };
        changes.iter().map(change).collect()
    }
}
