//! The public surface of a generated client, for review: its signatures, and the facts of the interface that they hide.

use std::fmt::Write;

use syn::{Attribute, Fields, ImplItem, Item, Type, Visibility, parse_quote};

use crate::{document::Spec, error::Error, facts, read};

/// The surface of the client that [`generate`](crate::generate) made of a spec: the items without what is private, without
/// the bodies of functions and without documentation; then what the signatures don't tell.
///
/// # Errors
/// When `source` is not Rust, or the spec can't be read.
pub fn surface(interface: &str, spec: &Spec, source: &str) -> Result<String, Error> {
    let mut file = syn::parse_file(source).map_err(|e| Error::internal("the generated source", &e.to_string()))?;
    file.attrs.clear();
    file.items = public(std::mem::take(&mut file.items));
    let mut out = prettyplease::unparse(&file);
    out.push_str("\n// What no signature tells:\n");
    let interface = read::read(&spec.document(), interface)?;
    for fact in facts::of_interface(&interface).iter().filter(|fact| fact.is_hidden()) {
        let _ = writeln!(out, "// {fact}");
    }
    Ok(out)
}

fn public(items: Vec<Item>) -> Vec<Item> {
    items.into_iter().filter_map(visible).collect()
}

fn visible(item: Item) -> Option<Item> {
    let is_public = |visibility: &Visibility| matches!(visibility, Visibility::Public(_));
    match item {
        Item::Mod(mut module) if is_public(&module.vis) => {
            module.attrs.clear();
            module.content = module.content.map(|(brace, items)| (brace, public(items)));
            Some(Item::Mod(module))
        }
        Item::Struct(mut item) if is_public(&item.vis) => {
            without_docs(&mut item.attrs);
            if let Fields::Named(fields) = &mut item.fields {
                fields.named = std::mem::take(&mut fields.named)
                    .into_iter()
                    .filter(|field| is_public(&field.vis))
                    .map(|mut field| {
                        without_docs(&mut field.attrs);
                        field
                    })
                    .collect();
            }
            Some(Item::Struct(item))
        }
        Item::Enum(mut item) if is_public(&item.vis) => {
            without_docs(&mut item.attrs);
            for variant in &mut item.variants {
                without_docs(&mut variant.attrs);
                variant.fields.iter_mut().for_each(|field| without_docs(&mut field.attrs));
            }
            Some(Item::Enum(item))
        }
        Item::Const(mut item) if is_public(&item.vis) => {
            without_docs(&mut item.attrs);
            // Each operation is listed by itself.
            if matches!(&*item.ty, Type::Reference(reference) if matches!(*reference.elem, Type::Slice(_))) {
                item.expr = parse_quote!([..]);
            }
            Some(Item::Const(item))
        }
        Item::Use(item) if is_public(&item.vis) => Some(Item::Use(item)),
        // The macros of the runtime: values on the wire.
        Item::Macro(item) => Some(Item::Macro(item)),
        Item::Impl(mut block) => {
            // A trait of the runtime's own, which nobody else can call.
            let is_own = |path: &syn::Path| path.segments.first().is_some_and(|first| first.ident == "runtime");
            if block.trait_.as_ref().is_some_and(|(path, _)| is_own(path)) {
                return None;
            }
            let is_inherent = block.trait_.is_none();
            block.items = std::mem::take(&mut block.items)
                .into_iter()
                .filter_map(|item| match item {
                    ImplItem::Fn(mut function) if is_inherent && is_public(&function.vis) => {
                        function.attrs.clear();
                        function.block = parse_quote!({});
                        Some(ImplItem::Fn(function))
                    }
                    _ => None,
                })
                .collect();
            (!is_inherent || !block.items.is_empty()).then_some(Item::Impl(block))
        }
        _ => None,
    }
}

fn without_docs(attributes: &mut Vec<Attribute>) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
}
