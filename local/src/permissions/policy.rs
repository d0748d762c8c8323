//! Evaluates a policy statement: the actions that it allows on resources.

use crate::permissions::call::Access;
use crate::template::Statement;

/// Whether a statement covers an access.
pub(super) fn allows(statement: &Statement, access: &Access) -> bool {
    let covers =
        |patterns: &[String], value: &str| patterns.iter().any(|pattern| covers(pattern, value));
    covers(&statement.actions, &access.action) && covers(&statement.resources, &access.resource)
}

/// Whether one action of a statement on one of its resources covers an access.
pub(super) fn allows_pair(action: &str, resource: &str, access: &Access) -> bool {
    covers(action, &access.action) && covers(resource, &access.resource)
}

fn covers(pattern: &str, value: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => value.starts_with(beginning),
        None => pattern == value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_and_its_resource_must_be_covered_by_one_statement() {
        let statement = Statement {
            actions: vec!["dynamodb:GetItem".to_owned(), "sqs:*".to_owned()],
            resources: vec!["arn:table/a".to_owned()],
        };
        let allows = |action: &str, resource: &str| {
            super::allows(
                &statement,
                &Access {
                    action: action.to_owned(),
                    resource: resource.to_owned(),
                },
            )
        };
        assert!(allows("dynamodb:GetItem", "arn:table/a"));
        assert!(allows("sqs:SendMessage", "arn:table/a"));
        assert!(!allows("dynamodb:PutItem", "arn:table/a"));
        assert!(!allows("dynamodb:GetItem", "arn:table/ab"));
    }
}
