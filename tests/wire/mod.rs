//! The generated clients on the wire: what they send, byte for byte, and what they make of every answer. Real HTTP to a
//! recording server on loopback; nothing inside the clients is replaced.

mod callback;
mod contractor;
mod crpt;
mod legalcase;
