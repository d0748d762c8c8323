//! The queue of return requests that are to be read from their channel. A message only names the request, so all messages about
//! one are answered by one reading.
//!
//! Each request has its own group: its readings follow one another, and a later one never meets an older one under way.

use serde::{Deserialize, Serialize};

use crate::digest::{Sha256, hex};
use crate::domain::text::{AccountAlias, ChannelReturnId, ClientId, RequestId};
use crate::queue::sender::{NotSent, Sender};

/// The body of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum ReadingTask {
    /// Read a request for a return.
    #[serde(rename = "return.v1")]
    Return(ReturnReading),
}

/// A request that is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnReading {
    /// The client.
    pub client_id: ClientId,
    /// The channel account.
    pub alias: AccountAlias,
    /// The request.
    pub return_id: ChannelReturnId,
    /// The id of the webhook, or of the run, that named it.
    pub request_id: RequestId,
}

/// The queue, for sending.
#[derive(Debug, Clone)]
pub struct ReadingQueue(Sender);

impl ReadingQueue {
    /// The queue to which this sends.
    pub fn new(sender: Sender) -> Self {
        Self(sender)
    }

    /// Sends a request. A webhook or a run sends each once: a repeated send is dropped.
    pub async fn send(&self, reading: &ReturnReading) -> Result<(), NotSent> {
        let body = serde_json::to_string(&ReadingTask::Return(reading.clone()));
        let body = body.map_err(|error| NotSent::new(error.into()))?;
        let deduplication = hashed(&[body.as_str()]);
        self.0
            .send_raw(body, &reading.group(), &deduplication)
            .await
    }
}

impl ReturnReading {
    /// Parses a message; `None` if this version cannot.
    pub fn parse(body: &str) -> Option<Self> {
        let ReadingTask::Return(reading) = serde_json::from_str(body).ok()?;
        Some(reading)
    }

    /// What all messages about a request have in common.
    pub fn group(&self) -> String {
        let parts = [
            self.client_id.as_str(),
            self.alias.as_str(),
            self.return_id.as_str(),
        ];
        hashed(&parts)
    }
}

fn hashed(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hex(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(alias: &str, request_id: &str) -> ReturnReading {
        ReturnReading {
            client_id: "demo".parse().unwrap(),
            alias: alias.parse().unwrap(),
            return_id: "65f0c0ffee0123456789abcd".parse().unwrap(),
            request_id: request_id.parse().unwrap(),
        }
    }

    #[test]
    fn the_format_of_a_message() {
        let task = ReadingTask::Return(reading("returns", "r-1"));
        let body = serde_json::to_string(&task).unwrap();
        insta::assert_snapshot!(body, @r#"{"kind":"return.v1","clientId":"demo","alias":"returns","returnId":"65f0c0ffee0123456789abcd","requestId":"r-1"}"#);
        assert_eq!(ReturnReading::parse(&body), Some(reading("returns", "r-1")));
        for other in ["", "{}", r#"{"kind":"return.v2"}"#] {
            assert_eq!(ReturnReading::parse(other), None);
        }
    }

    #[test]
    fn the_messages_about_a_request_share_a_group() {
        assert_eq!(
            reading("returns", "r-1").group(),
            reading("returns", "r-2").group()
        );
        assert_ne!(
            reading("returns", "r-1").group(),
            reading("others", "r-1").group()
        );
    }
}
