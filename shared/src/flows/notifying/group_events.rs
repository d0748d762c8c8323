//! Finds which events of a push are independent of each other.

use std::collections::BTreeMap;

use crate::store::keys::Key;

/// Groups the positions of events that have a key in common, directly or through others. The positions of a group are in
/// order; so are the groups, by their first positions.
pub(in crate::flows::notifying) fn grouped<'k>(
    events: impl IntoIterator<Item = &'k [Key]>,
) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of: BTreeMap<&Key, usize> = BTreeMap::new();
    for (position, keys) in events.into_iter().enumerate() {
        let joined = keys.iter().filter_map(|key| group_of.get(key).copied());
        let joined: Vec<usize> = joined.collect();
        let group = joined.iter().copied().min().unwrap_or(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        for other in joined.into_iter().filter(|other| *other != group) {
            let moved = groups.get_mut(other).map(std::mem::take);
            add(&mut groups, group, moved.unwrap_or_default());
            group_of
                .values_mut()
                .filter(|known| **known == other)
                .for_each(|known| *known = group);
        }
        add(&mut groups, group, vec![position]);
        group_of.extend(keys.iter().map(|key| (key, group)));
    }
    groups.retain(|group| !group.is_empty());
    for group in &mut groups {
        group.sort_unstable();
    }
    groups
}

fn add(groups: &mut [Vec<usize>], group: usize, positions: Vec<usize>) {
    if let Some(group) = groups.get_mut(group) {
        group.extend(positions);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(names: &[u8]) -> Vec<Key> {
        let key = |name: &u8| Key {
            pk: name.to_string(),
            sk: String::new(),
        };
        names.iter().map(key).collect()
    }

    fn groups(events: &[Vec<u8>]) -> Vec<Vec<usize>> {
        let events: Vec<Vec<Key>> = events.iter().map(|names| keys(names)).collect();
        grouped(events.iter().map(Vec::as_slice))
    }

    #[test]
    fn events_with_a_common_key_are_in_one_group_in_order() {
        let events = [vec![1, 2], vec![3], vec![2, 4], vec![5], vec![3]];
        assert_eq!(groups(&events), [vec![0, 2], vec![1, 4], vec![3]]);
    }

    #[test]
    fn an_event_joins_the_groups_of_its_keys() {
        let events = [vec![1], vec![2], vec![3], vec![4], vec![3, 1], vec![2, 3]];
        assert_eq!(groups(&events), [vec![0, 1, 2, 4, 5], vec![3]]);
    }

    proptest! {
        #[test]
        fn every_event_is_in_one_group_with_all_that_share_a_key(
            events in prop::collection::vec(prop::collection::vec(0_u8..40, 1..4), 0..40),
        ) {
            let groups = groups(&events);
            let mut all: Vec<usize> = groups.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..events.len()).collect::<Vec<_>>());
            let group_of = |position| groups.iter().position(|group| group.contains(&position));
            for group in &groups {
                prop_assert!(group.is_sorted());
            }
            for (one, names) in events.iter().enumerate() {
                for (other, others) in events.iter().enumerate() {
                    if names.iter().any(|name| others.contains(name)) {
                        prop_assert_eq!(group_of(one), group_of(other));
                    }
                }
            }
        }
    }
}
