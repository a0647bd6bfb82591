//! How much has been read, counted by whoever reads and looked at by whoever waits.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::inputs::Inputs;

/// Bytes read so far, by any number of threads; copies count together.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<AtomicU64>);

impl Meter {
    /// So many more were read.
    pub fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// How many were read.
    pub fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// The same bytes, counted as they are read.
    pub fn count<R: Read>(&self, input: R) -> Counted<R> {
        Counted {
            input,
            meter: self.clone(),
        }
    }
}

/// An input whose bytes are counted.
#[derive(Debug)]
pub struct Counted<R> {
    input: R,
    meter: Meter,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.input.read(buffer)?;
        self.meter.add(bytes as u64);
        Ok(bytes)
    }
}

/// How many bytes there are to be read; `None` where that cannot be known: a pipe.
pub fn total(inputs: &Inputs) -> Option<u64> {
    let mut total = 0;
    for input in &inputs.files {
        let about = std::fs::metadata(input.path.as_ref()?);
        // What cannot be read is told when it is tried.
        match about {
            Ok(about) if !about.is_file() => return None,
            Ok(about) => total += about.len(),
            Err(_) => {}
        }
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::read::inputs::Input;

    #[test]
    fn threads_count_together() {
        let meter = Meter::default();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut input = meter.count(&[7_u8; 1000][..]);
                    io::copy(&mut input, &mut io::sink()).expect("read");
                });
            }
        });
        assert_eq!(meter.read(), 4000);
    }

    #[test]
    fn a_pipe_has_no_length() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut inputs = Inputs::default();
        let mut add = |path: Option<PathBuf>| {
            inputs.files.push(Input {
                name: String::new(),
                path,
                named: true,
                supersedes: false,
            });
            total(&inputs)
        };
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "12345").expect("written");
        assert_eq!(add(Some(path)), Some(5));
        assert_eq!(add(Some(folder.path().join("none.csv"))), Some(5));
        assert_eq!(add(None), None);
    }
}
