//! What progenitor printed, taken apart by name, so that each thing is asked for once and nothing is left over unseen. Most of
//! it isn't looked at, and what isn't is not parsed either.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{
    Fields, GenericArgument, ImplItemFn, Item, ItemEnum, ItemImpl, ItemStruct, PathArguments, ReturnType, Type,
    parse::Parse, parse_quote, visit_mut::VisitMut,
};

use crate::{
    error::Error,
    interface::{Body, Operation},
    lower::lowered,
};

/// Progenitor's output.
#[derive(Default)]
pub(super) struct Output {
    /// The items of `types`, each under the name of the type that it is or that it is implemented for.
    types: BTreeMap<String, Vec<Printed>>,
    /// The fields of the builder of each operation, by the builder's name: what each parameter is in Rust.
    builders: BTreeMap<String, BTreeMap<String, Type>>,
    /// What the body of a success is, by the builder's name.
    results: BTreeMap<String, Type>,
}

impl Output {
    pub(super) fn new(printed: TokenStream) -> Result<Self, Error> {
        let mut output = Self::default();
        for item in items(printed) {
            match (item.keyword.as_str(), item.name.as_str()) {
                ("mod", "types") => output.take_types(item.contents())?,
                ("mod", "builder") => item.contents().into_iter().try_for_each(|item| output.take_builder(item))?,
                // The client, its methods and the hooks: the interface says all that is in them.
                _ => {}
            }
        }
        Ok(output)
    }

    fn take_types(&mut self, items: Vec<Printed>) -> Result<(), Error> {
        let (blocks, items): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| item.keyword == "impl");
        // Builders of ours take the place of typify's, and nothing is left that gives its error.
        let is_ours = |item: &Printed| item.keyword == "mod" && matches!(item.name.as_str(), "builder" | "error");
        for item in items.into_iter().filter(|item| !is_ours(item)) {
            self.types.entry(item.name.clone()).or_default().push(item);
        }
        for block in blocks {
            let head: ItemImpl = block.head()?;
            // `impl From<Name> for i64` belongs to `Name`.
            let names = [last_segment(&head.self_ty), converted(&head)];
            let owner = names.iter().flatten().find(|name| self.types.contains_key(*name)).or(names[0].as_ref());
            self.types.entry(owner.cloned().unwrap_or_default()).or_default().push(block);
        }
        Ok(())
    }

    fn take_builder(&mut self, item: Printed) -> Result<(), Error> {
        match item.keyword.as_str() {
            "struct" => {
                let ItemStruct { ident, fields: Fields::Named(fields), .. } = item.parse()? else { return Ok(()) };
                let fields = fields.named.into_iter().filter_map(|field| {
                    let name = field.ident?.to_string();
                    // `Result<T, String>`, or `Result<Option<T>, String>`.
                    let inner = argument(&field.ty, "Result").unwrap_or(field.ty);
                    Some((name, argument(&inner, "Option").unwrap_or(inner)))
                });
                self.builders.insert(ident.to_string(), fields.filter(|(name, _)| name != "client").collect());
            }
            "impl" => {
                let Some(name) = last_segment(&item.head::<ItemImpl>()?.self_ty) else { return Ok(()) };
                let Some(send) = item.contents().into_iter().find(|item| item.name == "send") else { return Ok(()) };
                // `Result<ResponseValue<T>, …>`.
                if let ReturnType::Type(_, result) = send.head::<ImplItemFn>()?.sig.output
                    && let Some(response) = argument(&result, "Result")
                    && let Some(body) = argument(&response, "ResponseValue")
                {
                    self.results.insert(name, body);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, name: &str) -> Result<Vec<Printed>, Error> {
        self.types.remove(name).ok_or_else(|| Error::internal(name, "progenitor printed no type of this name"))
    }

    /// The items of a type, which are taken away.
    pub(super) fn take_type(&mut self, name: &str) -> Result<Vec<Item>, Error> {
        self.take(name)?.into_iter().map(|item| item.parse()).collect()
    }

    /// The one item of a type that begins with `keyword`; the type is taken away.
    fn take_declaration<T: Parse>(&mut self, name: &str, keyword: &str) -> Result<T, Error> {
        let found = self.take(name)?.into_iter().find(|item| item.keyword == keyword);
        let missing = || Error::internal(name, &format!("progenitor printed no {keyword} of this name"));
        found.ok_or_else(missing)?.parse()
    }

    /// The types of the fields of a struct, by their names.
    pub(super) fn take_struct<'a>(
        &mut self,
        name: &str,
        fields: impl Iterator<Item = &'a String>,
    ) -> Result<BTreeMap<String, Type>, Error> {
        let found: ItemStruct = self.take_declaration(name, "struct")?;
        let found = found.fields.into_iter().filter_map(|field| Some((field.ident?.to_string(), field.ty)));
        named(name, fields.map(|name| (name.clone(), lowered(name))), found.collect())
    }

    /// What the variants of an enum hold, in their order.
    pub(super) fn take_variants(&mut self, name: &str, count: usize) -> Result<Vec<Type>, Error> {
        let found: ItemEnum = self.take_declaration(name, "enum")?;
        let held: Vec<Type> = found
            .variants
            .into_iter()
            .filter_map(|variant| variant.fields.into_iter().next())
            .map(|field| field.ty)
            .collect();
        let expected = held.len() == count;
        expected.then_some(held).ok_or_else(|| Error::internal(name, "progenitor printed other variants of this enum"))
    }

    /// What the parameters of an operation are, by their names, its `body` if it has one, and the body of its success.
    pub(super) fn take_operation(&mut self, operation: &Operation) -> Result<(BTreeMap<String, Type>, Type), Error> {
        let builder = operation.builder.as_str();
        let missing = |what| Error::internal(builder, &format!("progenitor printed no {what} of this name"));
        let found = self.builders.remove(builder).ok_or_else(|| missing("builder"))?;
        let mut result = self.results.remove(builder).ok_or_else(|| missing("`send`"))?;
        shorten(&mut result);
        let parameters = operation.parameters.iter().map(|parameter| &parameter.name.rust);
        let parameters = parameters.map(|name| (name.clone(), lowered(name)));
        let body = (!matches!(operation.body, Body::Nothing)).then(|| ("body".to_owned(), "body".to_owned()));
        Ok((named(&operation.title(), parameters.chain(body), found)?, result))
    }

    /// Whatever was not asked for is nothing that the interface knows.
    pub(super) fn is_used_up(&self) -> Result<(), Error> {
        let left: Vec<&str> = self.types.keys().chain(self.builders.keys()).map(String::as_str).collect();
        if left.is_empty() {
            return Ok(());
        }
        Err(Error::internal(&left.join(", "), "progenitor printed this, and the interface has nothing of this name"))
    }
}

/// The types found under the names that progenitor got, by the names that are expected; or what is on one side only.
fn named(
    at: &str,
    expected: impl Iterator<Item = (String, String)>,
    mut found: BTreeMap<String, Type>,
) -> Result<BTreeMap<String, Type>, Error> {
    let mut named = BTreeMap::new();
    let mut missing = Vec::new();
    for (name, lowered) in expected {
        match found.remove(&lowered) {
            Some(mut ty) => {
                shorten(&mut ty);
                named.insert(name, ty);
            }
            None => missing.push(lowered),
        }
    }
    if missing.is_empty() && found.is_empty() {
        return Ok(named);
    }
    let more = found.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let missing = missing.join(", ");
    let reason = format!("progenitor printed other fields: more are [{more}], missing are [{missing}]");
    Err(Error::internal(at, &reason))
}

/// An item as printed.
struct Printed {
    /// Such as `struct`.
    keyword: String,
    /// Empty for an `impl`.
    name: String,
    tokens: Vec<TokenTree>,
}

/// The items of a file, of a module or of an `impl`. They end with braces or with a semicolon.
fn items(tokens: TokenStream) -> Vec<Printed> {
    let mut items = Vec::new();
    let mut item = Vec::new();
    for token in tokens {
        let is_end = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        item.push(token);
        if is_end {
            items.push(Printed::new(std::mem::take(&mut item)));
        }
    }
    items
}

impl Printed {
    fn new(tokens: Vec<TokenTree>) -> Self {
        const KEYWORDS: [&str; 6] = ["enum", "fn", "impl", "mod", "struct", "use"];
        let mut words = tokens.iter().filter_map(|token| match token {
            TokenTree::Ident(word) => Some(word.to_string()),
            _ => None,
        });
        let keyword = words.find(|word| KEYWORDS.contains(&word.as_str())).unwrap_or_default();
        let name = words.next().filter(|_| keyword != "impl").unwrap_or_default();
        Self { keyword, name, tokens }
    }

    /// The items in its braces.
    fn contents(self) -> Vec<Self> {
        match self.tokens.last() {
            Some(TokenTree::Group(group)) => items(group.stream()),
            _ => Vec::new(),
        }
    }

    /// The item without what is in its braces.
    fn head<T: Parse>(&self) -> Result<T, Error> {
        let head = self.tokens.iter().take(self.tokens.len() - 1).cloned();
        parse(head.chain([Group::new(Delimiter::Brace, TokenStream::new()).into()]))
    }

    fn parse<T: Parse>(self) -> Result<T, Error> {
        parse(self.tokens)
    }
}

fn parse<T: Parse>(tokens: impl IntoIterator<Item = TokenTree>) -> Result<T, Error> {
    let tokens = tokens.into_iter().collect();
    syn::parse2(tokens).map_err(|e| Error::internal("progenitor's output", &e.to_string()))
}

/// `Name` of `impl From<Name> for …`.
fn converted(block: &syn::ItemImpl) -> Option<String> {
    let (path, _) = block.trait_.as_ref()?;
    let segment = path.segments.last().filter(|segment| segment.ident == "From")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => last_segment(ty),
        _ => None,
    }
}

