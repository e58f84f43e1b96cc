//! Fragments of code that every module prints.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Item, ItemMod};

pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

pub(super) fn deprecated(is_deprecated: bool) -> Option<TokenStream> {
    is_deprecated.then(|| quote!(#[deprecated]))
}

/// A module with more items at its end. Printed into the module, they would be parsed once more.
pub(super) fn with_items(mut module: ItemMod, more: Vec<Item>) -> Item {
    module.content.get_or_insert_with(Default::default).1.extend(more);
    Item::Mod(module)
}
