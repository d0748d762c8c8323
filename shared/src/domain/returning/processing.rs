//! What the warehouse found when it processed returned goods.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::returning::code::ReturnItemCode;

/// The result of the quality check of a piece.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    utoipa::ToSchema,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum QcStatus {
    /// The piece is as it should be.
    Pass,
    /// It is not; the reason says why.
    Fail,
}

/// The result of one piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProcessedItem {
    /// The piece.
    pub item_code: ReturnItemCode,
    /// Its result.
    pub qc_status: QcStatus,
    /// Why it failed; absent if it passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qc_reason: Option<String>,
    /// Pictures of a piece that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub image_urls: Vec<Url>,
}

/// One call of the warehouse: the results of some pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnProcessing {
    /// The pieces with their results.
    pub items: Vec<ProcessedItem>,
    /// Whether it replaces earlier results.
    #[serde(default)]
    pub correction: bool,
    /// When the warehouse processed them, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processed_at: Option<Timestamp>,
    /// The identity of the messages that tell these results: the same call sends the same messages.
    pub message_identity: String,
}

/// What is known of a piece after all processing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemResult {
    /// Its present result.
    pub item: ProcessedItem,
    /// When it was corrected last, if it was.
    pub corrected_at: Option<Timestamp>,
}
