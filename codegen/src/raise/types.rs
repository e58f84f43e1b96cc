//! Raises the module `types`: open enums, secrets that can't be printed, `null` for optional arrays and maps.

use quote::quote;
use syn::{Attribute, Field, Item, ItemMod, ItemStruct, parse_quote};

use super::{checks, contents, doc, expect_count, ident, numbers, self_name, take};
use crate::{
    Error,
    model::{Plan, StringEnum},
    names::type_name,
};

/// The variant that keeps a value the spec doesn't list.
const CATCH_ALL: &str = "Unknown";

pub(super) fn raise(types: &mut ItemMod, plan: &Plan) -> Result<(), Error> {
    types.attrs = vec![parse_quote!(#[doc = "The schemas of the spec."])];
    let items = contents(types)?;
    for string_enum in &plan.enums {
        open_enum(items, string_enum)?;
    }
    for name in &plan.secret_newtypes {
        unprintable(items, name)?;
    }
    checks::raise(items, plan)?;
    null_collections(items, plan)?;
    numbers::raise(items, plan)
}

/// A server may send a value that the spec doesn't list; typify's enum would refuse the whole body for it. The enum with
/// its four conversions is replaced by an open one.
fn open_enum(items: &mut Vec<Item>, string_enum: &StringEnum) -> Result<(), Error> {
    let name = &string_enum.name;
    let taken = take(items, &format!("the enum {name}"), 5, |item| match item {
        Item::Enum(found) => found.ident == name,
        Item::Impl(block) => self_name(block).is_some_and(|self_name| self_name == *name),
        _ => false,
    })?;
    let docs: Vec<Attribute> = taken
        .iter()
        .find_map(|item| match item {
            Item::Enum(found) => Some(found.attrs.iter().filter(|a| a.path().is_ident("doc")).cloned().collect()),
            _ => None,
        })
        .ok_or_else(|| Error::internal(name, "the enum is missing"))?;
    let enum_name = ident(name);
    let variants: Vec<_> = string_enum.values.iter().map(|value| ident(&variant_name(value))).collect();
    let variant_docs = string_enum.values.iter().map(|value| doc(&format!("`{value}`")));
    let values = &string_enum.values;
    items.push(parse_quote! {
        #(#docs)*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #enum_name {
            #(#variant_docs #variants,)*
            /// A value that the spec doesn't list, as received. It is written back unchanged.
            Unknown(String),
        }
    });
    let trimmed = string_enum.trimmed.then(|| quote!(trimmed));
    items.push(parse_quote! {
        crate::runtime::open_enum!(#enum_name #trimmed { #(#variants = #values,)* });
    });
    if !string_enum.statuses.is_empty() {
        let (known, statuses): (Vec<_>, Vec<_>) = string_enum.statuses.iter().cloned().unzip();
        let known = known.iter().map(|value| ident(&variant_name(value)));
        items.push(parse_quote! {
            impl #enum_name {
                /// The status that this value stands for (`x-status-map` in the spec); `None` when there is none.
                pub fn status(&self) -> Option<&'static str> {
                    match self {
                        #(Self::#known => Some(#statuses),)*
                        _ => None,
                    }
                }
            }
        });
    }
    Ok(())
}

/// A documented value may itself be called `Unknown`; the variant of that name is taken.
fn variant_name(value: &str) -> String {
    let name = type_name(value);
    if name == CATCH_ALL { format!("Documented{CATCH_ALL}") } else { name }
}

/// A checked secret (a password of at least five characters, say) is a type of typify's, which derives `Debug`.
fn unprintable(items: &mut Vec<Item>, name: &str) -> Result<(), Error> {
    let mut found = 0;
    for item in items.iter_mut() {
        if let Item::Struct(newtype) = item
            && newtype.ident == name
        {
            found += remove_derive(newtype, "Debug")?;
        }
    }
    expect_count(&format!("the derived Debug of {name}"), 1, found)?;
    let name = ident(name);
    items.push(parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str("[redacted]")
            }
        }
    });
    Ok(())
}

fn remove_derive(item: &mut ItemStruct, derive: &str) -> Result<usize, Error> {
    let mut removed = 0;
    for attribute in &mut item.attrs {
        if !attribute.path().is_ident("derive") {
            continue;
        }
        let mut derives = Vec::new();
        let parsed = attribute.parse_nested_meta(|meta| {
            if meta.path.segments.last().is_some_and(|segment| segment.ident == derive) {
                removed += 1;
            } else {
                derives.push(meta.path);
            }
            Ok(())
        });
        parsed.map_err(|e| Error::internal(&item.ident.to_string(), &format!("its derives: {e}")))?;
        *attribute = parse_quote!(#[derive(#(#derives),*)]);
    }
    Ok(removed)
}

/// .NET writes `"tasks": null` for an empty list; typify's `default` covers absence only.
fn null_collections(items: &mut [Item], plan: &Plan) -> Result<(), Error> {
    for (struct_name, field_name) in &plan.optional_collections {
        let field = items
            .iter_mut()
            .filter_map(|item| match item {
                Item::Struct(found) if found.ident == struct_name => Some(found),
                _ => None,
            })
            .flat_map(|found| found.fields.iter_mut())
            .find(|field| field.ident.as_ref().is_some_and(|name| name == field_name));
        let rewritten = field.is_some_and(accept_null);
        expect_count(&format!("the collection {struct_name}.{field_name}"), 1, usize::from(rewritten))?;
    }
    Ok(())
}

fn accept_null(field: &mut Field) -> bool {
    for attribute in &mut field.attrs {
        if let syn::Meta::List(list) = &mut attribute.meta
            && list.path.is_ident("serde")
            && list.tokens.to_string().contains("default")
        {
            let tokens = &list.tokens;
            list.tokens = quote!(#tokens, deserialize_with = "crate::runtime::null_as_default");
            return true;
        }
    }
    false
}
