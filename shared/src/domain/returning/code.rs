//! The codes of a return order and of its items.

use crate::domain::text::{NotAllowed, OrderNumber, Rule, Shape, Text};

/// The rule of a return order's code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReturnOrderCodeRule {}
/// The channel's own code of a return order. The AWB of the return is bought under it as order number.
pub type ReturnOrderCode = Text<ReturnOrderCodeRule>;

impl Rule for ReturnOrderCodeRule {
    const NAME: &'static str = "ReturnOrderCode";
    const SHAPE: Shape = Shape::CODE;
}

impl ReturnOrderCode {
    /// The code as the order number of its return shipment, and as the subject of its messages.
    pub fn order_number(&self) -> Result<OrderNumber, NotAllowed> {
        Text::stored(self.as_str())
    }
}

/// The rule of an item's code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReturnItemCodeRule {}
/// The channel's own code of one piece of a return order; unique within it.
pub type ReturnItemCode = Text<ReturnItemCodeRule>;

impl Rule for ReturnItemCodeRule {
    const NAME: &'static str = "ReturnItemCode";
    const SHAPE: Shape = Shape::CODE;
}
