//! Why a page cannot be shown.

use lambda_http::{Body, Response};
use logistics::edge::problem::Problem;

use crate::shown_problem::ShownProblem;

/// A page, or why there is none.
pub(crate) type Shown = Result<Response<Body>, Failed>;

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum Failed {
    /// A handler of the API answered with a problem, and has logged it.
    Api(Box<ShownProblem>),
    /// The console's own problem.
    Own(Problem),
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self::Own(problem)
    }
}

impl From<ShownProblem> for Failed {
    fn from(problem: ShownProblem) -> Self {
        Self::Api(Box::new(problem))
    }
}
