//! Why a call to a system outside RMS got no response.

use serde::{Deserialize, Serialize};

/// Why a call got no response: each cause is fixed at another place. The words are part of the API and of stored records.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumIter,
    utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum FailureCause {
    /// No resolver knows an address of the name.
    NameNotResolved,
    /// Nothing listens on the port, or a firewall says so.
    ConnectionRefused,
    /// No route leads to the address.
    HostUnreachable,
    /// The name was not resolved, or no connection was made, within the time for both.
    ConnectTimeout,
    /// The certificate is not valid for the name, has expired, or is from an authority that RMS does not trust.
    CertificateInvalid,
    /// The other side speaks no TLS, or shares no version or cipher with RMS.
    TlsFailed,
    /// The connection was closed or reset before the response was complete.
    ConnectionReset,
    /// The connection was made, but the response was not complete in time.
    ResponseTimeout,
    /// The response is not HTTP.
    InvalidResponse,
    /// None of these; the log line of the call has the error.
    Other,
    /// A word of a newer version of RMS, read from a stored record.
    #[serde(other)]
    Unknown,
}

impl FailureCause {
    /// The cause in words, as the end of a sentence such as "the partner cannot be reached: …".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::NameNotResolved => "the name cannot be resolved",
            Self::ConnectionRefused => "the connection was refused",
            Self::HostUnreachable => "the host is unreachable",
            Self::ConnectTimeout => "no connection was made in time",
            Self::CertificateInvalid => "the certificate is not valid",
            Self::TlsFailed => "TLS could not be set up",
            Self::ConnectionReset => "the connection was closed too early",
            Self::ResponseTimeout => "no complete response arrived in time",
            Self::InvalidResponse => "the response is not HTTP",
            Self::Other | Self::Unknown => "the connection failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn a_stored_cause_is_read_again_and_one_of_a_newer_version_is_unknown() {
        for cause in FailureCause::iter() {
            let stored = serde_json::to_string(&cause).unwrap();
            assert_eq!(stored, format!("\"{cause}\""));
            assert_eq!(
                serde_json::from_str::<FailureCause>(&stored).unwrap(),
                cause
            );
        }
        let newer: FailureCause = serde_json::from_str("\"PROXY_REFUSED\"").unwrap();
        assert_eq!(newer, FailureCause::Unknown);
    }
}
