//! What a user of casewire writes, with whichever features are on. It has to compile with
//! each of them alone.

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

/// Needs `schemars`, and no interface.
#[cfg(feature = "schemars")]
pub mod schemars {
    use casewire::schemars::{JsonSchema, Schema, schema_for};

    /// The schema of a list of date-times.
    #[must_use]
    pub fn dates() -> Schema {
        schema_for!(Vec<casewire::DateTime>)
    }

    /// The schema of anything that has one, in a type of one's own.
    #[must_use]
    pub fn of<T: JsonSchema>() -> Schema {
        schema_for!(T)
    }
}

/// Needs `contractor`.
#[cfg(feature = "contractor")]
pub mod contractor {
    use casewire::{
        AnyError,
        contractor::{
            Auth, Client, Config, Error, OPERATIONS,
            error::{GetCallError, SetCallStatusError},
            types::{CallDto, CallStatus},
        },
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

    /// Accepts a call, says so in it, and gives it as it was before.
    ///
    /// # Errors
    /// Those of three operations.
    pub async fn take_over(client: &Client, id: i64) -> Result<CallDto, AnyError> {
        let call = client.get_call().id(id).send().await?.into_inner();
        accept(client, id).await?;
        client.add_user_message().id(id).body_map(|body| body.message("Приступаю")).send().await?;
        Ok(call)
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

    /// A request owns its client, and its future is `Send`.
    pub fn spawnable(client: &Client) -> impl Future<Output: Send> + Send + use<> {
        client.get_call().id(1).send()
    }
}

/// Needs `crpt`.
#[cfg(feature = "crpt")]
pub mod crpt {
    use casewire::crpt::{Auth, Client, Config, Error, error::CreateCaseError};

    /// Opens a case and gives its number.
    ///
    /// # Errors
    /// When the server refuses, or can't be reached.
    pub async fn open(client: &Client, subject: &str, symptoms: &str) -> Result<String, Error<CreateCaseError>> {
        let case = client.create_case().body_map(|body| body.subject(subject).symptoms(symptoms));
        Ok(case.send().await?.into_inner())
    }

    /// Clients go into tasks and threads.
    ///
    /// # Errors
    /// When the configuration can't work.
    pub fn shared() -> Result<impl Clone + Send + Sync + 'static, casewire::ConfigError> {
        Client::connect(Config::new("https://support.example")?, Auth::user("participant", "Qw-417-erty"))
    }
}

/// Needs `legalcase`.
#[cfg(feature = "legalcase")]
pub mod legalcase {
    use casewire::legalcase::{AcceptSpelling, Client, Config, Error, error::DeleteCommentError};

    /// Deletes a comment, unless it was read.
    ///
    /// # Errors
    /// Any failure but that.
    pub async fn withdraw(client: &Client, ids: [&str; 3]) -> Result<bool, Error<DeleteCommentError>> {
        let [bank_client, case, comment] = ids;
        let delete = client.delete_comment().client_id(bank_client).legal_case_id(case).comment_id(comment);
        match delete.send().await {
            Ok(_) => Ok(true),
            Err(e) if matches!(e.failure(), Some(DeleteCommentError::Conflict)) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Clients go into tasks and threads.
    ///
    /// # Errors
    /// When the configuration can't work.
    pub fn shared() -> Result<impl Clone + Send + Sync + 'static, casewire::ConfigError> {
        let config = Config::new("https://partner.example")?.header("x-api-key", "key-1")?;
        Client::connect(config, AcceptSpelling::default())
    }
}

/// Needs `callback`.
#[cfg(feature = "callback")]
pub mod callback {
    use casewire::callback::{Auth, Client, Config, CreationDate, Endpoints, Error, error::FetchApplicationsError};

    /// The dates of the applications of the next batch.
    ///
    /// # Errors
    /// When the server refuses, or can't be reached.
    pub async fn dates(client: &Client) -> Result<Vec<CreationDate>, Error<FetchApplicationsError>> {
        let batch = client.fetch_applications().limit(10).send().await?;
        let dates = batch.applications.iter().filter_map(|application| application.date_creation.as_deref());
        Ok(dates.filter_map(|date| date.parse().ok()).collect())
    }

    /// Clients go into tasks and threads.
    ///
    /// # Errors
    /// When the configuration can't work.
    pub fn shared() -> Result<impl Clone + Send + Sync + 'static, casewire::ConfigError> {
        let auth = Auth::user("integration@oip.example", "Petr0va-1");
        Client::connect(Config::new("https://lkmsp.example")?, auth, Endpoints::default())
    }
}

/// Needs `contractor`.
#[cfg(all(test, feature = "contractor"))]
mod tests {
    use casewire::{
        AnyError, ErrorKind,
        contractor::{
            Auth, Client, Config,
            error::{GetCallError, SetCallStatusError},
        },
    };
    use casewire_sandbox::{Contractor, contractor::EXTERNAL_SYSTEM_KEY};

    #[tokio::test]
    async fn finds_a_call_of_the_sandbox() {
        let sandbox = Contractor::start().await.unwrap();
        let auth = Auth::external_system(EXTERNAL_SYSTEM_KEY);
        let client = Client::connect(Config::new(sandbox.url()).unwrap(), auth).unwrap();
        assert_eq!(super::contractor::find(&client, 683_913).await.unwrap().unwrap().id, Some(683_913));
        assert!(super::contractor::find(&client, 1).await.unwrap().is_none());
        let read = tokio::spawn(client.get_call().id(683_913).send());
        assert_eq!(read.await.unwrap().unwrap().id, Some(683_913));
    }

    #[tokio::test]
    async fn one_error_for_three_operations() {
        let sandbox = Contractor::start().await.unwrap();
        let auth = Auth::user("ivanov", "Passw0rd").and_external_system(EXTERNAL_SYSTEM_KEY);
        let client = Client::connect(Config::new(sandbox.url()).unwrap(), auth).unwrap();
        let call = super::contractor::take_over(&client, 683_913).await.unwrap();
        assert_eq!(call.id, Some(683_913));

        let missing: AnyError = super::contractor::take_over(&client, 1).await.unwrap_err();
        assert!(matches!(missing.failure(), Some(GetCallError::NotFound(_))), "{missing:?}");
        assert_eq!(missing.failure::<SetCallStatusError>().map(|_| ()), None);
        assert_eq!((missing.operation().id, missing.kind()), ("getCall", ErrorKind::NotFound));
        // It is accepted already.
        let taken = super::contractor::take_over(&client, 683_913).await.unwrap_err();
        assert!(taken.failure::<SetCallStatusError>().is_some(), "{taken:?}");
        assert_eq!(taken.operation().id, "setCallStatus");
    }
}
