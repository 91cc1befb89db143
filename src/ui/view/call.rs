//! A call to the server that a person starts with a button or a form: whether it is on its way,
//! and what went wrong. One type for all of them, because every other one costs the WASM dearly.

use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::I18nContext;

use crate::client::driver::Driver;
use crate::error::{KithError, Result};
use crate::ui::i18n::{Locale, use_i18n};
use crate::ui::text::errors::sentence;

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
    /// A call of the page around.
    pub fn of_page() -> Self {
        Self { driver: expect_context(), state: RwSignal::default() }
    }

    /// Makes the call, unless one is on its way.
    pub fn run(self, call: impl Future<Output = Result<()>> + 'static) {
        self.run_then(call, || ());
    }

    /// Makes the call, and does `then` once it has succeeded.
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
                // The page is about to go; nothing is left to be said on it.
                Err(error) if self.driver.stops_after(&error) => CallState::Running,
                Err(error) => CallState::Failed(error),
            };
            let done = state == CallState::Done;
            // Whoever asked may have left meanwhile.
            self.state.try_set(state);
            if done {
                then();
            }
        });
    }

    /// Says that something typed cannot be sent.
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

/// Why a call failed, in a sentence; nothing while it did not.
#[component]
pub fn CallError(call: ServerCall) -> impl IntoView {
    call_error(call, sentence)
}

/// The same, in the words of `say`.
pub fn call_error(
    call: ServerCall,
    say: fn(I18nContext<Locale>, &KithError) -> String,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        call.error().map(|error| {
            view! {
                <p class="form-error" role="alert">
                    {say(i18n, &error)}
                </p>
            }
        })
    }
}
