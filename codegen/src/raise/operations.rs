//! The client with a method per operation, and the module `builder` with the request that each of them begins. Progenitor
//! says what the parameters and the results are in Rust.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Item, parse_quote};

use super::{
    docs::{code, default, doc, of_spec, sentence},
    failures,
    output::Output,
    tokens::{deprecated, ident, with_items},
    validation,
};
use crate::{
    error::Error,
    interface::{Body, Content, Interface, Operation, Parameter, Part, Shape},
};

/// The client and its methods.
pub(super) fn client(interface: &Interface) -> Vec<Item> {
    let text = doc(&format!(
        "Client for {}. Made by `connect`; cheap to clone.\n\n{}\n\nVersion of the spec: {}",
        of_spec(&interface.title),
        of_spec(&interface.description),
        of_spec(&interface.version),
    ));
    let methods = interface.operations.iter().map(|operation| {
        let (name, builder) = (ident(&operation.name.rust), ident(&operation.builder));
        let (text, deprecated) = (doc(&method_doc(operation)), deprecated(operation.deprecated));
        quote! {
            #text
            #deprecated
            pub fn #name(&self) -> builder::#builder {
                builder::#builder::new(self)
            }
        }
    });
    vec![
        parse_quote! {
            #text
            #[derive(Clone, Debug)]
            pub struct Client {
                pub(crate) inner: ::std::sync::Arc<crate::runtime::Executor>,
            }
        },
        parse_quote! {
            impl Client {
                #(#methods)*
            }
        },
        parse_quote! {
            crate::runtime::client!();
        },
    ]
}

fn method_doc(operation: &Operation) -> String {
    let Operation { summary, description, method, path, error, success, .. } = operation;
    let security = match &operation.scheme {
        Some(scheme) => format!(", with the credential of `{scheme}`"),
        None => ", without a credential".to_owned(),
    };
    let result = match &success.content {
        Content::Json(shape) => match shape.leaf() {
            Shape::Named(ty) => format!("On success, responds with [`types::{ty}`]"),
            _ => "On success, responds with a value".to_owned(),
        },
        Content::Stream => "On success, responds with a [`ByteStream`]".to_owned(),
        Content::Nothing => "On success, responds with nothing".to_owned(),
    };
    let headers =
        operation.headers.iter().map(|header| format!("- {}: {}\n", code(&header.name), sentence(&header.description)));
    let headers = match headers.collect::<String>() {
        list if list.is_empty() => list,
        list => format!("\n\nHeaders of its responses:\n{list}"),
    };
    let or_nothing = if operation.may_be_empty() { " or nothing" } else { "" };
    format!(
        "{}\n\n{}\n\n`{method} {path}`{security}. {result}{or_nothing}; on failure, with [`error::{error}`].{headers}",
        sentence(summary),
        of_spec(description),
    )
}

/// The module `builder`.
pub(super) fn module(interface: &Interface, output: &mut Output) -> Result<Item, Error> {
    let mut items: Vec<Item> = Vec::new();
    for operation in &interface.operations {
        items.append(&mut builder(interface, operation, output)?);
    }
    let module = parse_quote! {
        /// Requests being built, one type per operation.
        pub mod builder {
            use std::{collections::BTreeMap, fmt::Display};
            use super::{error, operation, types};
            use crate::runtime::{self, ByteStream, Error, Given, Optional, Part, ResponseValue};
        }
    };
    Ok(with_items(module, items))
}

fn builder(interface: &Interface, operation: &Operation, output: &mut Output) -> Result<Vec<Item>, Error> {
    let (found, result) = output.take_operation(operation)?;
    let fields = fields(operation, &found);
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let given = fields.iter().map(|field| &field.of);
    let nothing = fields.iter().map(|field| if field.required { quote!(Missing) } else { quote!(Nothing) });
    let name = ident(&operation.builder);
    let method = &operation.name.rust;
    let text = doc(&format!("A request of [`Client::{method}`](super::Client::{method})."));
    let parameters =
        operation.parameters.iter().map(|parameter| setter(interface, parameter, &found[&parameter.name.rust]));
    let content = match &operation.body {
        Body::Nothing => Vec::new(),
        Body::Json(ty) => vec![json_setters(interface, ty)],
        Body::Raw => vec![quote! {
            /// The body, as it stands. Required.
            #[must_use]
            pub fn body(mut self, body: impl Into<Part>) -> Self {
                self.body = Given::Value(body.into());
                self
            }
        }],
        Body::Parts(parts) => parts.iter().map(part_setter).collect(),
    };
    let send = send(interface, operation, &result);
    // A stream can't be cloned.
    let clone = (!operation.uploads()).then(|| quote!(Clone,));
    Ok(vec![
        parse_quote! {
            #text
            #[derive(#clone Debug)]
            pub struct #name {
                client: super::Client,
                #(#names: Given<#given>,)*
            }
        },
        parse_quote! {
            impl #name {
                pub(super) fn new(client: &super::Client) -> Self {
                    Self { client: client.clone(), #(#names: Given::#nothing,)* }
                }
                #(#parameters)*
                #(#content)*
                #send
            }
        },
    ])
}

