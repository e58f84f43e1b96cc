//! Fields that hold numbers are read by `runtime::number`: serde takes `5.0` for no whole number, nor a text for any.

use quote::{ToTokens, quote};
use syn::{Field, Item, Meta, Token, parse_quote, punctuated::Punctuated};

use super::expect_count;
use crate::{
    Error,
    model::{NumberField, Plan},
};

/// What `types` puts on an optional list or map.
const NULL_AS_DEFAULT: &str = "deserialize_with = \"crate::runtime::null_as_default\"";

/// What typify puts on a required value that may be null.
const REQUIRED_OPTION: &str = "deserialize_with = \"::std::option::Option::deserialize\"";

pub(super) fn raise(items: &mut [Item], plan: &Plan) -> Result<(), Error> {
    for number in &plan.numbers {
        let NumberField { type_name, field, text } = number;
        let fields = items.iter_mut().filter_map(|item| match item {
            Item::Struct(found) if found.ident == type_name => Some(&mut found.fields),
            _ => None,
        });
        let rewritten = fields
            .flat_map(|fields| fields.iter_mut())
            .filter(|found| found.ident.as_ref().map(ToString::to_string) == *field)
            .map(|found| read_as_number(found, *text))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| Error::internal(type_name, &e.to_string()))?;
        let what = format!("the number {type_name}.{}", field.as_deref().unwrap_or("0"));
        expect_count(&what, 1, rewritten.len())?;
    }
    Ok(())
}

fn read_as_number(field: &mut Field, text: bool) -> syn::Result<()> {
    let found = field.attrs.iter().position(|attribute| attribute.path().is_ident("serde"));
    let attributes: Vec<Meta> = match found {
        Some(index) => {
            let list = field.attrs.remove(index).parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
            list.into_iter().collect()
        }
        None => Vec::new(),
    };
    let has = |reader: &str| attributes.iter().any(|attribute| attribute.to_token_stream().to_string() == reader);
    let is_default = attributes.iter().any(|attribute| attribute.path().is_ident("default"));
    // With a reader of its own, serde no longer takes a missing `Option` for `None` by itself.
    let default = (is_option(&field.ty) && !is_default && !has(REQUIRED_OPTION)).then(|| quote!(default,));
    let reader = match (text, has(NULL_AS_DEFAULT)) {
        (false, false) => "crate::runtime::number::strict",
        (false, true) => "crate::runtime::number::strict_or_default",
        (true, false) => "crate::runtime::number::lenient",
        (true, true) => "crate::runtime::number::lenient_or_default",
    };
    let replaced = [NULL_AS_DEFAULT, REQUIRED_OPTION];
    let kept =
        attributes.iter().filter(|attribute| !replaced.contains(&attribute.to_token_stream().to_string().as_str()));
    field.attrs.push(parse_quote!(#[serde(#(#kept,)* #default deserialize_with = #reader)]));
    Ok(())
}

fn is_option(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|segment| segment.ident == "Option"),
        _ => false,
    }
}
