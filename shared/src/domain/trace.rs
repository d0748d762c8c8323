//! The W3C trace context of a request (<https://www.w3.org/TR/trace-context/>): which trace it belongs to.
//!
//! RMS exports no spans of its own, so it passes the context on as it came, as the standard wants from such a service.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The lengths of version, trace id, parent id and flags, in hexadecimal digits.
const PARTS: [usize; 4] = [2, 32, 16, 2];
/// A version that the standard forbids.
const NO_VERSION: &str = "ff";

/// A valid `traceparent` of the standard's first version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TraceParent(String);

/// It is not valid. A request with such a header is handled as if it had none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a valid traceparent")]
pub struct InvalidTraceParent;

impl TraceParent {
    /// The header's value.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the trace.
    pub fn trace_id(&self) -> &str {
        self.0.split('-').nth(1).unwrap_or_default()
    }
}

impl FromStr for TraceParent {
    type Err = InvalidTraceParent;

    /// A later version may have more parts; what is passed on is the first version's.
    fn from_str(text: &str) -> Result<Self, InvalidTraceParent> {
        let parts: Vec<&str> = text.split('-').collect();
        let Some((&[version, trace_id, parent_id, flags], more)) = parts.split_first_chunk() else {
            return Err(InvalidTraceParent);
        };
        let known = [version, trace_id, parent_id, flags];
        let is_valid = known
            .iter()
            .zip(PARTS)
            .all(|(part, length)| is_hex(part, length))
            && version != NO_VERSION
            && (version != "00" || more.is_empty())
            && !is_zero(trace_id)
            && !is_zero(parent_id);
        if !is_valid {
            return Err(InvalidTraceParent);
        }
        Ok(Self(format!("00-{trace_id}-{parent_id}-{flags}")))
    }
}

fn is_hex(part: &str, length: usize) -> bool {
    part.len() == length
        && part
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_zero(part: &str) -> bool {
    part.bytes().all(|byte| byte == b'0')
}

impl TryFrom<String> for TraceParent {
    type Error = InvalidTraceParent;

    fn try_from(text: String) -> Result<Self, InvalidTraceParent> {
        text.parse()
    }
}

impl From<TraceParent> for String {
    fn from(parent: TraceParent) -> Self {
        parent.0
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALID: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_valid_one_is_kept_and_says_its_trace() {
        let parent: TraceParent = VALID.parse().unwrap();
        assert_eq!(parent.as_str(), VALID);
        assert_eq!(parent.trace_id(), "0af7651916cd43dd8448eb211c80319c");
        let later = VALID.replacen("00-", "01-", 1) + "-more";
        assert_eq!(later.parse(), Ok(parent));
    }

    #[test]
    fn an_invalid_one_is_none() {
        let zero_trace = VALID.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32));
        let zero_parent = VALID.replace("b7ad6b7169203331", &"0".repeat(16));
        let more = format!("{VALID}-more");
        let capitals = VALID.to_uppercase();
        let forbidden = VALID.replacen("00-", "ff-", 1);
        let short = &VALID[..VALID.len() - 1];
        for text in [
            "",
            "-",
            "00",
            short,
            &zero_trace,
            &zero_parent,
            &more,
            &capitals,
            &forbidden,
        ] {
            assert_eq!(
                text.parse::<TraceParent>(),
                Err(InvalidTraceParent),
                "{text}"
            );
        }
    }
}
