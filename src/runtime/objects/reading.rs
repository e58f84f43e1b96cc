//! What the reading of one body keeps track of: the place in the body, the memory that is left, and what was repaired.

use std::cell::{Cell, RefCell};

use serde::de::Error;

use super::Objects;

/// The reading of one body.
pub(in crate::runtime) struct Reading {
    /// How much memory the values may take, in bytes, and how much of it is left.
    most: usize,
    left: Cell<usize>,
    /// The way to what is being read, or can't be read: for each object and each list that it is in, the number of the property
    /// or element; and how long it is.
    steps: [Cell<u32>; DEPTH],
    depth: Cell<u8>,
    /// The size of the place where the value goes that is read next, in bytes. A larger one is in a box.
    slot: Cell<usize>,
    /// How deep the result is, or an element of a list that is the result.
    result: Cell<u8>,
    /// Whether the next value is the key of an entry of a map, which keeps it.
    pub(super) is_key: Cell<bool>,
    /// Whether the last element was null, and passed over.
    pub(super) is_skipped: Cell<bool>,
    /// Whether it can't be read because it is another object.
    is_other: Cell<bool>,
    /// How much was repaired, and the ways to the first of it.
    repairs: Cell<usize>,
    repaired: RefCell<Vec<Vec<u32>>>,
}

/// How deep serde_json reads.
const DEPTH: usize = 128;

/// The number of a property or element before the first.
const NONE: u32 = u32::MAX;

/// The ways to how many repairs are kept.
const KEPT: usize = 3;

impl Reading {
    pub(in crate::runtime) fn new(most: usize) -> Self {
        Self {
            most,
            left: Cell::new(most),
            steps: [const { Cell::new(0) }; DEPTH],
            depth: Cell::new(0),
            slot: Cell::new(usize::MAX),
            result: Cell::new(0),
            is_key: Cell::new(false),
            is_skipped: Cell::new(false),
            is_other: Cell::new(false),
            repairs: Cell::new(0),
            repaired: RefCell::default(),
        }
    }

    /// The deserializer for the body as a whole.
    pub(in crate::runtime) fn objects<T>(&self, inner: T) -> Objects<'_, T> {
        Objects { inner, reading: self }
    }

    /// Where the reading failed.
    pub(in crate::runtime) fn steps(&self) -> Vec<u32> {
        self.steps.iter().take(self.depth().into()).map(Cell::get).collect()
    }

    /// Whether the reading failed because the result is not the documented object.
    pub(in crate::runtime) fn is_other(&self) -> bool {
        self.is_other.get()
    }

    /// How much was repaired, and the ways to the first of it.
    pub(in crate::runtime) fn repairs(&self) -> (usize, Vec<Vec<u32>>) {
        (self.repairs.get(), self.repaired.take())
    }

    /// How deep in the body the reading is.
    pub(super) fn depth(&self) -> u8 {
        self.depth.get()
    }

    pub(super) fn slot(&self) -> usize {
        self.slot.get()
    }

    /// An object or a list begins. Returns how deep it is.
    pub(super) fn begin(&self) -> u8 {
        let depth = self.depth.get();
        self.step(depth).set(NONE);
        depth
    }

    /// In an object or a list at this depth, the next property or element comes, which is read as `T`. What can't be read is not
    /// left.
    pub(super) fn enter<T>(&self, depth: u8) {
        let step = self.step(depth);
        step.set(step.get().wrapping_add(1));
        self.depth.set(depth.wrapping_add(1));
        self.slot.set(size_of::<T>());
    }

    /// How many properties or elements of the object or list at this depth came so far.
    pub(super) fn count(&self, depth: u8) -> u32 {
        self.step(depth).get().wrapping_add(1)
    }

    fn step(&self, depth: u8) -> &Cell<u32> {
        &self.steps[usize::from(depth) % DEPTH]
    }

    /// An object or a list at this depth comes to an end, or to the name of a property.
    pub(super) fn leave_to(&self, depth: u8) {
        self.depth.set(depth);
    }

    /// Whether what is at this depth is the result, or an element of a list that is.
    pub(super) fn is_result(&self, depth: u8) -> bool {
        self.result.get() == depth
    }

    /// If what is at this depth is the result, what is in it is.
    pub(super) fn pass_result(&self, depth: u8) {
        if self.is_result(depth) {
            self.result.set(depth.wrapping_add(1));
        }
    }

    /// Something is repaired in the value that is being read.
    #[cold]
    pub(super) fn repair(&self) {
        self.repairs.set(self.repairs.get() + 1);
        let mut repaired = self.repaired.borrow_mut();
        if repaired.len() < KEPT {
            repaired.push(self.steps());
        }
    }

    /// An object that has none of the documented properties.
    #[cold]
    pub(super) fn other<E: Error>(&self) -> E {
        self.is_other.set(true);
        E::custom(OTHER)
    }

    /// Takes the memory for something of this size.
    pub(super) fn take<E: Error>(&self, bytes: usize) -> Result<(), E> {
        match self.left.get().checked_sub(bytes) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(self.exceeded()),
        }
    }

    #[cold]
    fn exceeded<E: Error>(&self) -> E {
        E::custom(format_args!("it exceeds the limit max_decoded of {} bytes", self.most))
    }
}

/// Why another object can't be read.
pub(in crate::runtime) const OTHER: &str = "it is another object, with none of the documented properties";

/// What an allocation takes of the heap, in bytes, in glibc and about as much elsewhere.
pub(super) fn block(bytes: usize) -> usize {
    if bytes == 0 { 0 } else { (bytes.saturating_add(8 + 15) & !15).max(32) }
}
