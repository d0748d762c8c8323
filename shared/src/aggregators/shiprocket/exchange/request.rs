//! Converts an exchange to Shiprocket's form. Its body has one list of lines, one amount and one payment for both halves:
//! what differs between the halves cannot be expressed, and is refused before anything is sent.

use crate::aggregators::exchange::{ExchangeOrder, FORWARD, FORWARD_NUMBER, RETURN, RETURN_NUMBER};
use crate::aggregators::india;
use crate::aggregators::shiprocket::book::address::contact;
use crate::aggregators::shiprocket::book::lines::{check_quality_checks, items, quality_check};
use crate::aggregators::shiprocket::book::request::{
    channel_id, check_currency, check_name, measures,
};
use crate::aggregators::shiprocket::exchange::wire::{ExchangeBody, ExchangeItem};
use crate::contract::number::json_number;
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::order::{PaymentType, Purpose, ShipmentRequest};
use crate::partners::failure::PartnerFailure;
use crate::partners::violations::Violations;

/// The number of the last return reason in Shiprocket's list.
const REASONS: u32 = 44;
/// The known texts of that list, with their numbers.
const KNOWN_REASONS: [(&str, u32); 6] = [
    ("Bought by Mistake", 1),
    ("Does not fit", 27),
    ("Size not as expected", 28),
    ("Item is damaged", 29),
    ("Received wrong item", 30),
    ("N/A", 44),
];

/// An exchange under these names, of the forward order and of the return, still without the seller's locations.
pub(super) fn exchange<'a>(
    account: &'a LogisticAccount,
    [forward_name, return_name]: [&'a str; 2],
    exchange: ExchangeOrder<'a>,
) -> Result<ExchangeBody<'a>, PartnerFailure> {
    let (forward, returned) = (exchange.forward.request, exchange.returned.request);
    let channel_id = channel_id(account, forward)?;
    let mut violations = Violations::default();
    check_name(&mut violations, FORWARD_NUMBER, forward_name);
    check_name(&mut violations, RETURN_NUMBER, return_name);
    check_both(&mut violations, forward, returned);

    let mut in_forward = Violations::default();
    check_currency(&mut in_forward, Region::Domestic, forward);
    let drop = contact(
        &mut in_forward,
        "/dropAddress",
        Region::Domestic,
        &forward.drop,
    );
    let sent = measures(&mut in_forward, &forward.parcel);
    violations.add_part(FORWARD, in_forward);

    let mut in_return = Violations::default();
    check_currency(&mut in_return, Region::Domestic, returned);
    check_quality_checks(&mut in_return, &returned.lines);
    let pickup = contact(
        &mut in_return,
        "/pickupAddress",
        Region::Domestic,
        &returned.pickup,
    );
    let back = measures(&mut in_return, &returned.parcel);
    let order_items = lines(&mut in_return, forward, returned);
    let return_reason = reason(&mut in_return, account, returned);
    violations.add_part(RETURN, in_return);

    let is_checked = returned
        .lines
        .iter()
        .any(|line| line.quality_check.is_some());
    violations.unless_any(Some(ExchangeBody {
        exchange_order_id: forward_name,
        return_order_id: return_name,
        seller_pickup_location_id: String::new(),
        seller_shipping_location_id: String::new(),
        order_date: india::day(forward.order_date.instant).to_string(),
        channel_id,
        payment_method: "prepaid",
        buyer_shipping: drop.buyer("buyer_shipping", forward.drop.email.clone()),
        buyer_pickup: pickup.buyer("buyer_pickup", returned.pickup.email.clone()),
        order_items,
        sub_total: json_number(forward.amount.value()),
        return_length: back.length,
        return_breadth: back.breadth,
        return_height: back.height,
        return_weight: back.weight,
        exchange_length: sent.length,
        exchange_breadth: sent.breadth,
        exchange_height: sent.height,
        exchange_weight: sent.weight,
        return_reason,
        qc_check: is_checked.then_some("true"),
    }))
}

/// Reports what both halves must have in common.
fn check_both(violations: &mut Violations, forward: &ShipmentRequest, returned: &ShipmentRequest) {
    if forward.payment == PaymentType::Cod {
        let pointer = format!("{FORWARD}/orderDetails/paymentType");
        violations.add(
            pointer,
            "must be PREPAID: Shiprocket documents only prepaid exchanges",
        );
    }
    if forward.amount != returned.amount {
        let pointer = format!("{RETURN}/orderDetails/orderAmount");
        violations.add(
            pointer,
            "must be that of the forward order: an exchange has one amount at Shiprocket",
        );
    }
    if forward.lines.len() != returned.lines.len() {
        let pointer = format!("{RETURN}/orderDetails/orderLineItems");
        violations.add(
            pointer,
            "must have as many line items as the forward order: Shiprocket exchanges line by line",
        );
    }
    let pairs = forward.lines.iter().zip(&returned.lines).enumerate();
    for (index, (sent, back)) in pairs {
        if (sent.quantity, sent.price_per_unit) != (back.quantity, back.price_per_unit) {
            violations.add(
                format!("{RETURN}/orderDetails/orderLineItems/{index}"),
                "must have the quantity and the price of the forward order's line item: Shiprocket exchanges line by \
                 line",
            );
        }
    }
}

/// The returned articles, each with its replacement.
fn lines<'a>(
    violations: &mut Violations,
    forward: &'a ShipmentRequest,
    returned: &'a ShipmentRequest,
) -> Vec<ExchangeItem<'a>> {
    let articles = items(&returned.lines).into_iter().zip(&returned.lines);
    let replacements = items(&forward.lines).into_iter();
    let mut paired = Vec::with_capacity(returned.lines.len());
    for (index, ((mut article, line), replacement)) in articles.zip(replacements).enumerate() {
        article.hsn = article.hsn.or(replacement.hsn);
        article.quality_check = quality_check(line);
        if article.hsn.is_none() {
            violations.add(
                format!("/orderDetails/orderLineItems/{index}/hsCode"),
                "is required for an exchange by Shiprocket",
            );
        }
        paired.push(ExchangeItem {
            returned: article,
            exchange_item_name: replacement.name,
            exchange_item_sku: replacement.sku,
        });
    }
    paired
}

/// The number of the customer's reason, otherwise of the account's.
fn reason(
    violations: &mut Violations,
    account: &LogisticAccount,
    returned: &ShipmentRequest,
) -> String {
    let theirs = match &returned.purpose {
        Purpose::Return { reason } => reason_number(reason),
        Purpose::Forward => None,
    };
    let usual = || account.setting("returnReason", returned.warehouse.as_ref());
    let number = theirs.or_else(|| reason_number(usual()?));
    if number.is_none() {
        violations.add(
            "/returnReason",
            "must be one of Shiprocket's reasons that RMS knows, or the number of one, from 1 to 44; or set such a \
             returnReason in the account's settings",
        );
    }
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// The number of a reason of Shiprocket's list, given as its text or as its number.
fn reason_number(reason: &str) -> Option<u32> {
    let reason = reason.trim();
    let mut known = KNOWN_REASONS.into_iter();
    let known = known.find(|(text, _)| text.eq_ignore_ascii_case(reason));
    known
        .map(|(_, number)| number)
        .or_else(|| reason.parse().ok())
        .filter(|number| (1..=REASONS).contains(number))
}
