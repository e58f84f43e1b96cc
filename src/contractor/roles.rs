//! Clients that have only the operations of one credential, so that an editor doesn't offer what would fail for want of another.

use super::{Auth, Client, Config, builder};
use crate::{ConfigError, Secret};

/// The client of a dispatch system: the operations of `ExternalSystemAuth`.
///
/// ```no_run
/// use casewire::contractor::{Config, Desk};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let desk = Desk::connect(Config::new("https://desk.example")?, "desk-key")?;
/// let call = desk.get_call().id(683913).send().await?;
/// println!("{:?}", call.status);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Desk(Client);

/// The client of a user, such as a field employee: the operations of `UserAuth`.
///
/// ```no_run
/// use casewire::contractor::{Config, Field, types::CallStatus};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let ivanov = Field::connect(Config::new("https://desk.example")?, "ivanov", "Passw0rd")?;
/// ivanov.set_call_status().id(683913).body_map(|body| body.status(CallStatus::Committed)).send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Field(Client);

impl Desk {
    /// A client for the server that `config` names, which calls with this key.
    ///
    /// # Errors
    /// When the configuration can't work; see [`ConfigError`].
    pub fn connect(config: Config, key: impl Into<Secret>) -> Result<Self, ConfigError> {
        Client::connect(config, Auth::external_system(key)).map(Self)
    }
}

impl Field {
    /// A client for the server that `config` names, which signs this user in on first use.
    ///
    /// # Errors
    /// When the configuration can't work; see [`ConfigError`].
    pub fn connect(config: Config, name: impl Into<String>, password: impl Into<Secret>) -> Result<Self, ConfigError> {
        Client::connect(config, Auth::user(name, password)).map(Self)
    }
}

macro_rules! operations {
    ($role:ident: $($method:ident -> $builder:ident,)*) => {
        impl $role {
            /// The whole client, with everything else that it can do.
            #[must_use]
            pub fn client(&self) -> &Client {
                &self.0
            }

            $(#[doc = concat!("As [`Client::", stringify!($method), "`].")]
            #[must_use]
            pub fn $method(&self) -> builder::$builder {
                self.0.$method()
            })*

            #[cfg(test)]
            const METHODS: &[&str] = &[$(stringify!($method)),*];
        }

        /// With whatever credentials it has.
        impl From<Client> for $role {
            fn from(client: Client) -> Self {
                Self(client)
            }
        }
    };
}

operations! {
    Desk:
    create_call -> CreateCall,
    list_jeopardy_changes -> ListJeopardyChanges,
    list_message_changes -> ListMessageChanges,
    list_call_changes -> ListCallChanges,
    get_call -> GetCall,
    update_call -> UpdateCall,
    close_call -> CloseCall,
    add_dispatcher_message -> AddDispatcherMessage,
    clear_jeopardy -> ClearJeopardy,
    get_call_cost -> GetCallCost,
    set_call_cost_approval -> SetCallCostApproval,
    list_call_tasks -> ListCallTasks,
    get_call_task -> GetCallTask,
    get_call_task_attachment -> GetCallTaskAttachment,
    update_system_settings -> UpdateSystemSettings,
    register_user -> RegisterUser,
    change_password -> ChangePassword,
    lock_user -> LockUser,
}

operations! {
    Field:
    create_call_temp_link -> CreateCallTempLink,
    raise_jeopardy -> RaiseJeopardy,
    add_user_message -> AddUserMessage,
    set_call_status -> SetCallStatus,
    create_call_cost -> CreateCallCost,
    add_expense -> AddExpense,
    remove_expense -> RemoveExpense,
    update_expense -> UpdateExpense,
    add_material -> AddMaterial,
    remove_material -> RemoveMaterial,
    update_material -> UpdateMaterial,
    submit_call_cost -> SubmitCallCost,
    upload_call_task_attachment -> UploadCallTaskAttachment,
    download_call_task_attachment -> DownloadCallTaskAttachment,
    get_call_task_result -> GetCallTaskResult,
    set_call_task_status -> SetCallTaskStatus,
    mark_all_notifications_read -> MarkAllNotificationsRead,
    mark_notification_read -> MarkNotificationRead,
    get_self -> GetSelf,
}

#[cfg(test)]
mod tests {
    use super::{Desk, Field};
    use crate::{
        SecurityScheme,
        contractor::{OPERATIONS, security},
    };

    #[test]
    fn each_has_the_operations_of_its_credential() {
        let check = |scheme: SecurityScheme, methods: &[&str]| {
            let ids = OPERATIONS.iter().filter(|operation| operation.security == Some(&scheme)).map(|operation| {
                let letters = operation.id.chars().map(|c| match c.is_uppercase() {
                    true => format!("_{}", c.to_lowercase()),
                    false => c.to_string(),
                });
                letters.collect::<String>()
            });
            assert_eq!(ids.collect::<Vec<_>>(), methods);
        };
        check(security::EXTERNAL_SYSTEM_AUTH, Desk::METHODS);
        check(security::USER_AUTH, Field::METHODS);
    }
}
