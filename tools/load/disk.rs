//! The sync time of the disk, for which every stored message waits.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Failure;

const TRIES: usize = 200;

/// A page of the write-ahead log with its header.
const WRITTEN: [u8; 4_120] = [7; 4_120];

/// Returns the median time of an appended page's sync in `folder`.
pub fn sync_time(folder: &Path) -> Result<Duration, Failure> {
    let path = folder.join("sync");
    let mut file = File::create(&path)?;
    let mut times = Vec::with_capacity(TRIES);
    for _ in 0..TRIES {
        let began = Instant::now();
        file.write_all(&WRITTEN)?;
        file.sync_data()?;
        times.push(began.elapsed());
    }
    std::fs::remove_file(path)?;
    times.sort_unstable();
    Ok(times[TRIES / 2])
}
