//! Reads JSON as every response is read. Objects are read from JSON objects alone: serde's derived readers also take an
//! array, with the values of the properties in the order of the spec, which no server means; unnoticed, it would put values
//! into wrong properties. What is read may take only so much memory. And what can't be read is located, without its value.
//!
//! The result itself, or an element of a list that is the result, has to be the object that is documented: one that has
//! properties and none of the documented ones is something else, such as `{"Message": …}`, which would be read as an object
//! without properties where all are optional. serde's derived readers tell which is which: they take the value of a property
//! that they don't know as an [`IgnoredAny`](serde::de::IgnoredAny), which has no size.
//!
//! All of this is paid for with every value, so that little is done while reading: places are counted, not named. What an
//! error says is found out after it, by `way` and `message`.

mod composite;
mod date_times;
mod deserializer;
mod message;
mod reading;
mod scalar;
#[cfg(test)]
mod tests;
mod way;

pub(super) use self::{
    message::without_value,
    reading::{OTHER, Reading},
    way::{path, some_names},
};

/// A deserializer that takes no array for an object, at any depth; or a visitor or seed that hands one on.
///
/// The contents of serde's own enums are out of reach; no response has one.
pub(super) struct Objects<'r, T> {
    inner: T,
    reading: &'r Reading,
}
