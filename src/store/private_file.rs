//! Files that only the user who runs Kith may open, whatever the folder and the umask allow.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;

/// The bits of a mode that let the group and all others in.
const OTHERS: u32 = 0o077;

/// Creates an empty file that only its owner may open. Fails when the file exists.
pub fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
}

/// The same for a file of the data folder. Made by root, it must belong to the folder's owner, who
/// runs Kith.
pub fn create_private_in(folder: &Path, name: impl AsRef<Path>) -> io::Result<File> {
    let made = create_private(&folder.join(name))?;
    let owner = fs::metadata(folder)?;
    if made.metadata()?.uid() == 0 && owner.uid() != 0 {
        fchown(&made, Some(owner.uid()), Some(owner.gid()))?;
    }
    Ok(made)
}

/// Takes all rights on a file from everybody but its owner. A missing file is left missing.
pub fn make_private(path: &Path) -> io::Result<()> {
    // By the path: to close a file descriptor of the database would drop the locks that SQLite
    // holds on it elsewhere in this process.
    let mode = match fs::metadata(path) {
        Ok(found) => found.mode(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if mode & OTHERS == 0 {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(mode & 0o700))
}

/// Whether others than the owner have any right on a file or a folder.
pub fn is_open_to_others(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.mode() & OTHERS != 0)
}
