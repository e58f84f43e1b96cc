//! Which items were given out, as far as they may come again.
//!
//! Two responses overlap at their edge, and one that broke off is read again from its beginning. An item is known again by
//! its bytes: one that has changed has others, for a `timestamp` says how current it is. What was in the last complete
//! response and isn't in the next is forgotten; where the same comes later, it is a change.

use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
};

/// How many items of one response are remembered.
const MOST: usize = 100_000;

/// The items of the last complete response, and of the one after it so far; with their timestamps, where one without has the
/// greatest.
#[derive(Default)]
pub(super) struct Seen {
    hasher: RandomState,
    last: HashMap<u64, i64>,
    next: HashMap<u64, i64>,
}

impl Seen {
    /// Whether the item is new. `edge` is the timestamp from which on items may be in the next response too.
    pub(super) fn is_new(&mut self, raw: &[u8], timestamp: Option<i64>, edge: i64) -> bool {
        let hash = self.hasher.hash_one(raw);
        if self.next.len() >= MOST {
            self.forget(edge);
        }
        let is_new = !self.last.contains_key(&hash);
        self.next.insert(hash, timestamp.unwrap_or(i64::MAX)).is_none() && is_new
    }

    /// A response was read to its end.
    pub(super) fn completed(&mut self) {
        self.last = std::mem::take(&mut self.next);
    }

    /// Makes room: what is not at the edge comes again only if this response breaks off.
    fn forget(&mut self, edge: i64) {
        self.next.retain(|_, timestamp| *timestamp >= edge);
        if self.next.len() > MOST / 4 * 3 {
            self.next.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Seen};

    #[test]
    fn an_item_is_new_once() {
        let mut seen = Seen::default();
        let is_new = |item: &str, seen: &mut Seen| seen.is_new(item.as_bytes(), Some(5), 0);
        assert_eq!(["a", "b", "a"].map(|item| is_new(item, &mut seen)), [true, true, false]);
        // The response broke off.
        assert_eq!(["a", "b", "c"].map(|item| is_new(item, &mut seen)), [false, false, true]);
        seen.completed();
        assert_eq!(["c", "d"].map(|item| is_new(item, &mut seen)), [false, true]);
        seen.completed();
        // What was gone has come back.
        assert_eq!(["a", "c", "d"].map(|item| is_new(item, &mut seen)), [true, false, false]);
    }

    #[test]
    fn the_edge_of_a_long_response_is_remembered() {
        let item = |number: usize| number.to_string().into_bytes();
        let count = 3 * MOST;
        let mut seen = Seen::default();
        // In the order of their timestamps, in the reverse order, and mixed.
        for order in [|at, _| at, |at, count| count - 1 - at, |at, count| at * 7 % count] {
            for number in (0..count).map(|at: usize| order(at, count)) {
                assert!(seen.is_new(&item(number), Some(number as i64), count as i64 - 10));
                assert!(seen.next.len() <= MOST);
            }
            seen.completed();
            assert!((count - 10..count).all(|number| !seen.is_new(&item(number), None, 0)));
            seen = Seen::default();
        }
        // More at the edge than can be remembered.
        for number in 0..count {
            assert!(seen.is_new(&item(number), None, i64::MAX));
            assert!(seen.next.len() <= MOST);
        }
    }
}
