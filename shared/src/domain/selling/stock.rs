//! The stock of articles in a sales channel.

use rust_decimal::Decimal;

use crate::domain::text::{Rule, Shape, Text};

/// The rule of a SKU.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkuRule {}
/// The channel's stock keeping unit of an article.
pub type Sku = Text<SkuRule>;

impl Rule for SkuRule {
    const NAME: &'static str = "Sku";
    const SHAPE: Shape = Shape::CODE;
}

/// The most pieces that a channel can keep of an article.
const MOST_PIECES: Decimal = Decimal::from_parts(99_999_999, 0, 0, false, 0);
/// The most decimals: a shop may sell fractions.
const MOST_DECIMALS: u32 = 4;

/// How much there is of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockQuantity(Decimal);

/// The value is no quantity of stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a number from 0 to 99999999 with at most 4 decimals")]
pub struct NotAQuantity;

impl StockQuantity {
    /// The number.
    pub fn number(self) -> Decimal {
        self.0
    }
}

impl TryFrom<Decimal> for StockQuantity {
    type Error = NotAQuantity;

    fn try_from(number: Decimal) -> Result<Self, NotAQuantity> {
        let number = number.normalize();
        let is_valid =
            number.scale() <= MOST_DECIMALS && number >= Decimal::ZERO && number <= MOST_PIECES;
        if is_valid {
            Ok(Self(number))
        } else {
            Err(NotAQuantity)
        }
    }
}

/// The stock that an article shall have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedStock {
    /// The article.
    pub sku: Sku,
    /// How much there is of it.
    pub quantity: StockQuantity,
    /// Whether it can be bought; if the client does not say, it can while there is some.
    pub in_stock: Option<bool>,
}

impl WantedStock {
    /// Whether it can be bought.
    pub fn is_in_stock(&self) -> bool {
        self.in_stock
            .unwrap_or_else(|| self.quantity.number() > Decimal::ZERO)
    }

    /// Whether an article has this stock. What the client did not say is the channel's business.
    pub fn is_as(&self, quantity: Decimal, in_stock: bool) -> bool {
        quantity == self.quantity.number() && self.in_stock.is_none_or(|wanted| wanted == in_stock)
    }
}

/// Why an article has not the stock that it shall have, in words for the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSet {
    /// The channel does not know the article.
    #[error("the shop has no stock of this SKU: it knows no such article")]
    Unknown,
    /// The channel's interface cannot name the article.
    #[error(
        "this shop keeps no stock by source, and without sources a SKU with a slash cannot be addressed"
    )]
    NotAddressable,
    /// The channel answered with a success, and the article still has another stock.
    #[error(
        "the shop answered, but its stock is still {0}: it does not keep the stock of this article itself"
    )]
    Unchanged(Decimal),
    /// The channel answered with a success, and the article can be bought, or not, against the request.
    #[error("the shop answered, and has the quantity, but not the wanted inStock")]
    OtherStatus,
    /// The channel refused it.
    #[error("refused by the shop: {0}")]
    Refused(String),
    /// It is not known whether the channel did it. Setting it again does no harm.
    #[error("the shop gave no clear answer in time; repeat the request")]
    Unclear,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_quantity_is_not_negative_and_has_four_decimals_at_most() {
        for valid in ["0", "1", "2.5000000", "0.0001", "99999999"] {
            assert!(StockQuantity::try_from(number(valid)).is_ok(), "{valid}");
        }
        for wrong in ["-1", "-0.0001", "0.00001", "99999999.1", "100000000"] {
            assert!(StockQuantity::try_from(number(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_status_that_the_client_named_is_compared() {
        let mut wanted = WantedStock {
            sku: "A".parse().unwrap(),
            quantity: number("5").try_into().unwrap(),
            in_stock: None,
        };
        assert!(wanted.is_in_stock());
        assert!(wanted.is_as(number("5.0000"), false) && !wanted.is_as(number("4"), true));
        wanted.in_stock = Some(false);
        assert!(!wanted.is_in_stock());
        assert!(wanted.is_as(number("5"), false) && !wanted.is_as(number("5"), true));
    }
}
