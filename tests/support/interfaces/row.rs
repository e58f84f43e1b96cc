//! The types of the rows in the tests of the wire, as far as they are needed for calling.

use super::outcome::Call;

pub struct Row<C: 'static> {
    pub id: &'static str,
    pub request: &'static str,
    /// Looked at by the tests of the wire.
    pub sent: Sent,
    pub call: Call<C>,
}

pub enum Sent {
    Nothing,
    Json(&'static str),
    Bytes(&'static [u8]),
    Part(&'static str, &'static str, &'static [u8]),
}
