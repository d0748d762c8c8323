//! What an aggregator pushes to an account that its client made, in its own dialect.

use logistics::aggregators;
use serde_json::{Value, json};

use crate::configuration::world::{Answer, World};
use crate::vendors::{Push, vendor};

pub(crate) use local::demo::ALIASES;

/// An account, and what proves its pushes.
pub(crate) struct Pushing {
    pub(crate) alias: &'static str,
    pub(crate) url: String,
    headers: Vec<(&'static str, String)>,
    hash: Option<String>,
    /// The account's password, for aggregators that prove each push with it.
    password: String,
}

impl World {
    /// Makes the account of an aggregator.
    pub(crate) async fn account_made(&self, alias: &'static str) -> Pushing {
        self.account_put(alias, 201, &json!({})).await
    }

    /// Makes or changes it, with these additional fields.
    pub(crate) async fn account_put(
        &self,
        alias: &'static str,
        status: u16,
        fields: &Value,
    ) -> Pushing {
        let mut body = self.account(alias).await;
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        let path = format!("/logistic-accounts/{alias}");
        let put = self.put(&path, &body).await;
        assert_eq!(put.status, status, "{alias}: {put:?}");
        let credential = |name: &str| put.body["pushCredential"][name].as_str();
        let named = ["authUsername", "authPassword"].map(|name| (name, credential(name)));
        let headers = named.into_iter();
        let headers = headers.filter_map(|(name, value)| Some((name, value?.to_owned())));
        Pushing {
            alias,
            url: put.text("/pushUrl"),
            headers: headers.collect(),
            hash: None,
            password: self.stack.demo().unwrap().accounts[alias].password.clone(),
        }
    }

    /// Pushes that a shipment is under way.
    pub(crate) async fn push_of(&self, pushing: &Pushing, order: &str) -> Answer {
        let headers = pushing.headers.iter();
        let headers: Vec<_> = headers.map(|(name, value)| (*name, &**value)).collect();
        let body = pushing.event(order);
        self.push(&pushing.url, &headers, &body).await
    }

    /// Pushes that a shipment is under way, and gets that status.
    pub(crate) async fn pushed(&self, pushing: &Pushing, order: &str, status: &str) {
        let answer = self.push_of(pushing, order).await;
        assert_eq!(answer.status, 200, "{}: {answer:?}", pushing.alias);
        let told = answer.text("/notifications/0/status");
        assert_eq!(told, status, "{}: {answer:?}", pushing.alias);
    }

    /// Where the client got which orders, in the order of their numbers.
    pub(crate) async fn arrivals(&self, count: usize) -> Vec<(String, String)> {
        let sink = self.stack.sink().unwrap();
        let received = sink.wait_for(count, crate::patience::PATIENCE).await;
        let told = |request: local::sink::ReceivedRequest| {
            let body: Value = serde_json::from_str(&request.body).unwrap();
            let order = body["forwardOrderCode"].as_str().unwrap().to_owned();
            (order, request.path)
        };
        let mut told: Vec<_> = received.unwrap().into_iter().map(told).collect();
        told.sort();
        told
    }
}

impl Pushing {
    /// The same account, whose aggregator sends that key in this header.
    pub(crate) fn with_key(&self, header: &'static str, key: &str) -> Self {
        Self {
            alias: self.alias,
            url: self.url.clone(),
            headers: vec![(header, key.to_owned())],
            hash: None,
            password: self.password.clone(),
        }
    }

    /// The same account, whose aggregator sends the word that these credentials make in the body.
    pub(crate) fn with_hash_of(&self, credentials: &Value) -> Self {
        let adapter = aggregators::find_configured(&"SHIPWAY".parse().unwrap()).unwrap();
        let credentials = credentials.as_object().unwrap().iter();
        let credentials = credentials
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().into()))
            .collect();
        let hash = adapter.body_proof(&credentials, None).unwrap();
        Self {
            alias: self.alias,
            url: self.url.clone(),
            headers: Vec::new(),
            hash: Some(secrecy::ExposeSecret::expose_secret(&hash).to_owned()),
            password: self.password.clone(),
        }
    }

    fn event(&self, order: &str) -> Value {
        let vendor = vendor(self.alias);
        let mut body = (vendor.push)(&Push {
            order: Some(order),
            awb: &format!("awb-{order}"),
            code: (vendor.code)(vendor.last_scan()).unwrap(),
            minute: 0,
        });
        if let Some(hash) = &self.hash {
            body["hash"] = json!(hash);
        }
        vendor.proved(body, &self.password, &self.url)
    }
}
