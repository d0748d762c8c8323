//! The client's systems: the channel that announces return orders, and the warehouse that processes them.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use local::stack::Stack;
use serde_json::{Value, json};
use simulators::http_client;

/// Both systems, with the demo's key.
pub(super) struct Systems {
    http: reqwest::Client,
    base_url: String,
    api_key: String,
}

impl Systems {
    pub(super) fn new(stack: &Stack) -> anyhow::Result<Self> {
        let demo = stack.demo().context("the stack has no demo")?;
        Ok(Self {
            http: http_client::client()?,
            base_url: stack.base_url().to_owned(),
            api_key: demo.api_key.clone(),
        })
    }

    /// Creates a return order without an AWB, with two pieces, and returns how long it took.
    pub(super) async fn create(&self, code: &str) -> anyhow::Result<Duration> {
        let (took, _) = self
            .post("/return/return-orders", &return_order(code))
            .await?;
        Ok(took)
    }

    /// Reports that one piece passed and the other one failed, and returns how long it took.
    pub(super) async fn process(&self, name: &str, order: usize) -> anyhow::Result<Duration> {
        let path = format!("/return-orders/{name}{order}/processing");
        let (took, answer) = self.post(&path, &results()).await?;
        let answer: Value = serde_json::from_str(&answer)?;
        let state = answer.get("state").and_then(Value::as_str);
        ensure!(state == Some("PROCESSED"), "{path} answered {answer}");
        Ok(took)
    }

    /// Posts a body, which must be answered 200.
    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<(Duration, String)> {
        let request = self.http.post(format!("{}{path}", self.base_url));
        let request = request.bearer_auth(&self.api_key).json(body);
        let began = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        let took = began.elapsed();
        ensure!(status == 200, "POST {path}: {status}: {text}");
        Ok((took, text))
    }
}

fn return_order(code: &str) -> Value {
    json!({
        "returnOrderCode": code,
        "forwardOrderCode": format!("ORDER-OF-{code}"),
        "locationCode": "WH-BLR-01",
        "returnOrderTime": "2026-01-16T12:31:02+05:30",
        "orderType": "SELF_SHIP",
        "orderItems": [
            { "itemCode": "PIECE-1", "channelSkuCode": "JEANS-32-BLUE", "reason": "Different size" },
            { "itemCode": "PIECE-2", "channelSkuCode": "SHIRT-M-WHITE", "reason": "Damaged" },
        ],
    })
}

fn results() -> Value {
    json!({
        "orderItems": [
            { "itemCode": "PIECE-1", "qcStatus": "PASS" },
            {
                "itemCode": "PIECE-2",
                "qcStatus": "FAIL",
                "qcReason": "STAIN_DAMAGE",
                "imageUrls": ["https://images.example.com/piece-2.jpg"],
            },
        ],
    })
}
