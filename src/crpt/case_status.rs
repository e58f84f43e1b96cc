//! The statuses of a case that are known. The names are the operator's own, and there is no list of them.

/// «Открыто»: the case is open.
pub const OPEN: &str = "Открыто";

/// «Требуется ваше внимание»: the participant has to act, for example to say whether the solution helps.
pub const NEEDS_ATTENTION: &str = "Требуется ваше внимание";
