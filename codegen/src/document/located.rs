//! A value of a document and where it is.

use serde_json::Value;

/// Appends a key to a JSON pointer (RFC 6901).
pub(crate) fn entry(pointer: &str, key: &str) -> String {
    let mut pointer = String::with_capacity(pointer.len() + 1 + key.len()) + pointer + "/";
    // In a debug build, which a build script is, looking for bytes is many times as fast as for characters; few keys have any.
    match key.as_bytes().contains(&b'~') || key.as_bytes().contains(&b'/') {
        true => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
        false => pointer.push_str(key),
    }
    pointer
}

/// The keys of a JSON pointer, unescaped.
pub(crate) fn keys(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect()
}

/// A value and where it is.
#[derive(Debug, Clone)]
pub(crate) struct Located<'a> {
    pub(crate) pointer: String,
    pub(crate) value: &'a Value,
}

impl<'a> Located<'a> {
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        Some(Self { pointer: entry(&self.pointer, key), value: self.value.as_object()?.get(key)? })
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    /// A string below a key.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// Whether a boolean keyword is there and true; everything in OpenAPI that may be left out defaults to false.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The entries of a mapping with their keys; none when it is something else.
    pub(crate) fn entries(&self) -> Vec<(&'a str, Self)> {
        let entries = self.value.as_object().into_iter().flatten();
        entries.map(|(key, value)| (key.as_str(), Self { pointer: entry(&self.pointer, key), value })).collect()
    }

    /// The entries below a key that holds a mapping.
    pub(crate) fn entries_of(&self, key: &str) -> Vec<(&'a str, Self)> {
        self.get(key).map(|inner| inner.entries()).unwrap_or_default()
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| Self { pointer: entry(&self.pointer, &index.to_string()), value }).collect()
    }

    /// The items of a list below a key.
    pub(crate) fn items_of(&self, key: &str) -> Vec<Self> {
        self.get(key).map(|list| list.items()).unwrap_or_default()
    }

    /// Whether a schema lists a property in `required`.
    pub(crate) fn requires(&self, property: &str) -> bool {
        let required = self.value.get("required").and_then(Value::as_array);
        required.is_some_and(|required| required.iter().any(|name| name == property))
    }

    pub(crate) fn reference(&self) -> Option<&'a str> {
        self.text("$ref")
    }
}
