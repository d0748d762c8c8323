//! Which of a client's accounts is for fulfilment.

use crate::aggregators::fulfilment::FulfilmentAccount;
use crate::domain::text::ClientId;
use crate::store::configuring::accounts::Accounts;
use crate::store::failure::StoreFailure;

/// The client's account for fulfilment, without its secrets: of several, the one with the first alias in the order of the
/// alphabet. `None` if it has none.
pub async fn fulfilment_account(
    accounts: &Accounts,
    client_id: &ClientId,
) -> Result<Option<FulfilmentAccount>, StoreFailure> {
    let accounts = accounts.all(client_id).await?;
    Ok(FulfilmentAccount::first_of(accounts))
}
