//! The module `error`: for each operation an enum of its documented failures, one variant per status code, and for each
//! failure with documented error codes an open enum of these.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Item, parse_quote};

use super::{
    docs::{doc, sentence},
    ident,
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
    parse_quote! {
        /// The documented failures: one enum per operation, one variant per status code.
        pub mod error {
            use super::{operation, types};
            use crate::runtime::{ErrorCode, Failure, Operation};
            #(#items)*
        }
    }
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
    let ty = body_type(body);
    if failure.codes.is_empty() {
        return quote!((#ty));
    }
    let code = ident(&failure.code_enum);
    let code = if code_is_optional(body) { quote!(Option<#code>) } else { quote!(#code) };
    quote! {
        {
            /// The error code, typed.
            code: #code,
            /// The body.
            body: #ty,
        }
    }
}

fn body_type(body: &FailureBody) -> TokenStream {
    let ty = ident(&body.ty);
    if body.optional { quote!(Option<types::#ty>) } else { quote!(types::#ty) }
}

fn code_is_optional(body: &FailureBody) -> bool {
    body.optional || body.code.as_ref().is_none_or(|step| step.optional)
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
    let documented = operation.failures.iter().filter_map(|failure| {
        let (variant, body) = (ident(&failure.variant), failure.body.as_ref()?);
        if failure.codes.is_empty() {
            let code = number(body)?;
            return Some(quote!(Self::#variant(body) => #code));
        }
        let code = quote!(ErrorCode { number: code.number(), name: code.meaning() });
        Some(match code_is_optional(body) {
            true => quote!(Self::#variant { code, .. } => code.map(|code| #code)),
            false => quote!(Self::#variant { code, .. } => Some(#code)),
        })
    });
    let refusal = operation.refusal.iter().filter_map(|refusal| {
        let code = number(&refusal.body)?;
        Some(quote!(Self::Refused(body) => #code))
    });
    let arms: Vec<_> = documented.chain(refusal).collect();
    let variants = operation.failures.len() + operation.refusal.iter().len();
    let wildcard = (arms.len() < variants).then(|| quote!(_ => None,));
    (!arms.is_empty()).then(|| {
        quote! {
            fn code(&self) -> Option<ErrorCode> {
                match self {
                    #(#arms,)*
                    #wildcard
                }
            }
        }
    })
}

/// The error code in `body` without a name, as an `Option`.
fn number(body: &FailureBody) -> Option<TokenStream> {
    let number = raw_code(body)?;
    Some(quote!(#number.map(|number| ErrorCode { number, name: None })))
}

/// The number in `body`, as an `Option`.
fn raw_code(body: &FailureBody) -> Option<TokenStream> {
    let step = body.code.as_ref()?;
    let field = ident(&step.field);
    Some(match (body.optional, step.optional) {
        (false, false) => quote!(Some(i64::from(body.#field))),
        (false, true) => quote!(body.#field.map(i64::from)),
        (true, false) => quote!(body.as_ref().map(|body| i64::from(body.#field))),
        (true, true) => quote!(body.as_ref().and_then(|body| body.#field).map(i64::from)),
    })
}

/// `Failure::message`; the default when no failure has one.
fn message(operation: &Operation) -> Option<TokenStream> {
    let documented = operation.failures.iter().filter_map(|failure| {
        let (variant, message) = (ident(&failure.variant), message_in(failure.body.as_ref()?)?);
        let pattern = if failure.codes.is_empty() { quote!((body)) } else { quote!({ body, .. }) };
        Some(quote!(Self::#variant #pattern => #message))
    });
    let refusal = operation.refusal.iter().filter_map(|refusal| {
        let message = message_in(&refusal.body)?;
        Some(quote!(Self::Refused(body) => #message))
    });
    let arms: Vec<_> = documented.chain(refusal).collect();
    let variants = operation.failures.len() + operation.refusal.iter().len();
    let wildcard = (arms.len() < variants).then(|| quote!(_ => None,));
    (!arms.is_empty()).then(|| {
        quote! {
            fn message(&self) -> Option<&str> {
                match self {
                    #(#arms,)*
                    #wildcard
                }
            }
        }
    })
}

/// The message in `body`, as an `Option`.
fn message_in(body: &FailureBody) -> Option<TokenStream> {
    let (text, optional) = text(&quote!(body), body.message.as_deref()?);
    Some(match (body.optional, optional) {
        (false, false) => quote!(Some(#text)),
        (false, true) => text,
        (true, false) => quote!(body.as_ref().map(|body| #text)),
        (true, true) => quote!(body.as_ref().and_then(|body| #text)),
    })
}

/// The string at the end of `steps` that begin at the value `of`, and whether it is an `Option`.
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
    let (name, variant) = (ident(&operation.error), ident(&failure.variant));
    let status = Literal::u16_unsuffixed(failure.status);
    let variant = quote!(error::#name::#variant);
    let Some(body) = &failure.body else { return quote!(#status => Err(response.failure(#variant)),) };
    let ty = body_type(body);
    let read = if body.optional { quote!(failure_of_any) } else { quote!(failure_of) };
    let code = raw_code(body).filter(|_| !failure.codes.is_empty());
    let Some(code) = code else { return quote!(#status => Err(response.#read(#variant)),) };
    let code = match code_is_optional(body) {
        true => quote!(#code.map(Into::into)),
        false => {
            let field = body.code.iter().map(|step| ident(&step.field));
            quote!(i64::from(#(body.#field)*).into())
        }
    };
    quote!(#status => Err(response.#read(|body: #ty| #variant { code: #code, body })),)
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

/// The body under a success status code, which may be a failure.
pub(super) fn enveloped(operation: &Operation) -> TokenStream {
    let (name, envelope) = (ident(&operation.error), envelope(&operation.success.envelope));
    let refused = match operation.refusal {
        Some(_) => quote!(error::#name::Refused),
        None => quote!(|never| match never {}),
    };
    quote!(response.enveloped(#envelope, #refused))
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
