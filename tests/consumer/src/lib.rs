//! What a user of casewire writes, with whichever features are on. It has to compile with each of them alone.

use casewire::{Config, ConfigError, DateTime, Secret};

/// Needs no interface.
///
/// # Errors
/// When the configuration can't work.
pub fn configured() -> Result<Config, ConfigError> {
    Ok(Config::new("https://desk.example")?.user_agent("consumer"))
}

/// Needs no interface.
#[must_use]
pub fn values() -> (Secret, Option<DateTime>) {
    (Secret::from("key"), "2026-03-02T08:15:00Z".parse().ok())
}

/// Needs `contractor`.
#[cfg(feature = "contractor")]
pub mod contractor {
    use casewire::contractor::{
        Auth, Client, Config, Error, OPERATIONS,
        error::{GetCallError, SetCallStatusError},
        types::{CallDto, CallStatus},
    };

    /// A call, or nothing when there is none.
    ///
    /// # Errors
    /// Any other failure.
    pub async fn find(client: &Client, id: i64) -> Result<Option<CallDto>, Error<GetCallError>> {
        match client.get_call().id(id).send().await {
            Ok(call) => Ok(Some(call.into_inner())),
            Err(Error::ErrorResponse(e)) if matches!(**e, GetCallError::NotFound(_)) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Accepts a call.
    ///
    /// # Errors
    /// When the server refuses, or can't be reached.
    pub async fn accept(client: &Client, id: i64) -> Result<(), Error<SetCallStatusError>> {
        client.set_call_status().id(id).body_map(|body| body.status(CallStatus::Committed)).send().await?;
        Ok(())
    }

    /// Clients go into tasks and threads.
    ///
    /// # Errors
    /// When the configuration can't work.
    pub fn shared() -> Result<impl Clone + Send + Sync + 'static, casewire::ConfigError> {
        Client::connect(Config::new("https://desk.example")?, Auth::user("ivanov", "Passw0rd"))
    }

    /// How many operations there are.
    #[must_use]
    pub fn operations() -> usize {
        OPERATIONS.len()
    }

    /// The futures of calls are `Send`.
    pub fn spawnable(client: Client) -> impl Future + Send + 'static {
        async move { find(&client, 1).await.is_ok() }
    }
}

/// Needs `contractor` and `sandbox`.
#[cfg(all(test, feature = "contractor", feature = "sandbox"))]
mod tests {
    use casewire::{
        contractor::{Auth, Client, Config},
        sandbox,
    };

    #[tokio::test]
    async fn finds_a_call_of_the_sandbox() {
        let sandbox = sandbox::Contractor::start().await.unwrap();
        let auth = Auth::external_system(sandbox::contractor::EXTERNAL_SYSTEM_KEY);
        let client = Client::connect(Config::new(sandbox.url()).unwrap(), auth).unwrap();
        assert_eq!(super::contractor::find(&client, 683_913).await.unwrap().unwrap().id, Some(683_913));
        assert!(super::contractor::find(&client, 1).await.unwrap().is_none());
    }
}
