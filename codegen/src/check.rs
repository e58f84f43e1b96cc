//! Stub.
/// v
#[derive(Debug)] pub struct Violation;
/// v
#[derive(Debug)] pub struct Violations(pub String);
impl std::fmt::Display for Violations { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) } }
impl std::error::Error for Violations {}
/// c
pub fn check(_s: &crate::Spec) -> Result<(), Violations> { Ok(()) }
