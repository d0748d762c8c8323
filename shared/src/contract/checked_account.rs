//! The result of a check of an account, whatever its partner.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::form::AccountProblem;

/// The result of an account check.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CheckedAccount)]
pub struct CheckedBody {
    /// Whether there are no problems.
    pub ok: bool,
    /// The problems.
    pub problems: Vec<AccountProblemBody>,
}

impl From<Vec<AccountProblem>> for CheckedBody {
    fn from(problems: Vec<AccountProblem>) -> Self {
        Self {
            ok: problems.is_empty(),
            problems: problems.into_iter().map(AccountProblemBody::from).collect(),
        }
    }
}

/// A problem of an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountProblem)]
pub struct AccountProblemBody {
    /// The field, if the problem belongs to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "settings.pickupLocation")]
    pub field: Option<String>,
    /// What is wrong, and how to fix it.
    pub detail: String,
}

impl From<AccountProblem> for AccountProblemBody {
    fn from(problem: AccountProblem) -> Self {
        Self {
            field: problem.field,
            detail: problem.detail,
        }
    }
}
