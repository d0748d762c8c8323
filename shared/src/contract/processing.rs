//! The warehouse's results of a return order: the body of `POST …/processing`, and the response.
//!
//! Pictures are sent on as URLs and never fetched.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use crate::contract::described_values::HttpsUrl;
use crate::contract::fields::Fields;
use crate::contract::values::{flag, instant, one_of, parsed, web_url};
use crate::domain::document_url::has_login;
use crate::domain::message::MessageKind;
use crate::domain::returning::code::{ReturnItemCode, ReturnOrderCode};
use crate::domain::returning::processing::{ProcessedItem, QcStatus, ReturnProcessing};
use crate::domain::returning::state::ReturnOrderState;
use crate::domain::text::{Rule, Shape, Text};

/// The maximum number of pictures of a piece.
pub const MOST_IMAGES: usize = 20;
/// The maximum size of the results of a call, in bytes: they are stored as one item.
const MOST_BYTES: usize = 200_000;

/// The rule of a reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QcReasonRule {}
/// Why a piece failed: a word of the standard list, such as `STAIN_DAMAGE`, or any other text.
pub type QcReason = Text<QcReasonRule>;

impl Rule for QcReasonRule {
    const NAME: &'static str = "QcReason";
    const SHAPE: Shape = Shape::CODE;
}

/// Reads the body of `POST /return-orders/{returnOrderCode}/processing`: the return order, if the body names it too, and
/// the results.
pub fn read(fields: &Fields<'_>) -> Option<(Option<ReturnOrderCode>, ReturnProcessing)> {
    let code = fields.optional("returnOrderCode", parsed);
    let results = results(fields);
    Some((code?, results?))
}

/// Reads the body of `POST /return-orders/processing`, which names the return order.
pub fn read_with_code(fields: &Fields<'_>) -> Option<(ReturnOrderCode, ReturnProcessing)> {
    let code = fields.required("returnOrderCode", parsed);
    let results = results(fields);
    Some((code?, results?))
}

fn results(fields: &Fields<'_>) -> Option<ReturnProcessing> {
    let processed_at = fields.optional("processedAt", instant);
    let met = RefCell::default();
    let items = fields.list(&["orderItems"], |entry| item(entry, &met));
    let correction = fields.optional("correction", flag);
    let items = items?;
    if items.is_empty() {
        fields.wrong_field("orderItems", "must have at least one piece");
    }
    if items.iter().map(bytes).sum::<usize>() > MOST_BYTES {
        let detail = format!(
            "must have at most {MOST_BYTES} bytes of codes, reasons and URLs: send the pieces with several calls"
        );
        fields.wrong_field("orderItems", &detail);
    }
    let correction = correction?.unwrap_or_default();
    Some(ReturnProcessing::new(items, processed_at?, correction))
}

/// Reads a piece. `met` are the codes of the pieces before it.
fn item(fields: &Fields<'_>, met: &RefCell<BTreeSet<ReturnItemCode>>) -> Option<ProcessedItem> {
    let item_code: Option<ReturnItemCode> = fields.required("itemCode", parsed);
    let is_repeated = |code: &ReturnItemCode| !met.borrow_mut().insert(code.clone());
    if item_code.as_ref().is_some_and(is_repeated) {
        fields.wrong_field("itemCode", "must be in the list only once");
    }
    let qc_status = fields.required("qcStatus", one_of("PASS or FAIL"));
    let reason = fields.optional("qcReason", parsed::<QcReason>);
    let images = fields.values("imageUrls", image_url);
    let has_too_many = |images: &Vec<Url>| images.len() > MOST_IMAGES;
    if images.as_ref().is_some_and(has_too_many) {
        let detail = format!("must have at most {MOST_IMAGES} entries");
        fields.wrong_field("imageUrls", &detail);
    }
    match qc_status {
        Some(QcStatus::Fail) if reason == Some(None) => {
            fields.wrong_field("qcReason", "is missing: FAIL needs a reason");
        }
        Some(QcStatus::Pass) => {
            let has_images = images.as_ref().is_some_and(|images| !images.is_empty());
            passes(fields, matches!(reason, Some(Some(_))), has_images);
        }
        Some(QcStatus::Fail) | None => {}
    }
    Some(ProcessedItem {
        item_code: item_code?,
        qc_status: qc_status?,
        qc_reason: reason?.map(|reason| reason.to_string()),
        image_urls: images?,
    })
}