/// What the builder holds.
struct Setting {
    name: proc_macro2::Ident,
    of: TokenStream,
    required: bool,
}

fn fields(operation: &Operation, found: &BTreeMap<String, syn::Type>) -> Vec<Setting> {
    let parameters = operation.parameters.iter().map(|parameter| {
        let of = &found[&parameter.name.rust];
        Setting { name: ident(&parameter.name.rust), of: quote!(#of), required: parameter.required }
    });
    let body = |of| vec![Setting { name: ident("body"), of, required: true }];
    let part = |part: &Part| Setting { name: ident(&part.name.rust), of: quote!(Part), required: part.required };
    let content = match &operation.body {
        Body::Nothing => Vec::new(),
        Body::Json(ty) => {
            let ty = ident(ty);
            body(quote!(types::#ty))
        }
        Body::Raw => body(quote!(Part)),
        Body::Parts(parts) => parts.iter().map(part).collect(),
    };
    parameters.chain(content).collect()
}

fn setter(interface: &Interface, parameter: &Parameter, of: &syn::Type) -> TokenStream {
    let Parameter { name, location, required, content_length, .. } = parameter;
    let how = match (required, content_length) {
        (true, _) => " Required.",
        (false, true) => " The length of the body in bytes unless set.",
        (false, false) => "",
    };
    let text = doc(&format!(
        "The {} parameter {}.{how} {}{}",
        location.name(),
        code(&name.wire),
        sentence(&parameter.description),
        default(parameter.default.as_deref()),
    ));
    let deprecated = deprecated(parameter.deprecated);
    let checks = validation::of_parameter(interface, parameter);
    let checks = checks.iter().map(|check| quote!(.that(|value| #check)));
    let name = ident(&name.rust);
    match required {
        true => quote! {
            #text
            #deprecated
            #[must_use]
            pub fn #name(mut self, value: impl TryInto<#of, Error: Display>) -> Self {
                self.#name = Given::of(value)#(#checks)*;
                self
            }
        },
        false => quote! {
            #text
            #deprecated
            #[must_use]
            pub fn #name<Form>(mut self, value: impl Optional<#of, Form>) -> Self {
                self.#name = Given::if_any(value)#(#checks)*;
                self
            }
        },
    }
}

fn json_setters(interface: &Interface, ty: &str) -> TokenStream {
    let found = interface.ty(ty);
    let is_record = found.is_some_and(|ty| matches!(ty.kind, crate::interface::Kind::Record(_)));
    // A builder checks what it builds; a value that was written out has to be checked as well.
    let check = found.is_some_and(|ty| validation::is_validated(interface, ty));
    let check = check.then(|| quote!(.that(runtime::Validate::validate)));
    let (ty, builder) = (ident(ty), super::builders::builder_name(ty));
    let map = is_record.then(|| {
        quote! {
            /// The JSON body, built in place, in place of what was given before.
            #[must_use]
            pub fn body_map(self, build: impl FnOnce(types::builder::#builder) -> types::builder::#builder) -> Self {
                self.body(build(Default::default()))
            }
        }
    });
    quote! {
        /// The JSON body. Required. Takes a builder, too.
        #[must_use]
        pub fn body(mut self, body: impl TryInto<types::#ty, Error: Display>) -> Self {
            self.body = Given::of(body)#check;
            self
        }
        #map
    }
}

fn part_setter(part: &Part) -> TokenStream {
    let required = if part.required { " Required." } else { "" };
    let media_types = part.media_types.iter().map(|types| format!(" Media type: {}.", code(types)));
    let media_types = media_types.collect::<String>();
    let text =
        doc(&format!("The part {}.{required} {}{media_types}", code(&part.name.wire), sentence(&part.description)));
    let name = ident(&part.name.rust);
    quote! {
        #text
        #[must_use]
        pub fn #name(mut self, part: impl Into<Part>) -> Self {
            self.#name = Given::Value(part.into());
            self
        }
    }
}

fn send(interface: &Interface, operation: &Operation, result: &syn::Type) -> TokenStream {
    let constant = ident(&operation.constant);
    let parameters = operation.parameters.iter().map(|parameter| {
        let (wire, name) = (&parameter.name.wire, ident(&parameter.name.rust));
        let put = ident(parameter.location.name());
        quote!(request.#put(#wire, self.#name);)
    });
    let length = operation.parameters.iter().find(|parameter| parameter.content_length).map(|parameter| {
        let wire = &parameter.name.wire;
        quote!(request.fill_in_length(#wire);)
    });
    let content = match &operation.body {
        Body::Nothing => Vec::new(),
        Body::Json(_) => vec![quote!(request.json(self.body);)],
        Body::Raw => vec![quote!(request.raw(self.body); #length)],
        Body::Parts(parts) => parts
            .iter()
            .map(|part| {
                let (wire, name) = (&part.name.wire, ident(&part.name.rust));
                quote!(request.part(#wire, self.#name);)
            })
            .collect(),
    };
    let accept = matches!(operation.success.content, Content::Json(_)).then(|| quote!(request.accept_json();));
    let is_filled = accept.is_some() || !operation.parameters.is_empty() || !content.is_empty();
    let mutable = is_filled.then(|| quote!(mut));
    let success = success(interface, operation);
    let failures = operation.failures.iter().map(|failure| failures::arm(operation, failure));
    let other = failures::any_other_status(operation);
    let error = ident(&operation.error);
    let result = if operation.may_be_empty() { quote!(Option<#result>) } else { quote!(#result) };
    let text = doc(&format!(
        "Sends the request: `{0} {1}`.\n\n# Errors\nSee [`error::{2}`].",
        operation.method, operation.path, operation.error,
    ));
    quote! {
        #text
        pub async fn send(self) -> Result<ResponseValue<#result>, Error<error::#error>> {
            let #mutable request = self.client.inner.request(&operation::#constant);
            #accept
            #(#parameters)*
            #(#content)*
            request.send(|response| match response.status().as_u16() {
                #(#success)*
                #(#failures)*
                _ => #other,
            }).await
        }
    }
}

/// The arms of the status codes that say success. In addition to the documented ones these are all that say the same: 200 and
/// 201 are one success, and so is 202 with the body of one; without a body, all three and 204; and an empty list may come as
/// 204, too. Only a download has to come with its own.
fn success(interface: &Interface, operation: &Operation) -> Vec<TokenStream> {
    let success = &operation.success;
    let (with_body, empty): (&[u16], &[u16]) = match &success.content {
        Content::Nothing => (&[], &[200, 201, 202, 204]),
        Content::Stream => (&[], &[]),
        Content::Json(Shape::List(_)) => (&[200, 201, 202], &[204]),
        Content::Json(_) => (&[200, 201, 202], &[]),
    };
    let with_body = all(&success.with_body, with_body, &success.empty);
    let empty = all(&success.empty, empty, &success.with_body);
    let read = read(interface, operation).map(|read| quote!(#(#with_body)|* => #read,));
    let nothing = (!empty.is_empty()).then(|| quote!(#(#empty)|* => Ok(response.empty()?),));
    read.into_iter().chain(nothing).collect()
}

/// The documented status codes and more, but for those that are documented otherwise.
fn all(documented: &[u16], more: &[u16], otherwise: &[u16]) -> Vec<Literal> {
    let more = more.iter().filter(|status| !otherwise.contains(status));
    let statuses: BTreeSet<_> = documented.iter().chain(more).collect();
    statuses.into_iter().map(|status| Literal::u16_unsuffixed(*status)).collect()
}

/// How the body of a success is read.
fn read(interface: &Interface, operation: &Operation) -> Option<TokenStream> {
    let success = &operation.success;
    let is_enveloped = success.envelope.failure.is_some() || success.envelope.data.is_some();
    let shape = match &success.content {
        Content::Nothing => return None,
        Content::Stream if operation.refusal.is_some() => return Some(failures::stream_enveloped(operation)),
        Content::Stream => return Some(quote!(Ok(response.stream()?))),
        Content::Json(shape) => shape,
    };
    // An empty body may have been cut off; that there is nothing to read is said by 204 or null.
    let is_lost = operation.method != "GET";
    if let Shape::List(_) = shape {
        let list = match shape.number_reader() {
            Some(_) => quote!(runtime::number::As<Vec<_>, false>),
            None if interface.is_list_of_received(shape) => quote!(runtime::repair::Records<Vec<_>>),
            None => quote!(Vec<_>),
        };
        return Some(match is_enveloped {
            true => failures::enveloped(operation, Some(&list)),
            false => quote!(Ok(response.list::<#list, _>()?)),
        });
    }
    let read = match (is_enveloped, operation.may_be_empty()) {
        (true, _) => failures::enveloped(operation, None),
        (false, true) if is_lost => quote!(response.json_if_any()),
        (false, _) => quote!(response.json()),
    };
    let number = shape.number_reader().is_some().then(|| match operation.may_be_empty() && is_lost {
        true => quote!(.map(runtime::number::body_if_any)),
        false => quote!(.map(runtime::number::body)),
    });
    Some(match (is_enveloped, number) {
        (true, number) => quote!(#read #number),
        (false, None) => quote!(Ok(#read?)),
        (false, Some(number)) => quote!(Ok(#read #number?)),
    })
}
