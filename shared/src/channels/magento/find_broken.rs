//! Finds the order that breaks a search: its first one, which the shop cannot show, not even by its id. What is found out is
//! up to which id the search works.

use crate::channels::call::ChannelCall;
use crate::channels::magento::list::{Part, part};
use crate::channels::magento::search::Search;
use crate::domain::selling::listing::SkippedOrder;
use crate::partners::failure::PartnerFailure;

/// Above any id: ids are 32 bits.
const ABOVE_ALL: u64 = 1 << 32;
/// The first id that is tried.
const FIRST_TRIED: u64 = 1 << 14;

/// The broken order. If the search fails without any order too, the shop does.
pub(super) async fn find_broken(
    call: ChannelCall<'_>,
    search: &Search,
) -> Result<SkippedOrder, PartnerFailure> {
    if is_broken(call, search, 0).await? {
        return Err(PartnerFailure::Unreachable);
    }
    let (mut working, mut broken) = (0, FIRST_TRIED);
    while !is_broken(call, search, broken).await? {
        working = broken;
        if broken >= ABOVE_ALL {
            // It works now.
            return Err(PartnerFailure::Unreachable);
        }
        broken = broken.saturating_mul(8).min(ABOVE_ALL);
    }
    while broken.saturating_sub(working) > 1 {
        let middle = working.midpoint(broken);
        if is_broken(call, search, middle).await? {
            broken = middle;
        } else {
            working = middle;
        }
    }
    let id = broken.to_string().parse();
    Ok(SkippedOrder {
        id: id.map_err(|_| PartnerFailure::Unreadable)?,
        detail: "the channel fails when it is asked for this order".to_owned(),
        breaks_list: true,
    })
}

/// Whether the first order with an id up to this one breaks the search.
async fn is_broken(
    call: ChannelCall<'_>,
    search: &Search,
    highest_id: u64,
) -> Result<bool, PartnerFailure> {
    let mut search = search.clone();
    search.highest_id = Some(highest_id);
    let part = part(call, &search, 1).await?;
    Ok(matches!(part, Part::Broken))
}
