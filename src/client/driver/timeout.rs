//! Timeouts for calls to the server.

use std::pin::pin;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;

use crate::error::KithError;

/// Waits for a call for at most `ms` milliseconds.
///
/// A connection may be dead without any error. Dropping the call closes it.
pub(super) async fn within<T>(
    ms: u32,
    call: impl Future<Output = Result<T, KithError>>,
) -> Result<T, KithError> {
    match select(pin!(call), TimeoutFuture::new(ms)).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(KithError::Unreachable),
    }
}
