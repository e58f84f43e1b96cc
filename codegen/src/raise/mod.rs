//! Gives progenitor's output back what the spec said. What progenitor printed is matched by name against the
//! [`Interface`]; whatever is left over on either side is one error that names it.

mod builders;

mod docs;
mod failures;
mod json_schema;
mod operations;
mod output;
mod tables;
mod tokens;
mod types;
mod validation;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use syn::{File, parse_quote};

use self::output::Output;
use crate::{error::Error, interface::Interface};

/// The finished client.
pub(crate) fn raise(printed: TokenStream, interface: &Interface) -> Result<File, Error> {
    let mut output = Output::new(printed)?;
    let types = types::module(interface, &mut output)?;
    let builders = operations::module(interface, &mut output)?;
    output.is_used_up()?;
    let mut items = vec![parse_quote! { pub use crate::runtime::{ByteStream, ResponseValue}; }];
    items.append(&mut operations::client(interface));
    items.extend([types, builders, failures::module(interface)]);
    items.append(&mut tables::items(interface));
    Ok(File { items, ..parse_quote!() })
}
