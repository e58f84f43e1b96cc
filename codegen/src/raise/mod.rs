//! Raises progenitor's output back to what the spec said, from the notes in the [`Plan`].
//! Every rewrite must find exactly what it was planned for; one that doesn't is an error that names the operation.

mod checks;
mod failures;
mod json_schema;
mod messages;
mod numbers;
mod operations;
mod tables;
mod types;

#[cfg(test)]
mod tests;

use quote::quote;
use syn::{Attribute, File, Item, ItemMod, parse_quote};

use crate::{Error, model::Plan};

/// The finished client.
pub(crate) fn raise(mut file: File, plan: &Plan) -> Result<File, Error> {
    let imports = take(&mut file.items, "the imports", 2, |item| matches!(item, Item::Use(_)))?;
    drop(imports);
    take(&mut file.items, "the trait implementation ClientInfo", 1, |item| implements(item, "ClientInfo"))?;
    take(&mut file.items, "the assertion of hooks", 1, |item| matches!(item, Item::Const(_)))?;
    take(&mut file.items, "the prelude", 1, |item| is_module(item, "prelude"))?;

    types::raise(module(&mut file.items, "types")?, plan)?;
    json_schema::raise(module(&mut file.items, "types")?, plan)?;
    operations::raise_builders(module(&mut file.items, "builder")?, plan)?;
    raise_client(&mut file.items, plan)?;

    let mut items: Vec<Item> = vec![parse_quote! {
        pub use crate::runtime::{ByteStream, ResponseValue};
    }];
    items.append(&mut file.items);
    items.push(failures::module(plan)?);
    items.append(&mut tables::items(plan));
    file.items = items;
    Docs.visit(&mut file);
    Ok(file)
}

/// The client is made by `connect`, written by hand, which knows sessions; progenitor's constructors know none, and one
/// of them panics. Its methods get documentation of their own.
fn raise_client(items: &mut Vec<Item>, plan: &Plan) -> Result<(), Error> {
    let described = match &plan.description {
        Some(description) => format!("{description}\n\nVersion of the interface: {}", plan.version),
        None => format!("Version of the interface: {}", plan.version),
    };
    let doc = format!("Client for {}. Made by `connect`; cheap to clone.\n\n{described}", plan.title);
    let mut found = 0;
    for item in items.iter_mut() {
        if let Item::Struct(client) = item
            && client.ident == "Client"
        {
            client.attrs = vec![parse_quote!(#[doc = #doc]), parse_quote!(#[derive(Clone)])];
            found += 1;
        }
    }
    expect_count("the struct Client", 1, found)?;
    let is_constructors = |item: &Item| match item {
        Item::Impl(block) if self_name(block).is_some_and(|name| name == "Client") => {
            block.items.iter().any(|item| matches!(item, syn::ImplItem::Fn(f) if f.sig.ident == "new_with_client"))
        }
        _ => false,
    };
    take(items, "the constructors of Client", 1, is_constructors)?;
    let methods = items.iter_mut().find_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() && self_name(block).is_some_and(|name| name == "Client") => {
            Some(block)
        }
        _ => None,
    });
    let methods = methods.ok_or_else(|| Error::internal("the client", "its methods are missing"))?;
    operations::document_methods(methods, plan)?;
    items.push(parse_quote! {
        /// Without the HTTP client, which shows headers that it adds to every request.
        impl ::std::fmt::Debug for Client {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct("Client")
                    .field("baseurl", &self.baseurl)
                    .field("inner", &self.inner)
                    .finish_non_exhaustive()
            }
        }
    });
    items.push(parse_quote! {
        impl Client {
            /// The same client, sharing credentials and connections, whose calls end after `limit` with everything that
            /// belongs to them: signing in, waits, all attempts. An upload or a download has to begin to be answered
            /// within it.
            ///
            /// This takes the place of [`RetryPolicy::total`](crate::RetryPolicy::total).
            ///
            /// ```text
            /// let call = client.within(Duration::from_secs(2)).get_call().id(1).send().await?;
            /// ```
            #[must_use]
            pub fn within(&self, limit: ::std::time::Duration) -> Self {
                Self { inner: self.inner.within(limit), ..self.clone() }
            }

            /// Stops the client and its clones. From now on, new calls fail with
            /// [`Error::InvalidRequest`](crate::Error::InvalidRequest) and send nothing. Waits up to `deadline` for what
            /// goes on in the background, such as a sign-in that outlived the call that began it, and then aborts it.
            ///
            /// It does not wait for calls under way: await those before. Such a call still finishes, unless it needs a new
            /// credential.
            ///
            /// Dropping a client with all its clones aborts the background work at once.
            pub async fn shutdown(&self, deadline: ::std::time::Duration) {
                self.inner.shut_down(deadline).await;
            }
        }
    });
    Ok(())
}

