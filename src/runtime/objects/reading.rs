//! What the reading of one body keeps track of: the place in the body, the memory that is left, and what was repaired.

use std::cell::{Cell, RefCell};

use serde::de::Error;

use super::{Objects, Place, Role};

/// The reading of one body.
pub(in crate::runtime) struct Reading {
    /// How much memory the values may take, in bytes, and how much of it is left.
    most: usize,
    left: Cell<usize>,
    /// The way to the value that is being read, and how long it is: for each object and each list that it is in, the number
    /// of the property or element. After a failure, the way to what can't be read.
    steps: [Cell<u32>; DEPTH],
    depth: Cell<usize>,
    /// Whether it can't be read because it is another object.
    is_other: Cell<bool>,
    /// How much was repaired, and the ways to the first of it.
    repairs: Cell<usize>,
    repaired: RefCell<Vec<Vec<u32>>>,
}

/// How deep serde_json reads.
const DEPTH: usize = 128;

/// The ways to how many repairs are kept.
const KEPT: usize = 3;

impl Reading {
    pub(in crate::runtime) fn new(most: usize) -> Self {
        Self {
            most,
            left: Cell::new(most),
            steps: [const { Cell::new(0) }; DEPTH],
            depth: Cell::new(0),
            is_other: Cell::new(false),
            repairs: Cell::new(0),
            repaired: RefCell::default(),
        }
    }

    /// The deserializer for the body as a whole.
    pub(in crate::runtime) fn objects<T>(&self, inner: T) -> Objects<'_, T> {
        Objects { inner, place: Place { reading: self, slot: usize::MAX, role: Role::Result } }
    }

    /// Where the reading failed.
    pub(in crate::runtime) fn steps(&self) -> Vec<u32> {
        self.steps.iter().take(self.depth.get()).map(Cell::get).collect()
    }

    /// Whether the reading failed because the result is not the documented object.
    pub(in crate::runtime) fn is_other(&self) -> bool {
        self.is_other.get()
    }

    /// How much was repaired, and the ways to the first of it.
    pub(in crate::runtime) fn repairs(&self) -> (usize, Vec<Vec<u32>>) {
        (self.repairs.get(), self.repaired.take())
    }

    /// The property or element with this number comes next.
    pub(super) fn enter(&self, number: u32) {
        let depth = self.depth.get();
        if let Some(step) = self.steps.get(depth) {
            step.set(number);
        }
        self.depth.set(depth + 1);
    }

    /// It was read. What can't be read is not left.
    pub(super) fn leave(&self) {
        self.depth.set(self.depth.get() - 1);
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
