//! The module `error`: for each operation an enum of its documented failures, one variant per status code, and for each
//! failure with documented error codes an open enum of these. The status says which failure it is, so that its body may be
//! missing, or another one than is documented: it is an `Option`.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Item, parse_quote};

use super::{
    docs::{doc, sentence},
    tokens::{ident, with_items},
};
use crate::{
    interface::{Envelope, Failure, FailureBody, FailureWhen, Interface, Operation, Step},
    names::words,
};

pub(super) fn module(interface: &Interface) -> Item {
    let mut items: Vec<Item> = Vec::new();
    for operation in &interface.operations {
        items.append(&mut failure_enum(operation));
        for failure in operation.failures.iter().filter(|failure| !failure.codes.is_empty()) {
            items.append(&mut code_enum(operation, failure));
        }
    }
    let module = parse_quote! {
        /// The documented failures: one enum per operation, one variant per status code.
        pub mod error {
            use super::{operation, types};
            use crate::runtime::{ErrorCode, Failure, Operation};
        }
    };
    with_items(module, items)
}

fn failure_enum(operation: &Operation) -> Vec<Item> {
    let (name, constant) = (ident(&operation.error), ident(&operation.constant));
    let method = &operation.name.rust;
    let text = doc(&format!("Documented failures of [`{method}`](super::Client::{method})."));
    let documented = operation.failures.iter().map(|failure| {
        let text = doc(&format!("{}: {}", failure.status, sentence(&failure.description)));
        let (variant, content) = (ident(&failure.variant), content(failure));
        quote!(#text #variant #content)
    });
    let refusal = operation.refusal.iter().map(|refusal| {
        let ty = ident(&refusal.body.ty);
        quote! {
            /// A failure that the body tells, under a success status code or one that isn't documented.
            Refused(types::#ty)
        }
    });
    let variants = documented.chain(refusal);
    let mut functions = vec![status(operation)];
    functions.extend(code(operation));
    functions.extend(message(operation));
    vec![
        parse_quote! {
            #text
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants,)*
            }
        },
        parse_quote! {
            impl Failure for #name {
                const OPERATION: &'static Operation = &operation::#constant;
                #(#functions)*
            }
        },
    ]
}

