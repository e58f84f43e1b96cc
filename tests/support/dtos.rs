//! Every DTO of every interface: the name of its schema, and what serde makes of its Rust
//! type. The macro at the end is the one list of them; that it is complete is checked
//! against the specs.

use std::{any::Any, fmt::Debug};

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Error;

use crate::{complete, spec::Spec};

/// The Rust type of a schema.
pub struct Dto {
    pub interface: &'static str,
    /// The schema, as the spec calls it.
    pub schema: &'static str,
    read: fn(&[u8]) -> Read,
    pub json_schema: fn(schemars::SchemaGenerator) -> schemars::Schema,
}

/// Where a text stops being a value of a type, and why.
#[derive(Debug)]
pub struct Unreadable {
    /// `.` for all of it.
    pub path: String,
    pub reason: String,
}

/// A value of some DTO, if it is one.
pub type Read = Result<Box<dyn Instance>, Unreadable>;

/// A value of some DTO.
pub trait Instance: Any + Debug {
    fn write(&self) -> Result<String, Error>;

    fn equals(&self, other: &dyn Instance) -> bool;
}

impl<T: Serialize + PartialEq + Debug + 'static> Instance for T {
    fn write(&self) -> Result<String, Error> {
        serde_json::to_string(self)
    }

    fn equals(&self, other: &dyn Instance) -> bool {
        (other as &dyn Any).downcast_ref() == Some(self)
    }
}

impl Dto {
    const fn of<T>(interface: &'static str, schema: &'static str) -> Self
    where
        T: DeserializeOwned + Serialize + PartialEq + Debug + JsonSchema + 'static,
    {
        Self { interface, schema, read: read::<T>, json_schema: schemars::SchemaGenerator::into_root_schema_for::<T> }
    }

    /// The value that is all of `json`.
    pub fn read(&self, json: &[u8]) -> Read {
        (self.read)(json)
    }
}

fn read<T>(json: &[u8]) -> Read
where
    T: DeserializeOwned + Serialize + PartialEq + Debug + 'static,
{
    let mut text = serde_json::Deserializer::from_slice(json);
    let value: T = serde_path_to_error::deserialize(&mut text)
        .map_err(|e| Unreadable { path: e.path().to_string(), reason: e.inner().to_string() })?;
    text.end().map_err(|e| Unreadable { path: ".".to_owned(), reason: e.to_string() })?;
    Ok(Box::new(value))
}

/// The list has every schema of the spec.
#[track_caller]
pub fn check_complete(interface: &str, spec: &Spec) {
    let rows = DTOS.iter().filter(|dto| dto.interface == interface).map(|dto| (dto.schema, ()));
    complete::check_complete(rows, spec.schemas().as_object().unwrap().keys().map(String::as_str));
}

/// `interface: Type, Type = "schema of another name";`
macro_rules! dtos {
    (@name $type:ident) => { stringify!($type) };
    (@name $type:ident $schema:literal) => { $schema };
    ($($interface:ident: $($type:ident $(= $schema:literal)?),+;)+) => {
        &[$($(
            Dto::of::<casewire::$interface::types::$type>(stringify!($interface), dtos!(@name $type $($schema)?)),
        )+)+]
    };
}

#[rustfmt::skip]
pub const DTOS: &[Dto] = dtos! {
    callback: Acknowledgement, Application, BatchResponse, Credentials, Failure, FailureDetail, Opf,
        RegisteredOrRendered, RegisteredOrRenderedStatus, Rejected, RejectedStatus, StatusReport, Token,
        TokenResponse;
    contractor: AccessServiceTokensDto = "AccessServiceTokensDTO", ApprovalStatus, Call, CallCost,
        CallCostDto = "CallCostDTO", CallCostStatus, CallDto = "CallDTO", CallInputDto = "CallInputDTO",
        CallJeopardy, CallJeopardyDto = "CallJeopardyDTO", CallMessage, CallMessageDto = "CallMessageDTO",
        CallStatus, CallStatusInputDto = "CallStatusInputDTO", CallTask, CallTaskAttachment,
        CallTaskAttachmentDto = "CallTaskAttachmentDTO", CallTaskAttachmentType, CallTaskResult,
        CallTaskResultDto = "CallTaskResultDTO", CallTaskStatus, CallTaskStatusInputDto = "CallTaskStatusInputDTO",
        CallTasktOutputDto = "CallTasktOutputDTO", ChangePasswordDto = "ChangePasswordDTO", ErrorDto = "ErrorDTO",
        ExpenditureItem, ExpenditureItemDto = "ExpenditureItemDTO", Expense, ExpenseDto = "ExpenseDTO", Material,
        MaterialDto = "MaterialDTO", MaterialOwnerType,
        PatchCallCostApprovalStatusInputDto = "PatchCallCostApprovalStatusInputDTO",
        PatchCallInputDto = "PatchCallInputDTO", PatchExpenseInputDto = "PatchExpenseInputDTO",
        PatchMaterialInputDto = "PatchMaterialInputDTO",
        PatchSystemSettingsInputDto = "PatchSystemSettingsInputDTO",
        PostCallJeopardyInputDto = "PostCallJeopardyInputDTO",
        PostCallJeopardyOutputDto = "PostCallJeopardyOutputDTO",
        PostCallMessageInputDto = "PostCallMessageInputDTO", PostCallOutputDto = "PostCallOutputDTO",
        PostCallResultDto = "PostCallResultDTO", PostCallStatusOutputDto = "PostCallStatusOutputDTO",
        PostCallTaskInputDto = "PostCallTaskInputDTO", PostCallTaskItemDto = "PostCallTaskItemDTO",
        PostCallTaskOutputDto = "PostCallTaskOutputDTO",
        PostExpenditureItemInputDto = "PostExpenditureItemInputDTO", PostExpenseInputDto = "PostExpenseInputDTO",
        PostExternalCallJeopardyInputDto = "PostExternalCallJeopardyInputDTO",
        PostExternalCallJeopardyOutputDto = "PostExternalCallJeopardyOutputDTO",
        PostExternalCallMessageInputDto = "PostExternalCallMessageInputDTO",
        PostExternalCallMessageOutputDto = "PostExternalCallMessageOutputDTO",
        PostMaterialInputDto = "PostMaterialInputDTO", PostMaterialOutputDto = "PostMaterialOutputDTO",
        RegisterUserDto = "RegisterUserDTO", RegisterUserOutputDto = "RegisterUserOutputDTO",
        SignInInputDto = "SignInInputDTO", TokenDto = "TokenDTO", User, UserDto = "UserDTO";
    crpt: Case, CaseAction, CaseInput, CaseNumberResponse, CaseResponse, CaseSummary, CaseUpdate, CasesRequest,
        CasesResponse, Failure, File, FileLinkResponse, ForceUseSession, LoginException, LoginRequest, LoginResponse,
        Message, MessageIdResponse, MessageInput;
    legalcase: ClientInput, CommentInput, CommentUpdate, Created, Deal, Inn, LegalCaseEvent, LegalCaseEventCode,
        LegalCaseInput, LegalCaseUpdate, Ogrn, Representative;
};
