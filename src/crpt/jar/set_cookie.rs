//! A `Set-Cookie`, taken apart (RFC 6265, section 5.2).

/// A cookie as a server sets it.
pub(super) struct SetCookie<'a> {
    pub(super) text: &'a str,
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

impl<'a> SetCookie<'a> {
    /// `None` for a cookie without a name.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let pair = text.split(';').next()?;
        let (name, value) = pair.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        (!name.is_empty()).then_some(Self { text, name, value })
    }

    /// The values of the attributes of this name, in their order; empty where there is none.
    pub(super) fn attributes(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let attributes =
            self.text.split(';').skip(1).map(|attribute| attribute.split_once('=').unwrap_or((attribute, "")));
        attributes.filter(move |(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The domain that it is for, without its leading dot.
    pub(super) fn domain(&self) -> Option<String> {
        let domain = self.attributes("domain").filter(|domain| !domain.is_empty()).last()?;
        let domain = domain.strip_prefix('.').unwrap_or(domain);
        (!domain.is_empty()).then(|| domain.to_ascii_lowercase())
    }

    pub(super) fn path(&self) -> Option<&'a str> {
        self.attributes("path").last().filter(|path| path.starts_with('/'))
    }

    pub(super) fn is_secure(&self) -> bool {
        self.attributes("secure").next().is_some()
    }
}
