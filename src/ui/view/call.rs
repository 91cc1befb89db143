//! A call to the server that a button or a form starts: whether it is running, and how it failed.
//! All calls share one type, because each further type of a view adds kilobytes to the WASM.

use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::driver::Driver;
use crate::error::{KithError, Result};

#[derive(Clone, Copy)]
pub struct ServerCall {
    driver: Driver,
    state: RwSignal<CallState>,
}

#[derive(Debug, Clone, PartialEq, Default)]
enum CallState {
    #[default]
    Idle,
    Running,
    Done,
    Failed(KithError),
}

impl ServerCall {
    /// An idle call; its errors reach the driver of the page around.
    pub fn of_page() -> Self {
        Self { driver: expect_context(), state: RwSignal::default() }
    }

    /// Makes the call, unless one is running.
    pub fn run(self, call: impl Future<Output = Result<()>> + 'static) {
        self.run_then(call, || ());
    }

    /// Makes the call, unless one is running; `then` runs after success.
    pub fn run_then(
        self,
        call: impl Future<Output = Result<()>> + 'static,
        then: impl FnOnce() + 'static,
    ) {
        if self.state.with_untracked(|state| *state != CallState::Running) {
            self.start(Box::pin(call), Box::new(then));
        }
    }

    fn start(self, call: Pin<Box<dyn Future<Output = Result<()>>>>, then: Box<dyn FnOnce()>) {
        self.state.set(CallState::Running);
        spawn_local(async move {
            let state = match call.await {
                Ok(()) => CallState::Done,
                // The page is about to be left, so no error is shown on it.
                Err(error) if self.driver.stops_after(&error) => CallState::Running,
                Err(error) => CallState::Failed(error),
            };
            let done = state == CallState::Done;
            // The part of the page that made the call may be gone.
            self.state.try_set(state);
            if done {
                then();
            }
        });
    }

    /// Shows why typed text cannot be sent.
    pub fn refuse(self, error: impl Into<KithError>) {
        self.state.set(CallState::Failed(error.into()));
    }

    pub fn is_running(self) -> bool {
        self.state.with(|state| *state == CallState::Running)
    }

    pub fn is_done(self) -> bool {
        self.state.with(|state| *state == CallState::Done)
    }

    pub fn error(self) -> Option<KithError> {
        self.state.with(|state| match state {
            CallState::Failed(error) => Some(error.clone()),
            _ => None,
        })
    }
}
