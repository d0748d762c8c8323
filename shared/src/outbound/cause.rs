//! Names the cause of a call that got no response.

use std::error::Error;
use std::io::{self, ErrorKind};

use crate::domain::failure_cause::FailureCause;
use crate::outbound::client::SendError;

/// The name of a host has no address, or no resolver answered.
#[derive(Debug, thiserror::Error)]
#[error("the name cannot be resolved")]
pub(super) struct Unresolved(#[source] pub(super) Option<Box<dyn Error + Send + Sync>>);

impl SendError {
    /// Why there is no response; `None` if the target is forbidden, so that nothing was tried.
    pub fn cause(&self) -> Option<FailureCause> {
        match self {
            Self::Forbidden(_) => None,
            Self::NotSent(error) | Self::Unanswered(error) => Some(cause_of(error)),
        }
    }
}

/// The libraries report one failure in several layers, so each layer is asked, from the most specific to the least.
fn cause_of(error: &reqwest::Error) -> FailureCause {
    if causes(error).any(<dyn Error>::is::<Unresolved>) {
        return FailureCause::NameNotResolved;
    }
    if let Some(cause) = causes(error).find_map(of_tls) {
        return cause;
    }
    if error.is_timeout() {
        return if error.is_connect() {
            FailureCause::ConnectTimeout
        } else {
            FailureCause::ResponseTimeout
        };
    }
    causes(error)
        .find_map(of_socket)
        .or_else(|| causes(error).find_map(of_http))
        .unwrap_or(FailureCause::Other)
}

/// An error and all its causes, including the one inside an I/O error, which its `source` leaves out.
pub(super) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&cause| {
        match cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => cause.source(),
        }
    })
}

fn of_tls(cause: &(dyn Error + 'static)) -> Option<FailureCause> {
    let error = cause.downcast_ref::<rustls::Error>()?;
    Some(if matches!(error, rustls::Error::InvalidCertificate(_)) {
        FailureCause::CertificateInvalid
    } else {
        FailureCause::TlsFailed
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a foreign type: only these kinds say something about a connection"
)]
fn of_socket(cause: &(dyn Error + 'static)) -> Option<FailureCause> {
    let error = cause.downcast_ref::<io::Error>()?;
    match error.kind() {
        ErrorKind::ConnectionRefused => Some(FailureCause::ConnectionRefused),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Some(FailureCause::ConnectionReset),
        ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrNotAvailable => Some(FailureCause::HostUnreachable),
        ErrorKind::TimedOut => Some(FailureCause::ConnectTimeout),
        _ => None,
    }
}

fn of_http(cause: &(dyn Error + 'static)) -> Option<FailureCause> {
    let error = cause.downcast_ref::<hyper::Error>()?;
    if error.is_parse() {
        Some(FailureCause::InvalidResponse)
    } else if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        Some(FailureCause::ConnectionReset)
    } else {
        None
    }
}
