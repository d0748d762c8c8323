//! What a parcel of an outbound order is tracked by.

use crate::domain::text::{Rule, Shape, Text};

/// The rule of a tracking id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrackingIdRule {}
/// The logistics provider's id of an order's delivery: `delivery_no` or `tracking_id` on the wire.
pub type TrackingId = Text<TrackingIdRule>;

impl Rule for TrackingIdRule {
    const NAME: &'static str = "TrackingId";
    const SHAPE: Shape = Shape::CODE;
}
