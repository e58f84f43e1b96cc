//! What the spec requires of values that are sent and the types of typify don't check: bounds, numbers that JSON can hold,
//! date-times with an offset, at least one property. A builder asks it; reading doesn't.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, parse_quote};

use super::tokens::ident;
use crate::interface::{Bound, Interface, Kind, Parameter, Record, Shape, Text, Type};

/// `impl Validate` of a type that is sent and has constraints, itself or in what it holds.
pub(super) fn implementation(interface: &Interface, ty: &Type) -> Option<Item> {
    if !is_validated(interface, ty) {
        return None;
    }
    let check = match &ty.kind {
        Kind::Record(record) => of_record(interface, record),
        Kind::Choice(records) => {
            let arms = records.iter().map(|record| {
                let variant = ident(record);
                match interface.ty(record).is_some_and(|ty| is_validated(interface, ty)) {
                    true => quote!(Self::#variant(value) => runtime::Validate::validate(value)),
                    false => quote!(Self::#variant(_) => Ok(())),
                }
            });
            quote!(match self { #(#arms,)* })
        }
        Kind::Wrapper(Shape::Map(_)) if ty.needs_an_entry() => quote! {
            if self.0.is_empty() { Err("at least one property is needed") } else { Ok(()) }
        },
        Kind::Wrapper(shape) => {
            let checks = of_value(interface, shape, &ty.name.wire, &quote!(self.0));
            quote!(#(#checks?;)* Ok(()))
        }
        Kind::Enum(_) | Kind::Constrained(_) => return None,
    };
    let name = ident(&ty.name.rust);
    Some(parse_quote! {
        impl runtime::Validate for #name {
            fn validate(&self) -> Result<(), &'static str> {
                #check
            }
        }
    })
}

/// Whether a type has an `impl Validate`.
pub(super) fn is_validated(interface: &Interface, ty: &Type) -> bool {
    let (mut seen, mut left) = (BTreeSet::new(), vec![ty]);
    while let Some(ty) = left.pop().filter(|_| ty.sent) {
        if !seen.insert(&ty.name.rust) {
            continue;
        }
        let (is_constrained, shapes): (bool, Vec<&Shape>) = match &ty.kind {
            Kind::Record(record) => (record.not_empty, record.fields.iter().map(|field| &field.shape).collect()),
            Kind::Wrapper(shape) => (ty.needs_an_entry(), vec![shape]),
            Kind::Choice(records) => {
                left.extend(records.iter().filter_map(|record| interface.ty(record)));
                continue;
            }
            Kind::Enum(_) | Kind::Constrained(_) => continue,
        };
        let own = shapes.iter().filter(|shape| interface.inner(shape).is_none());
        if is_constrained || own.into_iter().any(|shape| !constraints(shape).is_empty()) {
            return true;
        }
        left.extend(shapes.into_iter().filter_map(|shape| interface.inner(shape)));
    }
    false
}

/// The checks of a parameter that is called `value` where it is set.
pub(super) fn of_parameter(interface: &Interface, parameter: &Parameter) -> Vec<TokenStream> {
    of_value(interface, &parameter.shape, &parameter.name.wire, &quote!(*value))
}

fn of_record(interface: &Interface, record: &Record) -> TokenStream {
    let not_empty = record.not_empty.then(|| {
        let names: Vec<&str> = record.fields.iter().map(|field| field.name.wire.as_str()).collect();
        let reason = format!("at least one of {} is needed", names.join(", "));
        quote! {
            if *self == Self::default() {
                return Err(#reason);
            }
        }
    });
    let checks = record.fields.iter().flat_map(|field| {
        let place = ident(&field.name.rust);
        of_value(interface, &field.shape, &field.name.wire, &quote!(self.#place))
    });
    quote!(#not_empty #(#checks?;)* Ok(()))
}

/// The checks of the value at a place, or of all values in a list or map there.
fn of_value(interface: &Interface, shape: &Shape, name: &str, place: &TokenStream) -> Vec<TokenStream> {
    if let Some(inner) = interface.inner(shape) {
        return match is_validated(interface, inner) {
            true => vec![quote!(runtime::Validate::validate(&#place))],
            false => Vec::new(),
        };
    }
    let subject = if shape.is_collection() { format!("each value of {name}") } else { name.to_owned() };
    let checks = constraints(shape).into_iter().map(|(satisfied, constraint)| {
        let reason = format!("{subject} must {constraint}");
        quote!(runtime::require(&#place, |value| #satisfied, #reason))
    });
    checks.collect()
}

/// The constraints of a value: a condition on `value`, and what it says.
fn constraints(shape: &Shape) -> Vec<(TokenStream, String)> {
    match shape.leaf() {
        Shape::Integer(integer) => match (integer.least, integer.most) {
            (None, None) => Vec::new(),
            (Some(least), Some(most)) => {
                let within = quote!((#least..=#most).contains(&i64::from(*value)));
                vec![(within, format!("be between {least} and {most}"))]
            }
            (Some(least), None) => vec![(quote!(i64::from(*value) >= #least), format!("be at least {least}"))],
            (None, Some(most)) => vec![(quote!(i64::from(*value) <= #most), format!("be at most {most}"))],
        },
        // JSON has neither NaN nor infinity: they would be written as null.
        Shape::Number(number) => {
            let mut constraints = vec![(quote!(value.is_finite()), "be a finite number".to_owned())];
            constraints.extend(number.least.map(|Bound { at, exclusive }| match exclusive {
                true => (quote!(f64::from(*value) > #at), format!("be more than {at}")),
                false => (quote!(f64::from(*value) >= #at), format!("be at least {at}")),
            }));
            constraints.extend(number.most.map(|Bound { at, exclusive }| match exclusive {
                true => (quote!(f64::from(*value) < #at), format!("be less than {at}")),
                false => (quote!(f64::from(*value) <= #at), format!("be at most {at}")),
            }));
            constraints
        }
        Shape::Text(Text::DateTime) => {
            let constraint = "have an offset from UTC; choose a zone with DateTime::in_zone";
            vec![(quote!(value.offset().is_some()), constraint.to_owned())]
        }
        _ => Vec::new(),
    }
}
