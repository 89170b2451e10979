//! Threads that survive a fork. A forked process has only the thread that forked, so a pool of its parent would wait for
//! threads that are not there: each process has its own.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::errors;

struct Pool {
    process: u32,
    threads: Arc<ThreadPool>,
}

static POOL: Mutex<Option<Pool>> = Mutex::new(None);

fn build(threads: usize) -> PyResult<Arc<ThreadPool>> {
    let pool =
        ThreadPoolBuilder::new().num_threads(threads).thread_name(|index| format!("lookalike-{index}"));
    pool.build().map(Arc::new).map_err(|_| errors::bug("the system gives no threads"))
}

/// This process's threads.
pub(crate) fn current() -> PyResult<Arc<ThreadPool>> {
    let process = std::process::id();
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pool) = pool.as_ref().filter(|pool| pool.process == process) {
        return Ok(pool.threads.clone());
    }
    // As many as there are processors, or as RAYON_NUM_THREADS says.
    let threads = build(0)?;
    // The parent's pool must not be taken down here: its threads are the parent's.
    std::mem::forget(pool.replace(Pool { process, threads: threads.clone() }));
    Ok(threads)
}

/// Sets how many threads later calls use; 0 for as many as there are processors. Results do not depend on it.
#[pyfunction]
pub(crate) fn set_threads(threads: i64) -> PyResult<()> {
    let threads = usize::try_from(threads)
        .ok()
        .filter(|threads| *threads <= 1024)
        .ok_or_else(|| PyValueError::new_err("threads must be from 0 to 1024"))?;
    let pool = Pool { process: std::process::id(), threads: build(threads)? };
    std::mem::forget(POOL.lock().unwrap_or_else(PoisonError::into_inner).replace(pool));
    Ok(())
}
