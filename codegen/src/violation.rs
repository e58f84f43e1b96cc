//! What is wrong with a spec: where, what, and what to write instead.

use std::fmt;

/// Something in a spec that can't be used, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The file, as it was given to [`crate::load()`].
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
    /// The operation it is in, as `POST /call (createCall)`; none for the components and the root.
    pub operation: Option<String>,
    /// What is wrong; what to write instead.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, operation, message } = self;
        write!(f, "{file}:{line}:{column}: ")?;
        if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(message)
    }
}

/// Everything that is wrong with a spec, in the order of the file, one line each.
#[derive(Debug, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    pub(crate) fn new(mut violations: Vec<Violation>) -> Self {
        for violation in &mut violations {
            // One line each, whatever a parser's message or a name in the spec contains.
            if violation.message.contains(is_unprintable) {
                let printable = violation.message.replace(is_unprintable, " ");
                violation.message = printable.split_whitespace().collect::<Vec<_>>().join(" ");
            }
        }
        let place = |v: &Violation| (v.line, v.column);
        violations.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.message.cmp(&b.message)));
        // A component that several operations use is reported by each of them.
        violations.dedup();
        Self(violations)
    }

    /// The violations one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }
}

/// Whether a character breaks a line, changes the direction of writing or has no shape. A compiler refuses some of these
/// in a source file, and a reader doesn't see what is there.
pub(crate) fn is_unprintable(c: char) -> bool {
    let direction =
        matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    c.is_control() || direction || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}
