//! Runs progenitor on a lowered interface. Its settings, and the types that stand for string formats, are here and nowhere
//! else.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use schemars::schema::{InstanceType, SchemaObject};

use crate::{
    error::Error,
    interface::{Interface, Kind},
    lower::{format, lower},
};

/// String formats and the types of the runtime that they become.
const FORMATS: &[(&str, &str)] = &[
    (format::DATE_TIME, "crate::runtime::DateTime"),
    (format::DATE, "crate::runtime::Date"),
    (format::BYTES, "crate::runtime::Base64"),
    (format::SECRET, "crate::runtime::Secret"),
    (format::LOCAL_DATE_TIME, "crate::runtime::LocalDateTime"),
    (format::INTEGER, "crate::runtime::IntegerString"),
];

/// Progenitor's client.
pub(crate) fn run(interface: &Interface) -> Result<TokenStream, Error> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        // No default implementation of the hooks: the requests are sent by the runtime.
        .with_hooks(HooksMode::Expected)
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    for (format, rust) in FORMATS {
        let schema = SchemaObject {
            instance_type: Some(InstanceType::String.into()),
            format: Some((*format).to_owned()),
            ..SchemaObject::default()
        };
        settings.with_conversion(schema, rust, [TypeImpl::FromStr].into_iter());
    }
    // Open enums are not among what typify has, and its constrained strings compile their patterns for another engine.
    for ty in interface.types.iter().filter(|ty| matches!(ty.kind, Kind::Enum(_) | Kind::Constrained(_))) {
        let path = format!("types::{}", ty.name.rust);
        settings.with_replacement(&ty.name.rust, path, [TypeImpl::FromStr, TypeImpl::Display].into_iter());
    }
    // `check` keeps from progenitor what it asserts against. Should a case slip through, it's still an error to read.
    let spec = lower(interface);
    catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(&spec)))
        .map_err(|_| Error::internal("progenitor", "it panicked (see above); `check` should have caught the cause"))?
        .map_err(|e| Error::internal("progenitor", &e.to_string()))
}
