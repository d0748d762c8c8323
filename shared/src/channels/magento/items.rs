//! The rows of an order → its articles. A configurable product has two rows: the parent has the prices, the child the SKU.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::channels::magento::order::{
    amount, personal, reduction, required, taxes, unusable, words,
};
use crate::channels::magento::wire::{Text, WireId, WireItem, WireItemTaxes, WireNumber};
use crate::domain::selling::order::{
    AppliedTax, GiftCard, ItemPrice, ItemQuantity, ShopItem, UnusableOrder,
};

/// The only type of product that is an article: the others are its parents, or do not ship.
const SIMPLE: &str = "simple";
const CONFIGURABLE: &str = "configurable";
const BUNDLE: &str = "bundle";
/// The `shipment_type` of a bundle whose children ship separately.
const SEPARATELY: &str = "1";

/// The articles of an order.
pub(super) fn read(
    rows: &[WireItem<'_>],
    row_taxes: &[WireItemTaxes<'_>],
) -> Result<Vec<ShopItem>, UnusableOrder> {
    let by_id: BTreeMap<WireId, &WireItem<'_>> = rows
        .iter()
        .filter_map(|row| Some((row.item_id?, row)))
        .collect();
    let simple = rows.iter().filter(|row| is(row, SIMPLE));
    simple
        .map(|row| {
            let nested = row.parent_item.as_deref();
            let id = row
                .parent_item_id
                .or_else(|| nested.and_then(|parent| parent.item_id));
            let listed = id.and_then(|id| by_id.get(&id).copied());
            let family = Family {
                row,
                parent_id: id,
                parent: listed.or(nested.filter(|_| id.is_some())),
            };
            family.item(row_taxes)
        })
        .collect()
}

fn is(row: &WireItem<'_>, product_type: &str) -> bool {
    let found = row.product_type.as_ref();
    found.is_some_and(|found| found.0 == product_type)
}

/// A simple product with the row that it is a part or a variant of.
#[derive(Clone, Copy)]
struct Family<'a, 'b> {
    row: &'a WireItem<'b>,
    parent_id: Option<WireId>,
    parent: Option<&'a WireItem<'b>>,
}

impl Family<'_, '_> {
    fn item(self, row_taxes: &[WireItemTaxes<'_>]) -> Result<ShopItem, UnusableOrder> {
        let row = self.row;
        let id = required("items.item_id", self.fulfilled_id())?;
        let sku = required("items.sku", words(row.sku.as_ref()))?;
        let ordered = required("items.qty_ordered", amount(row.qty_ordered))?;
        if ordered.is_sign_negative() {
            return Err(unusable("items.qty_ordered", "is negative"));
        }
        Ok(ShopItem {
            id: id.0.to_string(),
            parent_id: self.parent_id.map(|id| id.0.to_string()),
            sku,
            name: words(row.name.as_ref()),
            quantity: ItemQuantity {
                ordered,
                cancelled: self.number(|row| row.qty_canceled).unwrap_or_default(),
                refunded: self.number(|row| row.qty_refunded).unwrap_or_default(),
            },
            price: self.price(),
            taxes: self.taxes(row_taxes),
            gift_card: gift_card(row),
        })
    }

    /// The id that shipping and invoicing take: of a configurable product and of a bundle that ships together the parent's, of
    /// one that ships separately the child's.
    fn fulfilled_id(self) -> Option<WireId> {
        let parent = self.parent;
        let is_of_parent = parent.is_some_and(|parent| {
            let is_in_parts =
                ships_separately(parent.product_type.as_ref(), parent.shipment_type.as_ref());
            is(parent, CONFIGURABLE) || is(parent, BUNDLE) && !is_in_parts
        });
        if is_of_parent {
            self.parent_id
        } else {
            self.row.item_id
        }
    }

    /// A number of the row. The parent of a configurable product has what its variant lacks.
    fn number(self, of: impl Fn(&WireItem<'_>) -> Option<WireNumber>) -> Option<Decimal> {
        let own = amount(of(self.row));
        if own.is_some_and(|own| !own.is_zero()) {
            return own;
        }
        let parent = self.parent.filter(|parent| is(parent, CONFIGURABLE));
        parent.and_then(|parent| amount(of(parent))).or(own)
    }

    fn price(self) -> ItemPrice {
        ItemPrice {
            price: self.number(|row| row.price),
            price_incl_tax: self.number(|row| row.price_incl_tax),
            original_price: self.number(|row| row.original_price),
            row_total_incl_tax: self.number(|row| row.row_total_incl_tax),
            tax: self.number(|row| row.tax_amount),
            discount: self.number(|row| row.discount_amount).map(reduction),
        }
    }

    /// The taxes of the row; those of a configurable product are its parent's.
    fn taxes(self, row_taxes: &[WireItemTaxes<'_>]) -> Vec<AppliedTax> {
        let parent = self.parent.filter(|parent| is(parent, CONFIGURABLE));
        let ids = [self.row.item_id, parent.and_then(|parent| parent.item_id)];
        let mut ids = ids.into_iter().flatten();
        let of = |id: WireId| row_taxes.iter().filter(move |row| row.item_id == Some(id));
        let found = ids.find_map(|id| {
            let taxes: Vec<AppliedTax> = of(id).flat_map(of_row).collect();
            (!taxes.is_empty()).then_some(taxes)
        });
        found.unwrap_or_default()
    }
}

fn of_row(row: &WireItemTaxes<'_>) -> Vec<AppliedTax> {
    taxes(row.applied_taxes.as_deref().unwrap_or_default())
}

/// Whether a row is a bundle whose children ship separately.
pub(super) fn ships_separately(
    product_type: Option<&Text<'_>>,
    shipment_type: Option<&Text<'_>>,
) -> bool {
    product_type.is_some_and(|kind| kind.0 == BUNDLE)
        && shipment_type.is_some_and(|shipment_type| shipment_type.0 == SEPARATELY)
}

fn gift_card(row: &WireItem<'_>) -> Option<GiftCard> {
    let option = row
        .product_option
        .0
        .as_ref()?
        .extension_attributes
        .0
        .as_ref()?;
    let card = option.giftcard_item_option.0.as_ref()?;
    let read = GiftCard {
        amount: words(card.giftcard_amount.as_ref()),
        custom_amount: amount(card.custom_giftcard_amount),
        sender_name: personal(card.giftcard_sender_name.as_ref()),
        sender_email: personal(card.giftcard_sender_email.as_ref()),
        recipient_name: personal(card.giftcard_recipient_name.as_ref()),
        recipient_email: personal(card.giftcard_recipient_email.as_ref()),
        message: personal(card.giftcard_message.as_ref()),
    };
    (read != GiftCard::default()).then_some(read)
}
