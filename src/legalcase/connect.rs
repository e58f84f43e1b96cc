//! Connecting: no credential is documented, and one property has a doubtful name.

use reqwest::{Body, Request};

use super::{Client, operation};
use crate::{
    Config, ConfigError, Operation,
    runtime::{Dialect, Executor},
};

/// How the property `Accept` of `updateLegalCase` is spelled on the wire.
///
/// The document prints `Ассепт`, in Cyrillic letters that look like Latin ones; which of the two a server expects is not
/// known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum AcceptSpelling {
    /// `Accept`.
    #[default]
    Latin,
    /// `Ассепт`, as the document prints it.
    Cyrillic,
}

impl AcceptSpelling {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Latin => "Accept",
            Self::Cyrillic => "Ассепт",
        }
    }
}

impl Client {
    /// A client for the server that `config` names.
    ///
    /// The document has no word on authentication. Where the partner asks for a header, give it with
    /// [`Config::header`].
    ///
    /// # Errors
    /// When the configuration can't work; see [`ConfigError`].
    ///
    /// ```no_run
    /// use casewire::legalcase::{AcceptSpelling, Client, Config};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let config = Config::new("https://partner.example")?.header("x-api-key", "key-1")?;
    /// let client = Client::connect(config, AcceptSpelling::default())?;
    /// client.delete_client().client_id("42").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect(config: Config, accept: AcceptSpelling) -> Result<Self, ConfigError> {
        Ok(Self::over(Executor::new(&config, Partner { accept })?))
    }
}

struct Partner {
    accept: AcceptSpelling,
}

impl Dialect for Partner {
    fn adapt(&self, operation: &'static Operation, request: &mut Request) {
        if operation.id != operation::UPDATE_LEGAL_CASE.id || self.accept == AcceptSpelling::Latin {
            return;
        }
        let body = request.body().and_then(Body::as_bytes);
        let Some(Ok(mut body)) = body.map(serde_json::from_slice::<serde_json::Map<_, _>>) else { return };
        if let Some(value) = body.remove(AcceptSpelling::Latin.name()) {
            body.insert(self.accept.name().to_owned(), value);
            *request.body_mut() = Some(serde_json::Value::Object(body).to_string().into());
        }
    }
}
