//! Lists return orders, newest first.

use futures::StreamExt as _;
use futures::stream::FuturesOrdered;

use crate::domain::returning::state::ReturnOrderState;
use crate::flows::failure::FlowFailure;
use crate::flows::returning::dependencies::ReturnDependencies;
use crate::flows::returning::read_return::{PresentReturn, ReturnSource, read_return};
use crate::store::cursor::Cursor;
use crate::store::returning::return_index::ReturnQuery;

/// How many return orders are read at once.
const READS_AT_ONCE: usize = 8;

/// A page of return orders.
#[derive(Debug)]
pub struct ListedReturns {
    /// The return orders, each with the cursor after it.
    pub returns: Vec<(PresentReturn, Cursor)>,
    /// Where the next page begins; absent at the end.
    pub cursor: Option<Cursor>,
}

/// A page of the return orders that a query finds, in this state if one is given. A page may have fewer than the next one,
/// because the state is known only when a return order is read.
pub async fn list_returns(
    dependencies: &ReturnDependencies,
    query: &ReturnQuery<'_>,
    state: Option<ReturnOrderState>,
) -> Result<ListedReturns, FlowFailure> {
    let (codes, cursor) = dependencies.index.page(query).await?;
    let source = ReturnSource::of(dependencies);
    let is_wanted = |found: &PresentReturn| state.is_none_or(|state| found.timeline.state == state);
    let mut returns = Vec::with_capacity(codes.len());
    for codes in codes.chunks(READS_AT_ONCE) {
        let mut reads = FuturesOrdered::new();
        for (code, _) in codes {
            reads.push_back(read_return(source, query.client, code));
        }
        let mut cursors = codes.iter().map(|(_, cursor)| cursor.clone());
        while let (Some(found), Some(cursor)) = (reads.next().await, cursors.next()) {
            let found = found?.filter(is_wanted);
            returns.extend(found.map(|found| (found, cursor)));
        }
    }
    Ok(ListedReturns { returns, cursor })
}
