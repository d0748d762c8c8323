//! What every simulator has: its call log, its faults, and its pusher.

use axum::response::Response;

use crate::calls::{CallLog, VendorRequest};
use crate::faults::Faults;
use crate::push::Pusher;

/// One simulator's desk.
pub(super) struct Desk {
    pub(super) calls: CallLog,
    pub(super) faults: Faults,
    pub(super) pusher: Pusher,
}

impl Desk {
    /// A desk for a vendor with these calls.
    pub(super) fn new(calls: &'static [&'static str], pusher: Pusher) -> Self {
        Self {
            calls: CallLog::default(),
            faults: Faults::new(calls),
            pusher,
        }
    }

    /// Answers one vendor call: logs it, and applies the next fault for `call`, if there is one.
    ///
    /// `effect` executes the call and answers it; `refuse` answers with the vendor's own refusal and the given message.
    pub(super) async fn serve(
        &self,
        call: &str,
        request: &VendorRequest,
        refuse: impl FnOnce(Option<String>) -> Response,
        effect: impl FnOnce() -> Response,
    ) -> Response {
        self.calls.record(request);
        match self.faults.take(call) {
            Some(fault) => fault.befall(refuse, effect).await,
            None => effect(),
        }
    }
}
