//! The answer to a warehouse's report.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::fulfilling::warehouse_report::ReportFlag;
use crate::domain::text::SalesOrderNumber;

/// A report that is recorded, and whose message is stored and queued.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordedReport)]
pub struct RecordedReportBody {
    /// The sales order to which it belongs.
    #[schema(value_type = SalesOrderNumber, example = "SO_12345678")]
    pub so_number: String,
    /// The id of the message that forwards it, for `GET /messages/{messageId}`.
    #[schema(example = "msg_eda4649e9909cd818d1a_Paf5570f543aa62c30ef3dc98c8e0ab03")]
    pub message_id: String,
    /// What is unusual about it; empty if nothing.
    pub flags: Vec<ReportFlag>,
}
