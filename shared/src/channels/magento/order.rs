//! A shop's order → ours.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::channels::magento::account::is_cod;
use crate::channels::magento::items;
use crate::channels::magento::wire::{
    Text, WireAddress, WireNumber, WireOrder, WireOrderExtension, WireTax,
};
use crate::domain::account::ChannelAccount;
use crate::domain::money::Currency;
use crate::domain::order::PaymentType;
use crate::domain::personal::Personal;
use crate::domain::selling::order::{
    AppliedTax, BaseTotal, OrderAmounts, ShopAddress, ShopOrder, UnusableOrder,
};

/// Reads an order from its JSON.
pub(super) fn read(account: &ChannelAccount, json: &str) -> Result<ShopOrder, UnusableOrder> {
    let order: WireOrder<'_> =
        serde_json::from_str(json).map_err(|error| unreadable(json, &error))?;
    translated(account, order)
}

fn translated(account: &ChannelAccount, order: WireOrder<'_>) -> Result<ShopOrder, UnusableOrder> {
    let id = order.entity_id.0.to_string().parse();
    let id = id.map_err(|_| unusable("entity_id", "is no order id"))?;
    let created_at = required("created_at", time(order.created_at.as_ref()))?;
    let currency = required(
        "order_currency_code",
        currency(order.order_currency_code.as_ref()),
    )?;
    let grand_total = required("grand_total", amount(order.grand_total))?;
    let added = order.extension_attributes.0.unwrap_or_default();
    let method = order.payment.and_then(|payment| payment.method);
    let is_cod = method.is_some_and(|method| is_cod(account, &method.0));
    Ok(ShopOrder {
        id,
        number: words(order.increment_id.as_ref()),
        status: words(order.status.as_ref()),
        state: words(order.state.as_ref()),
        created_at,
        updated_at: time(order.updated_at.as_ref()).unwrap_or(created_at),
        currency,
        payment: if is_cod {
            PaymentType::Cod
        } else {
            PaymentType::Prepaid
        },
        amounts: OrderAmounts {
            grand_total,
            shipping: amount(order.shipping_amount),
            discount: amount(order.discount_amount).map(reduction),
            cod_fee: amount(added.cash_on_delivery_fee),
            store_credit: store_credit(&added),
        },
        base: BaseTotal {
            currency: self::currency(order.base_currency_code.as_ref()),
            grand_total: amount(order.base_grand_total),
        },
        billing: order.billing_address.as_ref().map(address),
        taxes: taxes(added.applied_taxes.as_deref().unwrap_or_default()),
        items: items::read(
            order.items.as_deref().unwrap_or_default(),
            added.item_applied_taxes.as_deref().unwrap_or_default(),
        )?,
        shipping: shipping(&added),
    })
}

/// Says which field is invalid; the error itself would quote its value.
fn unreadable(json: &str, error: &serde_json::Error) -> UnusableOrder {
    let mut lines = json.split_inclusive('\n');
    let mut before = String::new();
    for _ in 1..error.line() {
        before.push_str(lines.next().unwrap_or_default());
    }
    let line = lines.next().unwrap_or_default();
    before.push_str(line.get(..error.column()).unwrap_or(line));
    let mut names = before.rsplit("\":").skip(1);
    let name = names.next().and_then(|before| before.rsplit('"').next());
    let name = name.filter(|name| {
        name.bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_lowercase())
    });
    unusable(
        "the order",
        format!("is invalid at {}", name.unwrap_or("its end")),
    )
}

pub(super) fn unusable(field: &'static str, detail: impl Into<String>) -> UnusableOrder {
    UnusableOrder {
        field,
        detail: detail.into(),
    }
}

pub(super) fn required<T>(field: &'static str, value: Option<T>) -> Result<T, UnusableOrder> {
    value.ok_or_else(|| unusable(field, "is missing or invalid"))
}

/// A time of a shop, which is in UTC.
pub(super) fn time(value: Option<&Text<'_>>) -> Option<Timestamp> {
    let text = value?.0.trim();
    let civil = text.parse::<DateTime>().ok()?;
    let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

fn currency(code: Option<&Text<'_>>) -> Option<Currency> {
    code?.0.parse().ok()
}

pub(super) fn amount(number: Option<WireNumber>) -> Option<Decimal> {
    number.map(|number| number.0)
}

/// The shop writes an order's discount as a negative number, and a row's as a positive one.
pub(super) fn reduction(discount: Decimal) -> Decimal {
    discount.abs()
}

fn store_credit(added: &WireOrderExtension<'_>) -> Option<Decimal> {
    let credit = added.amstorecredit_amount;
    amount(credit.or(added.customer_balance_amount))
}

/// A text that is not blank.
pub(super) fn words(text: Option<&Text<'_>>) -> Option<String> {
    let text = &text?.0;
    (!text.trim().is_empty()).then(|| text.clone().into_owned())
}

/// Personal data that is not blank.
pub(super) fn personal(text: Option<&Text<'_>>) -> Option<Personal> {
    words(text).map(Personal::from)
}

fn shipping(added: &WireOrderExtension<'_>) -> Option<ShopAddress> {
    let assignments = added.shipping_assignments.iter().flatten();
    let mut addresses = assignments.filter_map(|one| one.shipping.as_ref()?.address.as_ref());
    addresses.next().map(address)
}

fn address(address: &WireAddress<'_>) -> ShopAddress {
    let mut street = address.street.iter().flatten();
    let (first, second) = (street.next(), street.next());
    let others: Vec<String> = street.filter_map(|line| words(Some(line))).collect();
    let third = (!others.is_empty()).then(|| Personal::from(others.join(", ")));
    ShopAddress {
        first_name: personal(address.firstname.as_ref()),
        middle_name: personal(address.middlename.as_ref()),
        last_name: personal(address.lastname.as_ref()),
        lines: [personal(first), personal(second), third],
        city: words(address.city.as_ref()),
        state: words(address.region.as_ref()),
        zip: words(address.postcode.as_ref()),
        country_code: words(address.country_id.as_ref()),
        email: personal(address.email.as_ref()),
        phone: personal(address.telephone.as_ref()),
    }
}

pub(super) fn taxes(taxes: &[WireTax<'_>]) -> Vec<AppliedTax> {
    let taxes = taxes.iter();
    taxes
        .map(|tax| {
            let title = tax.title.as_ref().or(tax.code.as_ref());
            AppliedTax {
                title: title.map(|title| title.0.clone().into_owned()),
                percent: amount(tax.percent),
                amount: amount(tax.amount),
            }
        })
        .collect()
}
