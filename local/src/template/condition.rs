//! Conditions, and the numbers that depend on them: `!If [ReservesPushes, !Ref PushConcurrency, !Ref AWS::NoValue]`.
//! Parameters have their defaults.

use anyhow::{Context as _, bail};

use crate::template::node::Place;
use crate::template::value::Names;

const NO_VALUE: &str = "AWS::NoValue";

impl Names {
    /// Whether a condition holds.
    pub(super) fn holds(&self, condition: &Place<'_>) -> anyhow::Result<bool> {
        let (function, arguments) = function(condition)?;
        if function == "Condition" {
            return self.named(&arguments);
        }
        let arguments = arguments.items()?;
        match (function, arguments.as_slice()) {
            ("Not", [negated]) => Ok(!self.holds(negated)?),
            ("Equals", [one, other]) => Ok(self.text(one)? == self.text(other)?),
            ("And", all) if !all.is_empty() => {
                let holds = all.iter().map(|one| self.holds(one));
                holds
                    .reduce(|all, one| Ok(all? && one?))
                    .unwrap_or(Ok(true))
            }
            _ => bail!("{}: expected !And, !Equals or !Not", condition.path()),
        }
    }

    /// A number, or a reference to one; `None` if the template says that there is no value.
    pub(super) fn number<T: TryFrom<i64>>(&self, place: &Place<'_>) -> anyhow::Result<Option<T>> {
        let Some((function, argument)) = place.intrinsic() else {
            return place.number().map(Some);
        };
        match function {
            "Ref" if argument.argument()? == NO_VALUE => Ok(None),
            "Ref" => {
                let number = self.text(place)?.parse().ok();
                let number = number.and_then(|number: i64| T::try_from(number).ok());
                number
                    .map(Some)
                    .with_context(|| format!("{}: expected a whole number in range", place.path()))
            }
            "If" => self.number(&self.branch(&argument)?),
            other => bail!("{}: !{other} is not supported here", place.path()),
        }
    }

    fn branch<'a>(&self, choice: &Place<'a>) -> anyhow::Result<Place<'a>> {
        let choices = choice.items()?;
        let [name, then, otherwise] = choices.as_slice() else {
            bail!("{}: expected a condition and two values", choice.path());
        };
        let holds = self.named(name)?;
        Ok(if holds { then } else { otherwise }.clone())
    }

    /// Whether the condition with this name holds.
    fn named(&self, place: &Place<'_>) -> anyhow::Result<bool> {
        let name = place.argument()?;
        let holds = self.conditions.get(&name).copied();
        holds.with_context(|| format!("{}: no condition {name}", place.path()))
    }

    /// A literal, or the default of a parameter.
    fn text(&self, place: &Place<'_>) -> anyhow::Result<String> {
        let Some(("Ref", argument)) = place.intrinsic() else {
            return place.text();
        };
        let name = argument.argument()?;
        let default = self.parameters.get(&name).cloned().flatten();
        default.with_context(|| format!("{}: {name} is no parameter with a default", place.path()))
    }
}

fn function<'a>(place: &Place<'a>) -> anyhow::Result<(&'a str, Place<'a>)> {
    place
        .intrinsic()
        .with_context(|| format!("{}: expected !And, !Equals or !Not", place.path()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::node::Node;

    fn number(yaml: &str) -> anyhow::Result<Option<u32>> {
        let mut names = Names::default();
        for (name, default) in [("Some", "7"), ("None", "0")] {
            let default = Some(default.to_owned());
            names.parameters.insert(name.to_owned(), default);
            let condition = format!("!Not [!Equals [!Ref {name}, 0]]");
            let condition = Node::parse(&condition).unwrap();
            let holds = names.holds(&condition.root()).unwrap();
            names.conditions.insert(format!("Has{name}"), holds);
        }
        names.number(&Node::parse(yaml).unwrap().root())
    }

    #[test]
    fn a_number_may_depend_on_a_parameter() {
        assert_eq!(number("5").unwrap(), Some(5));
        assert_eq!(number("!Ref Some").unwrap(), Some(7));
        assert_eq!(number("!Ref AWS::NoValue").unwrap(), None);
        let either = |name| format!("!If [Has{name}, !Ref {name}, !Ref 'AWS::NoValue']");
        assert_eq!(number(&either("Some")).unwrap(), Some(7));
        assert_eq!(number(&either("None")).unwrap(), None);
    }

    #[test]
    fn a_condition_may_need_several_others() {
        let mut names = Names::default();
        for (name, holds) in [("Given", true), ("Absent", false)] {
            names.conditions.insert(name.to_owned(), holds);
        }
        let holds = |yaml: &str| names.holds(&Node::parse(yaml).unwrap().root());
        assert!(holds("!And [!Condition Given, !Not [!Condition Absent]]").unwrap());
        assert!(!holds("!And [!Condition Given, !Condition Absent]").unwrap());
        assert!(holds("!And [!Condition Given, !Condition Other]").is_err());
        assert!(holds("!And []").is_err());
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        for yaml in [
            "!Ref Other",
            "!If [HasOther, 1, 2]",
            "!GetAtt Some.Arn",
            "many",
        ] {
            assert!(number(yaml).is_err(), "{yaml}");
        }
    }
}