fn content(failure: &Failure) -> TokenStream {
    let Some(body) = &failure.body else { return quote!() };
    let ty = ident(&body.ty);
    if failure.codes.is_empty() {
        return quote!((Option<types::#ty>));
    }
    let code = ident(&failure.code_enum);
    quote! {
        {
            /// The error code, typed.
            code: Option<#code>,
            /// The body.
            body: Option<types::#ty>,
        }
    }
}

fn status(operation: &Operation) -> TokenStream {
    let documented = operation.failures.iter().map(|failure| {
        let (variant, status) = (ident(&failure.variant), Literal::u16_unsuffixed(failure.status));
        quote!(Self::#variant { .. } => Some(#status))
    });
    let refusal = operation.refusal.iter().map(|_| quote!(Self::Refused(_) => None));
    let arms = documented.chain(refusal);
    quote! {
        fn status(&self) -> Option<u16> {
            match *self {
                #(#arms,)*
            }
        }
    }
}

/// `Failure::code`; the default when no failure has one.
fn code(operation: &Operation) -> Option<TokenStream> {
    let named = operation.failures.iter().filter(|failure| !failure.codes.is_empty()).map(|failure| {
        let variant = ident(&failure.variant);
        quote!(Self::#variant { code, .. } => code.map(ErrorCode::from),)
    });
    let unnamed = of_bodies(
        operation,
        |body| Some(as_option(code_in(body, &quote!(ErrorCode::unnamed))?)),
        |failure| {
            let variant = ident(&failure.variant);
            failure.codes.is_empty().then(|| quote!(Self::#variant(Some(body))))
        },
    );
    let named: Vec<_> = named.collect();
    let is_named = named.len() == operation.failures.len();
    let is_complete = is_named && operation.refusal.as_ref().is_none_or(|refusal| refusal.body.code.is_some());
    method(&quote!(code(&self) -> Option<ErrorCode>), named.into_iter().chain(unnamed).collect(), is_complete)
}

/// `Failure::message`; the default when no failure has one.
fn message(operation: &Operation) -> Option<TokenStream> {
    let message = |body: &FailureBody| Some(as_option(text(&quote!(body), body.message.as_deref()?)));
    let arms = of_bodies(operation, message, |failure| {
        let variant = ident(&failure.variant);
        Some(if failure.codes.is_empty() {
            quote!(Self::#variant(Some(body)))
        } else {
            quote!(Self::#variant { body: Some(body), .. })
        })
    });
    // A body that is documented may be missing.
    method(&quote!(message(&self) -> Option<&str>), arms, operation.failures.is_empty())
}

/// A method whose arms match everything if they are complete.
fn method(signature: &TokenStream, arms: Vec<TokenStream>, is_complete: bool) -> Option<TokenStream> {
    let wildcard = (!is_complete).then(|| quote!(_ => None,));
    (!arms.is_empty()).then(|| quote!(fn #signature { match self { #(#arms)* #wildcard } }))
}

/// What `value` has of the bodies of failures: an arm for each type of a body, with the `pattern` of each variant.
fn of_bodies(
    operation: &Operation,
    value: impl Fn(&FailureBody) -> Option<TokenStream>,
    pattern: impl Fn(&Failure) -> Option<TokenStream>,
) -> Vec<TokenStream> {
    let documented = operation.failures.iter().filter_map(|failure| Some((failure.body.as_ref()?, pattern(failure)?)));
    let refusal = operation.refusal.iter().map(|refusal| (&refusal.body, quote!(Self::Refused(body))));
    let mut patterns: BTreeMap<&str, (TokenStream, Vec<TokenStream>)> = BTreeMap::new();
    for (body, pattern) in documented.chain(refusal) {
        if let Some(value) = value(body) {
            patterns.entry(&body.ty).or_insert((value, Vec::new())).1.push(pattern);
        }
    }
    patterns.into_values().map(|(value, patterns)| quote!(#(#patterns)|* => #value,)).collect()
}

/// What `of` makes of the number in `body`, and whether it is an `Option`.
fn code_in(body: &FailureBody, of: &TokenStream) -> Option<(TokenStream, bool)> {
    let step = body.code.as_ref()?;
    let field = ident(&step.name.rust);
    let code = if step.optional { quote!(body.#field.map(#of)) } else { quote!(#of(body.#field)) };
    Some((code, step.optional))
}

fn as_option((value, is_option): (TokenStream, bool)) -> TokenStream {
    if is_option { value } else { quote!(Some(#value)) }
}

/// The string at the end of `steps` that begin at the value `of`, and whether it is an `Option`.
fn text(of: &TokenStream, steps: &[Step]) -> (TokenStream, bool) {
    let [step, rest @ ..] = steps else { return (quote!(#of.as_str()), false) };
    let field = ident(&step.name.rust);
    if !step.optional {
        return text(&quote!(#of.#field), rest);
    }
    let (inner, optional) = text(&quote!(#field), rest);
    let then = if optional { quote!(and_then) } else { quote!(map) };
    (quote!(#of.#field.as_ref().#then(|#field| #inner)), true)
}

fn code_enum(operation: &Operation, failure: &Failure) -> Vec<Item> {
    let name = ident(&failure.code_enum);
    let method = &operation.name.rust;
    let text =
        doc(&format!("Error codes that come with a {} of [`{method}`](super::Client::{method}).", failure.status));
    let variants: Vec<_> = failure.codes.iter().map(|code| ident(&code.name.rust)).collect();
    let numbers: Vec<_> = failure.codes.iter().map(|code| Literal::i64_unsuffixed(code.number)).collect();
    let meanings: Vec<_> = failure.codes.iter().map(|code| words(&code.name.wire)).collect();
    let docs = failure.codes.iter().zip(&meanings).map(|(code, meaning)| doc(&format!("{}: {meaning}.", code.number)));
    vec![
        parse_quote! {
            #text
            #[derive(Clone, Copy, Debug)]
            #[non_exhaustive]
            pub enum #name {
                #(#docs #variants,)*
                /// A code that the spec doesn't list.
                Unknown(i64),
            }
        },
        parse_quote! {
            crate::runtime::open_code!(#name { #(#variants = #numbers #meanings,)* });
        },
    ]
}

/// The arm of the match over status codes that makes the failure.
pub(super) fn arm(operation: &Operation, failure: &Failure) -> TokenStream {
    let (name, variant, code) = (ident(&operation.error), ident(&failure.variant), ident(&failure.code_enum));
    let status = Literal::u16_unsuffixed(failure.status);
    let variant = quote!(error::#name::#variant);
    let Some(body) = &failure.body else { return quote!(#status => Err(response.failure(#variant)),) };
    let code = code_in(body, &quote!(error::#code::of)).filter(|_| !failure.codes.is_empty());
    let Some((code, is_option)) = code else { return quote!(#status => Err(response.failure_of(#variant)),) };
    let (ty, then) = (ident(&body.ty), if is_option { quote!(and_then) } else { quote!(map) });
    let code = quote!(body.as_ref().#then(|body| #code));
    quote!(#status => Err(response.failure_of(|body: Option<types::#ty>| #variant { code: #code, body })),)
}

/// The arm for every status code that isn't documented.
pub(super) fn any_other_status(operation: &Operation) -> TokenStream {
    match &operation.refusal {
        Some(refusal) if refusal.under_any_status => {
            let (name, envelope) = (ident(&operation.error), envelope(&operation.success.envelope));
            quote!(Err(response.refusal(#envelope, error::#name::Refused)))
        }
        _ => quote!(Err(response.unexpected())),
    }
}

/// The body under a success status code, which may be a failure; how a list is read.
pub(super) fn enveloped(operation: &Operation, list: Option<&TokenStream>) -> TokenStream {
    let (name, envelope) = (ident(&operation.error), envelope(&operation.success.envelope));
    let refused = match operation.refusal {
        Some(_) => quote!(error::#name::Refused),
        None => quote!(|never: runtime::Never| match never {}),
    };
    let read = match list {
        Some(list) => quote!(enveloped_list::<#list, _, _, _>),
        None => quote!(enveloped),
    };
    quote!(response.#read(#envelope, #refused))
}

/// A download under a success status code, in place of which a failure may come.
pub(super) fn stream_enveloped(operation: &Operation) -> TokenStream {
    let (name, envelope) = (ident(&operation.error), envelope(&operation.success.envelope));
    quote!(response.stream_enveloped(#envelope, error::#name::Refused))
}

fn envelope(envelope: &Envelope) -> TokenStream {
    let option = |value: &Option<String>| match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    };
    let failure = match &envelope.failure {
        None => quote!(None),
        Some(FailureWhen::Present { property, or_false }) => {
            let or_false = option(or_false);
            quote!(Some(runtime::FailureWhen::Present { property: #property, or_false: #or_false }))
        }
        Some(FailureWhen::NotOneOf { property, values }) => {
            let values = values.iter().map(|value| Literal::i64_unsuffixed(*value));
            quote!(Some(runtime::FailureWhen::NotOneOf(#property, &[#(#values),*])))
        }
    };
    let data = option(&envelope.data);
    quote!(&runtime::Envelope { failure: #failure, data: #data })
}
