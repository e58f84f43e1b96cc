//! The JSON bodies that requests bring, read strictly: no property missing, none of a wrong
//! type. What a schema says beyond types is checked while a property is read. Properties
//! that the schema doesn't have are ignored.

use serde::{Deserialize, Deserializer, de::Error};

use super::model;
use crate::read::{object, present};

#[derive(Debug, Deserialize)]
pub(super) struct Client {
    #[serde(deserialize_with = "inn")]
    pub(super) inn: String,
    #[serde(deserialize_with = "ogrn")]
    pub(super) ogrn: String,
    pub(super) organization: String,
    pub(super) tariff: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct NewCase {
    #[serde(deserialize_with = "object")]
    pub(super) deal: Deal,
    #[serde(deserialize_with = "ogrn")]
    pub(super) ogrn: String,
    #[serde(deserialize_with = "object")]
    pub(super) representative: Representative,
}

#[derive(Debug, Deserialize)]
pub(super) struct Deal {
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Representative {
    surname: String,
    name: String,
    #[serde(default, deserialize_with = "present")]
    patronymic: Option<String>,
    #[serde(default, deserialize_with = "present")]
    telephone: Option<String>,
}

impl From<Representative> for model::Representative {
    fn from(input: Representative) -> Self {
        let Representative { surname, name, patronymic, telephone } = input;
        Self { surname, name, patronymic, telephone }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CaseUpdate {
    #[serde(default, deserialize_with = "present")]
    pub(super) read: Option<bool>,
    // The alias is in Cyrillic, letter for letter as in the interface's description.
    #[serde(default, deserialize_with = "present", alias = "Ассепт")]
    pub(super) accept: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(super) struct NewComment {
    pub(super) comment: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct CommentUpdate {
    pub(super) read: bool,
}

fn inn<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    digits(input, [10, 12])
}

fn ogrn<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    digits(input, [13, 15])
}

/// A number of one of these lengths, written in digits.
fn digits<'de, D: Deserializer<'de>>(input: D, lengths: [usize; 2]) -> Result<String, D::Error> {
    let text = String::deserialize(input)?;
    if lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text)
    } else {
        Err(D::Error::custom(format!("not a number of {} or {} digits", lengths[0], lengths[1])))
    }
}
