//! The AWB of a return order that was created without one: the body of `PUT …/awb`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::described_values::FreeText;
use crate::contract::fields::Fields;
use crate::contract::values::{parsed, text};
use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::text::Awb;

/// The AWB of a return order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwbOfReturn {
    /// The return order, if the body names it.
    pub return_order_code: Option<ReturnOrderCode>,
    /// The AWB.
    pub awb: Awb,
    /// The courier.
    pub transporter: Option<String>,
}

/// Reads the body if the path has the code.
pub fn read(fields: &Fields<'_>) -> Option<AwbOfReturn> {
    let return_order_code = fields.optional("returnOrderCode", parsed);
    let awb = fields.required("awbNumber", parsed);
    let transporter = fields.optional("transporter", text);
    Some(AwbOfReturn {
        return_order_code: return_order_code?,
        awb: awb?,
        transporter: transporter?,
    })
}

/// Reads the body if it has the code itself.
pub fn read_with_code(fields: &Fields<'_>) -> Option<AwbOfReturn> {
    fields.required("returnOrderCode", parsed::<ReturnOrderCode>);
    read(fields)
}

/// The AWB of a return order in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AwbOfReturn)]
pub struct AwbOfReturnBody {
    /// The code of the return order; only without it in the path.
    #[schema(value_type = Option<ReturnOrderCode>)]
    pub return_order_code: Option<String>,
    /// The courier's tracking number.
    #[schema(value_type = Awb)]
    pub awb_number: String,
    /// The courier.
    #[schema(value_type = Option<FreeText>)]
    pub transporter: Option<String>,
}
