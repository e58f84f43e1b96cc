//! What the reading of one body keeps track of: the place in the body, the memory that is left, and what was repaired.

use std::cell::{Cell, RefCell};

use serde::de::Error;

use super::{Objects, Of};
use crate::runtime::repair::Repairs;

/// The reading of one body.
pub(in crate::runtime) struct Reading<'de> {
    /// The names that may be shown.
    properties: &'de [&'de str],
    /// How much memory the values may take, in bytes, and how much of it is left.
    most: usize,
    left: Cell<usize>,
    /// The string that was met last, in case it is a name; empty if its text isn't in the body as it stands.
    pub(super) last: Cell<&'de str>,
    /// The way to what can't be read, from there to the beginning.
    steps: RefCell<Vec<Step<'de>>>,
    /// The names of the properties of an object that none is documented for so far.
    unknown: RefCell<Vec<&'de str>>,
    /// Whether it can't be read because it is another object.
    is_other: Cell<bool>,
    /// How much was repaired, and the ways to the first of it, each from there to the value that is being read.
    pub(super) repairs: Cell<usize>,
    pub(super) repaired: RefCell<Vec<Vec<Step<'de>>>>,
}

/// How many names are kept, and how many of these are shown.
const KEPT: usize = 16;
const SHOWN: usize = 3;

/// A step of the way to a place in a body.
#[derive(Clone, Copy)]
pub(super) enum Step<'de> {
    Element(usize),
    Property(&'de str),
}

impl<'de> Reading<'de> {
    pub(in crate::runtime) fn new(properties: &'de [&'de str], most: usize) -> Self {
        Self {
            properties,
            most,
            left: Cell::new(most),
            last: Cell::new(""),
            steps: RefCell::default(),
            unknown: RefCell::default(),
            is_other: Cell::new(false),
            repairs: Cell::new(0),
            repaired: RefCell::default(),
        }
    }

    /// The deserializer for the body as a whole.
    pub(in crate::runtime) fn objects<T>(&self, inner: T) -> Objects<'_, 'de, T> {
        Objects { inner, reading: self, slot: usize::MAX, of: Of::Value, is_root: true }
    }

    /// Where the reading failed: a path such as `tasks[1].status`, or `.` for the body as a whole. A name that is not one of
    /// `properties` is `*`, since it may be a secret.
    pub(in crate::runtime) fn path(&self) -> String {
        self.path_of(&self.steps.borrow())
    }

    pub(super) fn path_of(&self, steps: &[Step<'de>]) -> String {
        let mut path = String::new();
        for step in steps.iter().rev() {
            match step {
                Step::Element(index) => path += &format!("[{index}]"),
                Step::Property(name) => {
                    path += if path.is_empty() { "" } else { "." };
                    path += if self.properties.contains(name) { name } else { "*" };
                }
            }
        }
        if path.is_empty() { ".".to_owned() } else { path }
    }

    /// What was repaired so far.
    pub(in crate::runtime) fn repairs(&self) -> Repairs {
        Repairs {
            count: self.repairs.get(),
            #[cfg(feature = "tracing")]
            places: self.repaired.borrow().iter().map(|steps| self.path_of(steps)).collect(),
        }
    }

    /// Something was repaired in the value that is being read.
    pub(super) fn repaired(&self) {
        self.repairs.set(self.repairs.get() + 1);
        let mut repaired = self.repaired.borrow_mut();
        if repaired.len() < SHOWN {
            repaired.push(Vec::new());
        }
    }

    /// What was repaired after the first `before` repairs is in the value to which this step leads.
    pub(super) fn repaired_at(&self, before: usize, step: Step<'de>) {
        if self.repairs.get() != before {
            self.repaired.borrow_mut().iter_mut().skip(before).for_each(|steps| steps.push(step));
        }
    }

    /// Whether the reading failed because the result is not the documented object.
    pub(in crate::runtime) fn is_other(&self) -> bool {
        self.is_other.get()
    }

    /// The name of a property of an object that none is documented for so far.
    pub(super) fn unknown(&self, number: usize, name: &'de str) {
        if number < KEPT {
            let mut unknown = self.unknown.borrow_mut();
            unknown.truncate(number);
            unknown.push(name);
        }
    }

    /// An object that has none of the documented properties.
    pub(super) fn other<E: Error>(&self) -> E {
        self.is_other.set(true);
        let unknown = self.unknown.borrow();
        let known: Vec<_> = unknown.iter().filter(|name| self.properties.contains(name)).take(SHOWN).collect();
        match known.as_slice() {
            [] => E::custom("it is another object, with none of the documented properties"),
            known => {
                E::custom(format_args!("it is another object, with none of the documented properties, but {known:?}"))
            }
        }
    }

    /// Takes the memory for something of this size.
    pub(super) fn take<E: Error>(&self, bytes: usize) -> Result<(), E> {
        let left = self.left.get().checked_sub(bytes);
        let exceeded = || E::custom(format_args!("it exceeds the limit max_decoded of {} bytes", self.most));
        self.left.set(left.ok_or_else(exceeded)?);
        Ok(())
    }

    pub(super) fn take_string<E: Error>(&self, text: &str, of: Of) -> Result<(), E> {
        if of == Of::Parsed { Ok(()) } else { self.take(block(text.len())) }
    }

    pub(super) fn failed_at(&self, step: Step<'de>) {
        self.steps.borrow_mut().push(step);
    }
}

/// What an allocation takes of the heap, in bytes, in glibc and about as much elsewhere.
pub(super) fn block(bytes: usize) -> usize {
    if bytes == 0 { 0 } else { (bytes.saturating_add(8 + 15) & !15).max(32) }
}
