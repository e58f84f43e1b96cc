//! The generated clients on the wire: what they send, byte for byte, and what they make
//! of every response. Real HTTP to a recording server on loopback; nothing inside the
//! clients is replaced.

mod callback;
mod connections;
mod contractor;
mod crpt;
mod legalcase;
mod secrets;
