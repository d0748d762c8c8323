//! The template as a tree that keeps its tags (`!Ref`, `!GetAtt`, `!Sub`), and a cursor over it whose errors name the place.

use anyhow::{Context as _, bail};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Tagged;

/// One value of the template with its tag.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    tag: Option<String>,
    content: Content,
}

#[derive(Debug, Clone, PartialEq)]
enum Content {
    Null,
    Flag(bool),
    Number(i64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// A node and its path, for errors such as `Resources.Api.Properties.Timeout: expected a number`.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    node: &'a Node,
    path: String,
}

impl Node {
    pub(super) fn parse(yaml: &str) -> anyhow::Result<Self> {
        serde_saphyr::from_str(yaml).context("the template is not valid CloudFormation YAML")
    }

    pub(super) fn root(&self) -> Place<'_> {
        Place {
            node: self,
            path: String::new(),
        }
    }
}

impl<'a> Place<'a> {
    /// The value of `key`, if it is present and not null.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let Content::Map(entries) = &self.node.content else {
            return None;
        };
        let (_, node) = entries.iter().find(|(name, _)| name == key)?;
        (node.content != Content::Null).then(|| self.child(key, node))
    }

    pub(super) fn require(&self, key: &str) -> anyhow::Result<Self> {
        self.get(key)
            .with_context(|| format!("{}: {key} is missing", self.path))
    }

    pub(super) fn entries(&self) -> anyhow::Result<Vec<(&'a str, Self)>> {
        let Content::Map(entries) = &self.node.content else {
            bail!("{}: expected a mapping", self.path);
        };
        Ok(entries
            .iter()
            .map(|(key, node)| (key.as_str(), self.child(key, node)))
            .collect())
    }

    pub(super) fn items(&self) -> anyhow::Result<Vec<Self>> {
        let Content::List(items) = &self.node.content else {
            bail!("{}: expected a list", self.path);
        };
        Ok(items
            .iter()
            .enumerate()
            .map(|(index, node)| self.child(&index.to_string(), node))
            .collect())
    }

    /// The value as text; numbers and flags are converted as `CloudFormation` does. A tag is an error here.
    pub(super) fn text(&self) -> anyhow::Result<String> {
        self.refuse_tag()?;
        self.scalar()
    }

    pub(super) fn number<T: TryFrom<i64>>(&self) -> anyhow::Result<T> {
        self.refuse_tag()?;
        let number = match &self.node.content {
            Content::Number(number) => Some(*number),
            Content::Text(text) => text.parse().ok(),
            Content::Null | Content::Flag(_) | Content::List(_) | Content::Map(_) => None,
        };
        number
            .and_then(|number| T::try_from(number).ok())
            .with_context(|| format!("{}: expected a whole number in range", self.path))
    }

    pub(super) fn flag(&self) -> anyhow::Result<bool> {
        match self.text()?.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => bail!("{}: expected true or false", self.path),
        }
    }

    /// The name of an intrinsic function and its argument: from `!Ref X`, or from `{Ref: X}`, `{Fn::GetAtt: X}`.
    pub(super) fn intrinsic(&self) -> Option<(&'a str, Self)> {
        if let Some(tag) = &self.node.tag
            && let Some(name) = tag.strip_prefix('!')
            && !name.starts_with('!')
        {
            return Some((name, self.clone()));
        }
        let Content::Map(entries) = &self.node.content else {
            return None;
        };
        let [(key, node)] = entries.as_slice() else {
            return None;
        };
        let name = key
            .strip_prefix("Fn::")
            .or_else(|| (key == "Ref").then_some("Ref"))?;
        Some((name, self.child(key, node)))
    }

    /// The argument of an intrinsic function: a scalar, or a list joined by dots (`[Queue, Arn]`).
    pub(super) fn argument(&self) -> anyhow::Result<String> {
        if let Content::List(_) = self.node.content {
            let parts: Vec<String> = self
                .items()?
                .iter()
                .map(Self::scalar)
                .collect::<anyhow::Result<_>>()?;
            return Ok(parts.join("."));
        }
        self.scalar()
    }

    /// Fails on a key that is neither in `known` nor in `ignored`, so that no part of the template is silently ignored.
    pub(super) fn refuse_unknown(&self, known: &[&str], ignored: &[&str]) -> anyhow::Result<()> {
        for (key, place) in self.entries()? {
            if !known.contains(&key) && !ignored.contains(&key) {
                bail!("{}: not supported by the local stack", place.path);
            }
        }
        Ok(())
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    fn refuse_tag(&self) -> anyhow::Result<()> {
        match self.intrinsic() {
            Some((name, _)) => bail!("{}: !{name} is not supported here", self.path),
            None => Ok(()),
        }
    }

    fn scalar(&self) -> anyhow::Result<String> {
        match &self.node.content {
            Content::Text(text) => Ok(text.clone()),
            Content::Number(number) => Ok(number.to_string()),
            Content::Flag(flag) => Ok(flag.to_string()),
            Content::Null => Ok(String::new()),
            Content::List(_) | Content::Map(_) => bail!("{}: expected one value", self.path),
        }
    }

    fn child(&self, key: &str, node: &'a Node) -> Self {
        let path = if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        };
        Place { node, path }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Tagged(content, tag) = Tagged::<Content>::deserialize(deserializer)?;
        Ok(Self { tag, content })
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a value of a CloudFormation template")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_none<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        Content::deserialize(deserializer)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Content, E> {
        Ok(Content::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Content, E> {
        Ok(Content::Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Content, E> {
        Ok(i64::try_from(number)
            .map_or_else(|_| Content::Text(number.to_string()), Content::Number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Content, E> {
        Ok(Content::Text(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Content, E> {
        Ok(Content::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Content, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Content::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Content::Map(entries))
    }
}
