//! Sets the stock of articles in a channel. It is not claimed: to set the same stock again does no harm.

use crate::domain::selling::stock::{NotSet, WantedStock};
use crate::domain::text::{AccountAlias, ClientId};
use crate::flows::channelling::channel_desk::{ChannelDesk, PATIENCE};
use crate::flows::failure::FlowFailure;

/// Sets the stock. Returns the result of each article, in their order.
pub async fn set_stock(
    desk: &ChannelDesk,
    (client, alias): (&ClientId, &AccountAlias),
    items: &[WantedStock],
) -> Result<Vec<Result<(), NotSet>>, FlowFailure> {
    let open = desk.open(client, alias, PATIENCE).await?;
    let channel = open.keeping_stock()?;
    let outcomes = open.noted(channel.set_stock(open.call(), items)).await;
    outcomes.map_err(|failure| open.failed(failure))
}
