//! Runs progenitor on a lowered spec. Its settings, and the types that stand for string formats, are here and nowhere
//! else.

use std::panic::{AssertUnwindSafe, catch_unwind};

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;
use schemars::schema::{InstanceType, SchemaObject};

use crate::{
    Error,
    lower::{INTEGER_STRING_FORMAT, LOCAL_DATE_TIME_FORMAT, SECRET_FORMAT},
};

/// String formats and the types of `casewire::runtime` that they become.
const FORMATS: &[(&str, &str)] = &[
    ("date-time", "crate::runtime::DateTime"),
    ("byte", "crate::runtime::Base64"),
    (SECRET_FORMAT, "crate::runtime::Secret"),
    (LOCAL_DATE_TIME_FORMAT, "crate::runtime::LocalDateTime"),
    (INTEGER_STRING_FORMAT, "crate::runtime::IntegerString"),
];

/// Progenitor's client, as a syntax tree.
pub(crate) fn run(spec: &OpenAPI) -> Result<syn::File, Error> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        // Without a default implementation of the hooks; `raise` removes the calls, since the session sends requests.
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::runtime::Session))
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
    // `check` keeps from progenitor what it asserts against. Should a case slip through, it's still an error to read.
    let tokens = catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(spec)))
        .map_err(|_| Error::internal("progenitor", "it panicked (see above); `check` should have caught the cause"))?
        .map_err(|e| Error::internal("progenitor", &e.to_string()))?;
    syn::parse2(tokens).map_err(|e| Error::internal("progenitor's output", &e.to_string()))
}