/// How much text a result has.
fn bytes(item: &ProcessedItem) -> usize {
    let images = item.image_urls.iter().map(|url| url.as_str().len());
    let reason = item.qc_reason.as_ref().map_or(0, String::len);
    item.item_code.as_str().len() + reason + images.sum::<usize>()
}

/// A piece that passed has neither a reason nor pictures: with them it is unclear which of the two is wrong.
fn passes(fields: &Fields<'_>, has_reason: bool, has_images: bool) {
    if has_reason {
        fields.wrong_field("qcReason", "must be absent if qcStatus is PASS");
    }
    if has_images {
        fields.wrong_field("imageUrls", "must be empty if qcStatus is PASS");
    }
}

/// The URL of a picture.
fn image_url(value: &Value) -> Result<Url, String> {
    web_url(value)
        .ok()
        .filter(|url| url.scheme() == "https" && !has_login(url))
        .ok_or_else(|| "must be an absolute https URL without a user name".to_owned())
}

/// The body in JSON. The same pieces with the same results, `processedAt` and `correction` are the same call.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReturnProcessing)]
pub struct ReturnProcessingBody {
    /// The return order; needed only if the path does not name it.
    #[schema(value_type = Option<ReturnOrderCode>)]
    pub return_order_code: Option<String>,
    /// When the warehouse processed them (RFC 3339, with an offset).
    #[schema(value_type = Option<String>, format = "date-time")]
    pub processed_at: Option<String>,
    /// The processed pieces, each once; a call need not have all pieces of the return order.
    #[schema(min_items = 1, max_items = 500)]
    pub order_items: Vec<ProcessedItemBody>,
    /// True: the results replace earlier ones.
    pub correction: Option<bool>,
}

/// The result of a piece in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProcessedItem)]
pub struct ProcessedItemBody {
    /// The piece.
    #[schema(value_type = ReturnItemCode)]
    pub item_code: String,
    /// Its result.
    pub qc_status: QcStatus,
    /// Why it failed: a word such as `STAIN_DAMAGE`, or any other text; required with `FAIL`, absent with `PASS`.
    #[schema(value_type = Option<QcReason>)]
    pub qc_reason: Option<String>,
    /// Pictures of a piece that failed. RMS sends the URLs on and never calls them.
    #[schema(value_type = Option<Vec<HttpsUrl>>, max_items = 20)]
    pub image_urls: Option<Vec<String>>,
}

/// A return order whose results are stored and told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProcessedReturn)]
pub struct ProcessedReturnBody {
    /// The return order.
    #[schema(value_type = ReturnOrderCode)]
    pub return_order_code: String,
    /// Its state.
    pub state: ReturnOrderState,
    /// The messages that tell the results, in the order in which they are sent.
    pub messages: Vec<CausedMessageBody>,
}

/// A message that a request caused.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CausedMessage)]
pub struct CausedMessageBody {
    /// Its kind.
    pub kind: MessageKind,
    /// Its id, for `GET /messages/{messageId}`.
    #[schema(example = "msg_eda4649e9909cd818d1a_Aaf5570f543aa62c30ef3dc98c8e0ab03")]
    pub message_id: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::fields::{Unreadable, read_value};

    /// The pointers of the violations of a body.
    fn wrong(body: &Value) -> Vec<String> {
        match read_value(body, read) {
            Ok(_) => Vec::new(),
            Err(Unreadable::Invalid(violations)) => {
                violations.into_iter().map(|wrong| wrong.pointer).collect()
            }
            Err(Unreadable::NotJson(error)) => panic!("{error}"),
        }
    }

    fn failed() -> Value {
        json!({
            "itemCode": "I1", "qcStatus": "FAIL", "qcReason": "STAIN_DAMAGE",
            "imageUrls": ["https://increff.com/img.jpg"],
        })
    }

