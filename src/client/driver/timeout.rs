//! Calls to the server that are given up when no answer comes.

use std::pin::pin;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;

use crate::error::KithError;

/// Waits for a call for so many milliseconds. A connection may be dead without anybody saying
/// so; leaving the call drops it.
pub(super) async fn within<T>(
    ms: u32,
    call: impl Future<Output = Result<T, KithError>>,
) -> Result<T, KithError> {
    match select(pin!(call), TimeoutFuture::new(ms)).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(KithError::Unreachable),
    }
}
