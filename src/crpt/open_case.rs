//! Opening a case with files, in one call.

use std::{error::Error as StdError, fmt};

use super::{
    Client, Error, builder,
    error::{AttachFileError, CreateCaseError},
    types,
};
use crate::Part;

impl Client {
    /// A case with files: `createCase`, and `attachFile` for each of them, one after the other.
    ///
    /// ```no_run
    /// use casewire::{Part, crpt::{Client, OpenCaseError}};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let opening = client
    ///     .open_case()
    ///     .body_map(|body| body.subject("Не приходит УПД").symptoms("Документ не отображается"))
    ///     .file("журнал.csv", Part::file("/var/log/desk.csv"))
    ///     .file("снимок.png", Part::file("/tmp/screenshot.png"));
    /// match opening.send().await {
    ///     Ok(case) => println!("{} is open, with {} files", case.number, case.files.len()),
    ///     // The case is open: opening it once more would make a second one.
    ///     Err(OpenCaseError::Files { case, failed, .. }) => {
    ///         for file in failed {
    ///             println!("{} is open without {}: {}", case.number, file.name, file.error);
    ///         }
    ///     }
    ///     Err(e) => return Err(e.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn open_case(&self) -> OpenCase {
        OpenCase { client: self.clone(), create: self.create_case(), files: Vec::new() }
    }
}

/// Opens a case with files; see [`Client::open_case`].
#[derive(Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct OpenCase {
    client: Client,
    create: builder::CreateCase,
    files: Vec<(String, Part)>,
}

impl OpenCase {
    /// What the case is about. Required. Takes a builder, too.
    pub fn body(self, body: impl TryInto<types::CaseInput, Error: fmt::Display>) -> Self {
        Self { create: self.create.body(body), ..self }
    }

    /// What the case is about, built in place, in place of what was given before.
    pub fn body_map(
        self,
        build: impl FnOnce(types::builder::CaseInputBuilder) -> types::builder::CaseInputBuilder,
    ) -> Self {
        Self { create: self.create.body_map(build), ..self }
    }

    /// One more file, under this name with its extension.
    pub fn file(mut self, name: impl Into<String>, content: impl Into<Part>) -> Self {
        self.files.push((name.into(), content.into()));
        self
    }

    /// Opens the case, then attaches the files in the order in which they were given. One that fails doesn't keep the next
    /// from being attached.
    ///
    /// # Errors
    /// [`OpenCaseError::Create`] when the case could not be opened: no file was sent then. [`OpenCaseError::Files`] when it
    /// is open and lacks files.
    pub async fn send(self) -> Result<OpenedCase, OpenCaseError> {
        let number = self.create.send().await.map_err(OpenCaseError::Create)?.into_inner();
        let (mut files, mut failed) = (Vec::new(), Vec::new());
        for (name, content) in self.files {
            let attach = self.client.attach_file().filename(name.as_str()).number(number.as_str()).body(content);
            match attach.send().await {
                Ok(link) => files.push(AttachedFile { name, link: link.into_inner() }),
                Err(error) => failed.push(MissingFile { name, error }),
            }
        }
        let case = OpenedCase { number, files };
        if failed.is_empty() { Ok(case) } else { Err(OpenCaseError::Files { case, failed }) }
    }
}

/// A case that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenedCase {
    /// Its number.
    pub number: String,
    /// Its files, in the order in which they were given.
    pub files: Vec<AttachedFile>,
}

/// A file of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttachedFile {
    /// The name that it was given.
    pub name: String,
    /// The link that leads to it, for [`Client::download_link`].
    pub link: String,
}

/// A file that was not attached to the case, or perhaps not: [`Error::outcome`] of its error says so.
#[derive(Debug)]
#[non_exhaustive]
pub struct MissingFile {
    /// The name that it was given.
    pub name: String,
    /// Why it was not attached.
    pub error: Error<AttachFileError>,
}

/// Why a case was not opened, or not with all of its files.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenCaseError {
    /// The case was not opened, or perhaps not: [`Error::outcome`] says so. No file was sent.
    Create(Error<CreateCaseError>),
    /// The case is open, and lacks files.
    #[non_exhaustive]
    Files {
        /// The case, with the files that were attached.
        case: OpenedCase,
        /// Those that were not, at least one.
        failed: Vec<MissingFile>,
    },
}

impl fmt::Display for OpenCaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create(e) => e.fmt(f),
            Self::Files { case: OpenedCase { number, files }, failed } => {
                let all = files.len() + failed.len();
                write!(f, "case {number} is open, but {} of {all} files were not attached", failed.len())?;
                failed.iter().take(1).try_for_each(|file| write!(f, ", the first since {}", file.error))
            }
        }
    }
}

impl StdError for OpenCaseError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Create(e) => e.source(),
            Self::Files { failed, .. } => failed.first().and_then(|file| file.error.source()),
        }
    }
}
