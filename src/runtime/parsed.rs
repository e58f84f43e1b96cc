//! What everything that is parsed has in common.

/// Conversions from strings, which parse.
#[doc(hidden)]
#[macro_export]
macro_rules! parsed {
    ($name:ident: $error:ty) => {
        impl ::std::convert::TryFrom<&str> for $name {
            type Error = $error;

            fn try_from(text: &str) -> Result<Self, $error> {
                text.parse()
            }
        }

        impl ::std::convert::TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }
    };
}

pub use crate::parsed;
