//! `Failure::message` of an error enum: the text for people, wherever in the body of a failure it stands.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;
use crate::{
    model::{FailureBody, Operation, Step},
    names::status_name,
};

/// The function; `None` when no failure of the operation has a message.
pub(super) fn function(operation: &Operation) -> Option<TokenStream> {
    let documented = operation.failures.iter().filter_map(|failure| {
        let body = failure.body.as_ref()?;
        let (variant, message) = (ident(&status_name(failure.status)), message(body)?);
        let pattern = if body.codes.is_empty() { quote!((body)) } else { quote!({ body, .. }) };
        Some(quote!(Self::#variant #pattern => #message))
    });
    let refusal = operation.refusal.as_ref().and_then(|body| {
        let message = message(body)?;
        Some(quote!(Self::Refused(body) => #message))
    });
    let arms: Vec<TokenStream> = documented.chain(refusal).collect();
    (!arms.is_empty()).then(|| {
        quote! {
            fn message(&self) -> Option<&str> {
                match self {
                    #(#arms,)*
                    _ => None,
                }
            }
        }
    })
}

/// The message in `body`, as an `Option`.
fn message(body: &FailureBody) -> Option<TokenStream> {
    let (text, optional) = text(&quote!(body), body.message.as_deref()?);
    Some(match (body.optional, optional) {
        (false, false) => quote!(Some(#text)),
        (false, true) => text,
        (true, false) => quote!(body.as_ref().map(|body| #text)),
        (true, true) => quote!(body.as_ref().and_then(|body| #text)),
    })
}

/// The text at the end of `steps` that begin at the value `of`, and whether it is an `Option`.
fn text(of: &TokenStream, steps: &[Step]) -> (TokenStream, bool) {
    let [step, rest @ ..] = steps else { return (quote!(#of.as_str()), false) };
    let field = ident(&step.field);
    if !step.optional {
        return text(&quote!(#of.#field), rest);
    }
    let (inner, optional) = text(&quote!(#field), rest);
    let then = if optional { quote!(and_then) } else { quote!(map) };
    (quote!(#of.#field.as_ref().#then(|#field| #inner)), true)
}
