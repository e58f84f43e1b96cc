//! What progenitor printed, taken apart by name, so that each thing is asked for once and nothing is left over unseen.

use std::collections::BTreeMap;

use syn::{
    Fields, GenericArgument, ImplItem, Item, ItemMod, ItemStruct, PathArguments, ReturnType, Type, parse_quote,
    visit_mut::VisitMut,
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
    types: BTreeMap<String, Vec<Item>>,
    /// The fields of the builder of each operation, by the builder's name: what each parameter is in Rust.
    builders: BTreeMap<String, BTreeMap<String, Type>>,
    /// What the body of a success is, by the builder's name.
    results: BTreeMap<String, Type>,
}

impl Output {
    pub(super) fn new(items: Vec<Item>) -> Result<Self, Error> {
        let mut output = Self::default();
        for item in items {
            match item {
                Item::Mod(module) if module.ident == "types" => output.take_types(contents(module)?),
                Item::Mod(module) if module.ident == "builder" => {
                    contents(module)?.into_iter().for_each(|item| output.take_builder(item));
                }
                // The client, its methods and the hooks: the interface says all that is in them.
                _ => {}
            }
        }
        Ok(output)
    }

    fn take_types(&mut self, items: Vec<Item>) {
        let mut blocks = Vec::new();
        for item in items {
            let name = match item {
                // Builders of ours take the place of typify's, and nothing is left that gives its error.
                Item::Mod(module) if module.ident == "builder" || module.ident == "error" => continue,
                Item::Impl(block) => {
                    blocks.push(block);
                    continue;
                }
                Item::Struct(ref item) => item.ident.to_string(),
                Item::Enum(ref item) => item.ident.to_string(),
                Item::Mod(ref module) => module.ident.to_string(),
                _ => String::new(),
            };
            self.types.entry(name).or_default().push(item);
        }
        for block in blocks {
            // `impl From<Name> for i64` belongs to `Name`.
            let names = [last_segment(&block.self_ty), converted(&block)];
            let owner = names.iter().flatten().find(|name| self.types.contains_key(*name)).or(names[0].as_ref());
            self.types.entry(owner.cloned().unwrap_or_default()).or_default().push(Item::Impl(block));
        }
    }

    fn take_builder(&mut self, item: Item) {
        match item {
            Item::Struct(ItemStruct { ident, fields: Fields::Named(fields), .. }) => {
                let fields = fields.named.into_iter().filter_map(|field| {
                    let name = field.ident?.to_string();
                    // `Result<T, String>`, or `Result<Option<T>, String>`.
                    let inner = argument(&field.ty, "Result").unwrap_or(field.ty);
                    Some((name, argument(&inner, "Option").unwrap_or(inner)))
                });
                self.builders.insert(ident.to_string(), fields.filter(|(name, _)| name != "client").collect());
            }
            Item::Impl(block) => {
                let Some(name) = last_segment(&block.self_ty) else { return };
                let send = block.items.iter().find_map(|item| match item {
                    ImplItem::Fn(function) if function.sig.ident == "send" => Some(&function.sig.output),
                    _ => None,
                });
                // `Result<ResponseValue<T>, …>`.
                if let Some(ReturnType::Type(_, result)) = send
                    && let Some(response) = argument(result, "Result")
                    && let Some(body) = argument(&response, "ResponseValue")
                {
                    self.results.insert(name, body);
                }
            }
            _ => {}
        }
    }

    /// The items of a type, which are taken away.
    pub(super) fn take_type(&mut self, name: &str) -> Result<Vec<Item>, Error> {
        self.types.remove(name).ok_or_else(|| Error::internal(name, "progenitor printed no type of this name"))
    }

    /// The types of the fields of a struct, by their names.
    pub(super) fn take_struct<'a>(
        &mut self,
        name: &str,
        fields: impl Iterator<Item = &'a String>,
    ) -> Result<BTreeMap<String, Type>, Error> {
        let found = self.take_type(name)?.into_iter().find_map(|item| match item {
            Item::Struct(ItemStruct { fields: Fields::Named(fields), .. }) => Some(fields.named),
            _ => None,
        });
        let found = found.ok_or_else(|| Error::internal(name, "progenitor printed no struct of this name"))?;
        let found = found.into_iter().filter_map(|field| Some((field.ident?.to_string(), field.ty)));
        named(name, fields.map(|name| (name.clone(), lowered(name))), found.collect())
    }

    /// What the variants of an enum hold, in their order.
    pub(super) fn take_variants(&mut self, name: &str, count: usize) -> Result<Vec<Type>, Error> {
        let variants = self.take_type(name)?.into_iter().find_map(|item| match item {
            Item::Enum(item) => Some(item.variants),
            _ => None,
        });
        let held: Vec<Type> = variants
            .into_iter()
            .flatten()
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

fn contents(module: ItemMod) -> Result<Vec<Item>, Error> {
    let name = module.ident.to_string();
    let (_, items) = module.content.ok_or_else(|| Error::internal(&name, "progenitor printed an empty module"))?;
    Ok(items)
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