/// Removes the items that match; a different number than planned is an error.
fn take(
    items: &mut Vec<Item>,
    what: &str,
    planned: usize,
    matches: impl Fn(&Item) -> bool,
) -> Result<Vec<Item>, Error> {
    let (taken, kept): (Vec<_>, Vec<_>) = items.drain(..).partition(matches);
    *items = kept;
    expect_count(what, planned, taken.len())?;
    Ok(taken)
}

fn expect_count(what: &str, planned: usize, found: usize) -> Result<(), Error> {
    if planned == found {
        return Ok(());
    }
    Err(Error::internal("progenitor's output", &format!("{what}: planned to rewrite {planned}, found {found}")))
}

fn module<'a>(items: &'a mut [Item], name: &str) -> Result<&'a mut ItemMod, Error> {
    items
        .iter_mut()
        .find_map(|item| match item {
            Item::Mod(module) if module.ident == name => Some(module),
            _ => None,
        })
        .ok_or_else(|| Error::internal("progenitor's output", &format!("the module `{name}` is missing")))
}

fn contents(module: &mut ItemMod) -> Result<&mut Vec<Item>, Error> {
    let name = module.ident.to_string();
    match &mut module.content {
        Some((_, items)) => Ok(items),
        None => Err(Error::internal("progenitor's output", &format!("the module `{name}` is empty"))),
    }
}

fn is_module(item: &Item, name: &str) -> bool {
    matches!(item, Item::Mod(module) if module.ident == name)
}

fn implements(item: &Item, name: &str) -> bool {
    match item {
        Item::Impl(block) => block
            .trait_
            .as_ref()
            .and_then(|(path, _)| path.segments.last())
            .is_some_and(|segment| segment.ident == name),
        _ => false,
    }
}

/// `Foo` of `impl Foo` and `impl Trait for Foo<'a>`.
fn self_name(block: &syn::ItemImpl) -> Option<String> {
    match &*block.self_ty {
        syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn ident(name: &str) -> proc_macro2::Ident {
    proc_macro2::Ident::new(name, proc_macro2::Span::call_site())
}

/// Documentation as one attribute a line with a blank before the text, which prints as `/// text`.
struct Docs;

impl Docs {
    fn visit(mut self, file: &mut File) {
        syn::visit_mut::VisitMut::visit_file_mut(&mut self, file);
    }
}

impl syn::visit_mut::VisitMut for Docs {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        *attributes = attributes
            .drain(..)
            .flat_map(|attribute| match doc_text(&attribute) {
                Some(text) => doc_lines(text.trim()),
                None => vec![attribute],
            })
            .collect();
    }
}

fn doc_text(attribute: &Attribute) -> Option<String> {
    let syn::Meta::NameValue(meta) = &attribute.meta else { return None };
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &meta.value else { return None };
    meta.path.is_ident("doc").then(|| text.value())
}

fn doc_lines(text: &str) -> Vec<Attribute> {
    text.lines()
        .map(|line| {
            let line = if line.trim().is_empty() { String::new() } else { format!(" {}", line.trim_end()) };
            parse_quote!(#[doc = #line])
        })
        .collect()
}

/// `"Text"` as doc attributes.
fn doc(text: &str) -> proc_macro2::TokenStream {
    quote!(#[doc = #text])
}
