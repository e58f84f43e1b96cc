//! What the spec demands of a request beyond the types of its values becomes `runtime::Check`, which the conversions from
//! the builders ask: every body passes one. What is read from an answer does not.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, Stmt, parse_quote};

use super::{contents, expect_count, ident, self_name};
use crate::{
    Error,
    model::{Check, CheckedType, Condition, Demand, Parameter, Plan, TypeKind},
};

pub(super) fn raise(types: &mut Vec<Item>, plan: &Plan) -> Result<(), Error> {
    for checked in &plan.checks {
        let check = match checked.kind {
            TypeKind::Record => {
                check_when_built(types, &checked.name)?;
                body(&checked.checks, &quote!(self))
            }
            TypeKind::Newtype => body(&checked.checks, &quote!(self.0)),
            TypeKind::Choice => choice(types, checked, plan)?,
        };
        let name = ident(&checked.name);
        types.push(parse_quote! {
            impl crate::runtime::Check for #name {
                fn check(&self) -> Result<(), &'static str> {
                    #check
                }
            }
        });
    }
    Ok(())
}

/// The check of a parameter, after its conversion.
pub(super) fn of_parameter(parameter: &Parameter) -> Vec<Stmt> {
    let checks = parameter.checks.iter().map(|check| {
        let variable = check.field.as_deref().map(ident);
        let result = result(check, &quote!(#variable));
        refused(&result)
    });
    checks.collect()
}

/// The check of a body that no builder makes.
pub(super) fn of_body() -> Stmt {
    refused(&quote!(runtime::Check::check(&body)))
}

fn refused(result: &TokenStream) -> Stmt {
    parse_quote! {
        #result.map_err(|reason| call.invalid(reason.to_string()))?;
    }
}

/// All checks of a value, one after the other.
fn body(checks: &[Check], value: &TokenStream) -> TokenStream {
    let results = checks.iter().map(|check| {
        let field = check.field.as_deref().map(ident);
        let result = match field {
            Some(field) => result(check, &quote!(#value.#field)),
            None => result(check, value),
        };
        quote!(#result?;)
    });
    quote!(#(#results)* Ok(()))
}

/// One check of the value at a place, or of all values in a list or map there.
fn result(check: &Check, place: &TokenStream) -> TokenStream {
    let (condition, broken) = match &check.demand {
        Demand::Own => return quote!(crate::runtime::Check::check(&#place)),
        Demand::That(condition, broken) => (condition, broken),
    };
    let kept = match condition {
        Condition::NotEmpty => return quote!(if *#place == Self::default() { Err(#broken) } else { Ok(()) }),
        Condition::Within(least, most) => quote!((#least..=#most).contains(&i64::from(*value))),
        Condition::Finite => quote!(value.is_finite()),
        Condition::AtLeast(least) => quote!(f64::from(*value) >= #least),
        Condition::MoreThan(least) => quote!(f64::from(*value) > #least),
        Condition::AtMost(most) => quote!(f64::from(*value) <= #most),
        Condition::LessThan(most) => quote!(f64::from(*value) < #most),
        Condition::Zoned => quote!(value.offset().is_some()),
    };
    quote!(crate::runtime::require(&#place, |value| #kept, #broken))
}

fn check_when_built(types: &mut [Item], name: &str) -> Result<(), Error> {
    let mut found = 0;
    for item in contents(super::module(types, "builder")?)? {
        let Item::Impl(block) = item else { continue };
        let from_builder = block.trait_.as_ref().and_then(|(path, _)| path.segments.last());
        let from_builder = from_builder.is_some_and(|segment| segment.ident == "TryFrom");
        if !from_builder || self_name(block).is_none_or(|self_name| self_name != name) {
            continue;
        }
        for member in &mut block.items {
            if let syn::ImplItem::Fn(function) = member
                && let [Stmt::Expr(syn::Expr::Call(built), None)] = &function.block.stmts[..]
                && let Some(value) = built.args.first()
            {
                function.block = parse_quote!({
                    let built = #value;
                    crate::runtime::Check::check(&built)?;
                    Ok(built)
                });
                found += 1;
            }
        }
    }
    expect_count(&format!("the conversion from the builder of {name}"), 1, found)
}

/// A choice asks the one that was chosen, if that demands anything.
fn choice(types: &[Item], checked: &CheckedType, plan: &Plan) -> Result<TokenStream, Error> {
    let found = types.iter().find_map(|item| match item {
        Item::Enum(found) if found.ident == checked.name => Some(found),
        _ => None,
    });
    let found = found.ok_or_else(|| Error::internal(&checked.name, "the enum is missing"))?;
    let mut asked = 0;
    let arms: Vec<_> = found
        .variants
        .iter()
        .map(|variant| {
            let name = &variant.ident;
            let of_demanding_type = variant.fields.iter().any(|field| match &field.ty {
                syn::Type::Path(path) => {
                    let inner = path.path.segments.last().map(|segment| segment.ident.to_string());
                    plan.checks.iter().any(|other| Some(&other.name) == inner.as_ref())
                }
                _ => false,
            });
            if of_demanding_type {
                asked += 1;
                quote!(Self::#name(value) => crate::runtime::Check::check(value))
            } else {
                quote!(Self::#name(_) => Ok(()))
            }
        })
        .collect();
    expect_count(&format!("the choices of {} that demand anything", checked.name), checked.checks.len(), asked)?;
    Ok(quote!(match self { #(#arms,)* }))
}
