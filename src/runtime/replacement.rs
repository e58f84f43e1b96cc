//! A file that takes the place of another one once it is complete, and not before.

use std::{
    fs::{self, File},
    hash::{BuildHasher, Hasher, RandomState},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use bytes::Bytes;

/// A file next to the one that it is going to replace; removed unless it does.
pub(super) struct Replacement {
    /// Closed before it is removed.
    file: File,
    temporary: Temporary,
    target: PathBuf,
}

/// The path of a file that is removed with this.
struct Temporary {
    path: PathBuf,
    is_there: bool,
}

/// How many links are followed, as most systems do.
const LINKS: usize = 40;

impl Replacement {
    /// An empty file next to the one at `path`, or at the end of the links there, with its permissions.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let mut target = path.to_owned();
        for _ in 0..LINKS {
            let Ok(link) = fs::read_link(&target) else { break };
            target = target.parent().unwrap_or(Path::new("")).join(link);
        }
        let old = match fs::metadata(&target) {
            Ok(old) if !old.is_file() => return Err(refused(io::ErrorKind::InvalidInput, "not a regular file")),
            Ok(old) if old.permissions().readonly() => {
                return Err(refused(io::ErrorKind::PermissionDenied, "the file is read-only"));
            }
            Ok(old) => Some(old.permissions()),
            Err(e) if e.kind() == io::ErrorKind::NotFound && is_file_name(&target) => None,
            Err(e) => return Err(e),
        };
        let (file, path) = loop {
            let name = format!(".casewire-{:016x}.part", RandomState::new().build_hasher().finish());
            let path = target.with_file_name(name);
            let mut options = File::options();
            options.write(true).create_new(true);
            // Nobody else may open it before it has the permissions of the old one.
            #[cfg(unix)]
            if old.is_some() {
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            }
            match options.open(&path) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                file => break (file?, path),
            }
        };
        let new = Self { file, temporary: Temporary { path, is_there: true }, target };
        if let Some(permissions) = old {
            // It has another owner, maybe, as whom nobody is meant to run it.
            #[cfg(unix)]
            let permissions = {
                use std::os::unix::fs::PermissionsExt;
                fs::Permissions::from_mode(permissions.mode() & 0o777)
            };
            fs::set_permissions(&new.temporary.path, permissions)?;
        }
        Ok(new)
    }

    /// The same with these chunks at its end.
    pub(super) fn write(mut self, chunks: Vec<Bytes>) -> io::Result<Self> {
        chunks.iter().try_for_each(|chunk| self.file.write_all(chunk))?;
        Ok(self)
    }

    /// Takes its place, once all of it is on the disk.
    pub(super) fn replace(self) -> io::Result<()> {
        let Self { file, mut temporary, target } = self;
        file.sync_all()?;
        drop(file);
        fs::rename(&temporary.path, &target)?;
        temporary.is_there = false;
        // So that the new name is on the disk, too, where a folder can be opened for that; the file is in its place anyway.
        if let Some(folder) = temporary.path.parent() {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            File::open(folder).and_then(|folder| folder.sync_all()).ok();
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if self.is_there {
            fs::remove_file(&self.path).ok();
        }
    }
}

/// Whether a file may have this path. With a slash at its end, it is a folder's.
fn is_file_name(path: &Path) -> bool {
    path.file_name().is_some() && !path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

fn refused(kind: io::ErrorKind, reason: &str) -> io::Error {
    io::Error::new(kind, reason)
}