fn last_segment(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// `T` of `Wrapper<T, …>`.
fn argument(ty: &Type, wrapper: &str) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == wrapper)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    })
}

/// `T` of `Option<T>`.
pub(super) fn of_option(ty: &Type) -> Option<Type> {
    argument(ty, "Option")
}

/// `::std::option::Option` becomes `Option`: `check` keeps the names of Rust's prelude free.
fn shorten(ty: &mut Type) {
    struct Shorten;
    impl VisitMut for Shorten {
        fn visit_type_path_mut(&mut self, ty: &mut syn::TypePath) {
            syn::visit_mut::visit_type_path_mut(self, ty);
            let segments = &ty.path.segments;
            let first = segments.first().map(|segment| segment.ident.to_string()).unwrap_or_default();
            let Some(last) = segments.last().cloned() else { return };
            match first.as_str() {
                "std" => ty.path = last.into(),
                "crate" => ty.path = parse_quote!(runtime::#last),
                _ => {}
            }
        }
    }
    Shorten.visit_type_mut(ty);
}

/// `types::CallDto` becomes `CallDto`, in the module `types` itself.
pub(super) struct WithinTypes;

impl VisitMut for WithinTypes {
    fn visit_type_path_mut(&mut self, ty: &mut syn::TypePath) {
        syn::visit_mut::visit_type_path_mut(self, ty);
        let segments = &ty.path.segments;
        if let (Some(first), Some(last)) = (segments.first(), segments.last())
            && segments.len() == 2
            && first.ident == "types"
        {
            ty.path = last.clone().into();
        }
    }
}
