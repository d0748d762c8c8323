//! The policies of a function: inline statements that allow actions on resources of the template. SAM policy templates and
//! managed policies are refused, because the template does not show what they allow.

use anyhow::bail;

use crate::template::node::Place;
use crate::template::resource::Statement;
use crate::template::value::Names;

pub(super) fn read(policies: Option<&Place<'_>>, names: &Names) -> anyhow::Result<Vec<Statement>> {
    let mut statements = Vec::new();
    for policy in policies.map(Place::items).transpose()?.unwrap_or_default() {
        policy.refuse_unknown(&["Statement"], &["Version"])?;
        for statement in policy.require("Statement")?.items()? {
            statements.push(read_statement(&statement, names)?);
        }
    }
    Ok(statements)
}

fn read_statement(statement: &Place<'_>, names: &Names) -> anyhow::Result<Statement> {
    statement.refuse_unknown(&["Effect", "Action", "Resource"], &["Sid"])?;
    let effect = statement.require("Effect")?;
    if effect.text()? != "Allow" {
        bail!("{}: only Allow is supported", effect.path());
    }
    let action = |place: Place<'_>| place.text();
    let resource = |place: Place<'_>| {
        names
            .value(&place)?
            .with_queue_urls(&std::collections::BTreeMap::new())
    };
    Ok(Statement {
        actions: one_or_many(&statement.require("Action")?)
            .into_iter()
            .map(action)
            .collect::<Result<_, _>>()?,
        resources: one_or_many(&statement.require("Resource")?)
            .into_iter()
            .map(resource)
            .collect::<Result<_, _>>()?,
    })
}

fn one_or_many<'a>(place: &Place<'a>) -> Vec<Place<'a>> {
    place.items().unwrap_or_else(|_| vec![place.clone()])
}
