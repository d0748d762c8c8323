//! The group of the orders of one request.

use uuid::Uuid;

use crate::domain::text::{NotAllowed, Rule, SalesOrderNumber, Shape, Text};

/// How many characters are before the number of the first order: those of an id, and a hyphen.
const BEFORE_THE_NUMBER: usize = 33;

/// The rule of a group's key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKeyRule {}
/// The key of a group, made by RMS: `group_key` on the wire. The OMS confirms orders by it.
///
/// It names the first order of the group, which tells whether the group exists: a group needs no record of its own.
pub type GroupKey = Text<GroupKeyRule>;

impl Rule for GroupKeyRule {
    const NAME: &'static str = "GroupKey";
    const SHAPE: Shape = Shape::LONG_NAME;
}

impl GroupKey {
    /// The key of the group with this id and this first order.
    pub fn of(id: Uuid, first: &SalesOrderNumber) -> Result<Self, NotAllowed> {
        Self::stored(&format!("{}-{first}", id.simple()))
    }

    /// The first order of the group; `None` if this is no key that RMS made.
    pub fn first_order(&self) -> Option<SalesOrderNumber> {
        let (_, number) = self.as_str().split_at_checked(BEFORE_THE_NUMBER)?;
        Text::stored(number).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_the_first_order_of_its_group() {
        for number in ["1", "SO-1_a", &"x".repeat(50)] {
            let number: SalesOrderNumber = number.parse().unwrap();
            let key = GroupKey::of(Uuid::now_v7(), &number).unwrap();
            assert_eq!(key.first_order(), Some(number));
        }
        for odd in ["g", &"a".repeat(33), &"a".repeat(100)] {
            assert_eq!(odd.parse::<GroupKey>().unwrap().first_order(), None);
        }
    }
}