    #[test]
    fn results_are_read_with_and_without_optional_fields() {
        let body = json!({
            "processedAt": "2026-11-21T09:15:00+05:30", "correction": true,
            "orderItems": [failed(), { "itemCode": "I2", "qcStatus": "PASS", "qcReason": null, "imageUrls": [] }],
        });
        let (code, request) = read_value(&body, read).unwrap();
        assert_eq!(code, None);
        let at = request.processed_at.unwrap().to_string();
        assert_eq!(
            (at.as_str(), request.correction),
            ("2026-11-21T03:45:00Z", true)
        );
        let [one, other] = request.items.as_slice() else {
            panic!("two pieces")
        };
        assert_eq!(one.qc_reason.as_deref(), Some("STAIN_DAMAGE"));
        assert_eq!(one.image_urls.len(), 1);
        assert_eq!((other.qc_status, &other.qc_reason), (QcStatus::Pass, &None));
        let (_, request) = read_value(&json!({ "orderItems": [failed()] }), read).unwrap();
        assert_eq!((request.processed_at, request.correction), (None, false));
    }

    #[test]
    fn every_fault_of_every_piece_is_named_at_once() {
        let body = json!({
            "processedAt": "yesterday", "correction": "yes",
            "orderItems": [
                { "itemCode": "I1", "qcStatus": "FAIL" },
                { "itemCode": "I1", "qcStatus": "PASS", "qcReason": "OTHER_DAMAGE", "imageUrls": ["https://a.example/1"] },
                { "qcStatus": "MAYBE", "imageUrls": ["http://a.example/1", "ftp://a.example", "a.jpg", "https://u:p@a.example/", 7] },
                { "itemCode": "I3", "qcStatus": "FAIL", "qcReason": "x".repeat(101) },
                { "itemCode": "I4", "qcStatus": "FAIL", "qcReason": " " },
            ],
        });
        assert_eq!(
            wrong(&body),
            [
                "/processedAt",
                "/orderItems/0/qcReason",
                "/orderItems/1/itemCode",
                "/orderItems/1/qcReason",
                "/orderItems/1/imageUrls",
                "/orderItems/2/itemCode",
                "/orderItems/2/qcStatus",
                "/orderItems/2/imageUrls/0",
                "/orderItems/2/imageUrls/1",
                "/orderItems/2/imageUrls/2",
                "/orderItems/2/imageUrls/3",
                "/orderItems/2/imageUrls/4",
                "/orderItems/3/qcReason",
                "/orderItems/4/qcReason",
                "/correction",
            ]
        );
    }

    #[test]
    fn a_call_has_at_least_one_piece_and_not_too_many() {
        let passed = |index: usize| json!({ "itemCode": format!("I{index}"), "qcStatus": "PASS" });
        let pieces =
            |count: usize| json!({ "orderItems": (0..count).map(passed).collect::<Vec<_>>() });
        assert_eq!(wrong(&pieces(500)), [""; 0]);
        for body in [
            json!({}),
            pieces(0),
            pieces(501),
            pieces(10_000),
            json!({ "orderItems": 1 }),
        ] {
            assert_eq!(wrong(&body), ["/orderItems"]);
        }
    }

    #[test]
    fn the_pictures_of_a_piece_and_the_text_of_a_call_are_limited() {
        let url = format!("https://a.example/{}", "x".repeat(480));
        let piece = |index: usize, images: usize| {
            let mut piece = failed();
            piece["itemCode"] = json!(format!("I{index}"));
            piece["imageUrls"] = json!(vec![url.clone(); images]);
            piece
        };
        let body = |pieces: Vec<Value>| json!({ "orderItems": pieces });
        assert_eq!(wrong(&body(vec![piece(0, 20)])), [""; 0]);
        assert_eq!(
            wrong(&body(vec![piece(0, 21)])),
            ["/orderItems/0/imageUrls"]
        );
        let many = (0..21).map(|index| piece(index, 20)).collect();
        assert_eq!(wrong(&body(many)), ["/orderItems"]);
    }

    #[test]
    fn the_code_is_needed_where_the_path_does_not_have_it() {
        let code_of = |code: Value| {
            let body = json!({ "returnOrderCode": code, "orderItems": [failed()] });
            let read = read_value(&body, read_with_code);
            read.ok().map(|(code, _)| code.to_string())
        };
        for absent in [json!(null), json!(""), json!(7.5), json!(" a")] {
            assert_eq!(code_of(absent), None);
        }
        assert_eq!(code_of(json!("R/1?")).as_deref(), Some("R/1?"));
        assert_eq!(code_of(json!(7)).as_deref(), Some("7"));
        let body = json!({ "returnOrderCode": "R/1?", "orderItems": [failed()] });
        let (code, _) = read_value(&body, read).unwrap();
        assert_eq!(code.unwrap().as_str(), "R/1?");
    }
}
