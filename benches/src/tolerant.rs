//! The types that are read, with readers written by hand, which take what those of casewire take: any value of an enum, date-times
//! with and without an offset, an empty string for none, `null` for an empty list and in a list of objects, integers written as
//! `5.0`. Arrays for objects are all that they take and casewire doesn't.

#![allow(missing_docs)]

use std::{fmt, marker::PhantomData};

use jiff::{civil, fmt::temporal::Pieces, tz::Offset};
use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Unexpected, Visitor},
};

/// A call, as `listCallChanges` has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    #[serde(default, deserialize_with = "list")]
    pub available_expenditure_items: Vec<ExpenditureItem>,
    pub client_name: Option<String>,
    pub comments: Option<String>,
    #[serde(default, deserialize_with = "date_time")]
    pub commited: Option<DateTime>,
    pub contact_person_email: Option<String>,
    pub contact_person_name: Option<String>,
    pub contact_person_phone: Option<String>,
    #[serde(default, deserialize_with = "date_time")]
    pub created: Option<DateTime>,
    pub critical: Option<bool>,
    pub description_html_text: Option<String>,
    pub description_text_for_field_employee: Option<String>,
    #[serde(default, deserialize_with = "date_time")]
    pub finished: Option<DateTime>,
    #[serde(default, deserialize_with = "integer")]
    pub id: Option<i64>,
    #[serde(default, deserialize_with = "list")]
    pub jeopardies: Vec<Jeopardy>,
    pub number: Option<String>,
    pub service_object_address: Option<String>,
    pub service_object_latitude: Option<f64>,
    pub service_object_longitude: Option<f64>,
    pub service_object_name: Option<String>,
    pub service_object_type: Option<String>,
    pub status: Option<CallStatus>,
    #[serde(default, deserialize_with = "list")]
    pub tasks: Vec<Task>,
    #[serde(default, deserialize_with = "integer")]
    pub timestamp: Option<i64>,
    #[serde(default, deserialize_with = "date_time")]
    pub ttf: Option<DateTime>,
    #[serde(default, deserialize_with = "date_time")]
    pub tto: Option<DateTime>,
    #[serde(default, deserialize_with = "integer")]
    pub user_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct ExpenditureItem {
    #[serde(default, deserialize_with = "integer")]
    pub id: Option<i64>,
    pub name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Jeopardy {
    pub answer_comment: Option<String>,
    #[serde(default, deserialize_with = "date_time")]
    pub answer_date: Option<DateTime>,
    #[serde(default, deserialize_with = "integer")]
    pub call_id: Option<i64>,
    pub comment: Option<String>,
    #[serde(default, deserialize_with = "date_time")]
    pub date: Option<DateTime>,
    #[serde(default, deserialize_with = "integer")]
    pub id: Option<i64>,
    #[serde(default, deserialize_with = "integer")]
    pub timestamp: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct Task {
    #[serde(default, deserialize_with = "integer")]
    pub id: Option<i64>,
    pub result: Option<TaskResult>,
    pub status: Option<TaskStatus>,
    pub title: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct TaskResult {
    #[serde(default, deserialize_with = "list")]
    pub attachments: Vec<Attachment>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    pub blob_service_file_name: Option<String>,
    #[serde(default, deserialize_with = "date_time")]
    pub downloaded: Option<DateTime>,
    #[serde(default, deserialize_with = "integer")]
    pub id: Option<i64>,
    pub name: Option<String>,
    pub r#type: Option<FileType>,
}

/// An enum that keeps any other value.
macro_rules! open {
    ($name:ident: $($variant:ident = $wire:literal),+) => {
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($variant,)+
            Unknown(String),
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<E: Error>(self, text: &str) -> Result<$name, E> {
                        Ok(match text {
                            $($wire => $name::$variant,)+
                            other => $name::Unknown(other.to_owned()),
                        })
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    };
}

open!(CallStatus: New = "New", Committed = "Committed", Done = "Done", Closed = "Closed");
open!(TaskStatus: New = "New", Done = "Done", Canceled = "Canceled");
open!(FileType: Jpeg = "JPEG", Png = "PNG", Tiff = "TIFF", Doc = "DOC", Docx = "DOCX", Xls = "XLS", Xlsx = "XLSX", Pdf = "PDF",
    Zip = "ZIP");

/// A date-time as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTime {
    pub civil: civil::DateTime,
    /// `None` for a local one.
    pub offset: Option<Offset>,
}

fn date_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime>, D::Error> {
    struct Text;

    impl<'de> Visitor<'de> for Text {
        type Value = Option<DateTime>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a date-time")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Option<DateTime>, E> {
            if text.is_empty() {
                return Ok(None);
            }
            let invalid = || E::invalid_value(Unexpected::Str(text), &self);
            let pieces = Pieces::parse(text).map_err(|_| invalid())?;
            let time = pieces.time().ok_or_else(invalid)?;
            Ok(Some(DateTime { civil: pieces.date().to_datetime(time), offset: pieces.to_numeric_offset() }))
        }

        fn visit_none<E>(self) -> Result<Option<DateTime>, E> {
            Ok(None)
        }

        fn visit_unit<E>(self) -> Result<Option<DateTime>, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<DateTime>, D::Error> {
            deserializer.deserialize_str(self)
        }
    }

    deserializer.deserialize_option(Text)
}

fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    struct Integer;

    impl<'de> Visitor<'de> for Integer {
        type Value = Option<i64>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an integer")
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Option<i64>, E> {
            Ok(Some(number))
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Option<i64>, E> {
            i64::try_from(number).map(Some).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<Option<i64>, E> {
            // Beyond this, not every integer has a floating-point number of its own.
            if number.fract() != 0.0 || number.abs() > (1_u64 << 50) as f64 {
                return Err(E::invalid_value(Unexpected::Float(number), &self));
            }
            Ok(Some(number as i64))
        }

        fn visit_none<E>(self) -> Result<Option<i64>, E> {
            Ok(None)
        }

        fn visit_unit<E>(self) -> Result<Option<i64>, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<i64>, D::Error> {
            deserializer.deserialize_i64(self)
        }
    }

    deserializer.deserialize_option(Integer)
}

/// A list, or `null` for an empty one; `null` in it is passed over.
pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    struct List<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(element) = elements.next_element::<Option<T>>()? {
                list.extend(element);
            }
            Ok(list)
        }

        fn visit_none<E>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }

        fn visit_unit<E>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
            deserializer.deserialize_seq(self)
        }
    }

    deserializer.deserialize_option(List(PhantomData))
}

/// The calls that `listCallChanges` gives.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Calls(#[serde(deserialize_with = "list")] pub Vec<Call>);
