//! Fragments of code that every module prints.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

pub(super) fn deprecated(is_deprecated: bool) -> Option<TokenStream> {
    is_deprecated.then(|| quote!(#[deprecated]))
}
