//! The group of the orders of one request.

use uuid::Uuid;

use crate::domain::text::{NotAllowed, Rule, Shape, Text};

/// The rule of a group's key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKeyRule {}
/// The key of a group, made by RMS: `group_key` on the wire. The OMS confirms orders by it.
pub type GroupKey = Text<GroupKeyRule>;

impl Rule for GroupKeyRule {
    const NAME: &'static str = "GroupKey";
    const SHAPE: Shape = Shape::NAME;
}

impl GroupKey {
    /// The key with this id.
    pub fn of(id: Uuid) -> Result<Self, NotAllowed> {
        Self::stored(&id.to_string())
    }
}
