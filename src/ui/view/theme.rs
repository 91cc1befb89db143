//! The theme: light, dark, or that of the system. The choice is in a cookie, so that the server
//! renders it and the page never flashes in the other theme.

use leptos::prelude::*;
use leptos_meta::Html;

use crate::client::browser;

use super::choices::{DeviceHeaders, choice};

const COOKIE: &str = "kith_theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name)
    }

    /// The choice of the device whose request is being answered.
    pub fn of_request() -> Self {
        DeviceHeaders::of_request().choice(COOKIE).and_then(Self::named).unwrap_or_default()
    }
}

/// The theme that this device chose.
#[derive(Clone, Copy)]
pub struct ThemeChoice(RwSignal<Theme>);

impl ThemeChoice {
    /// Reads the cookie.
    pub fn from_cookie() -> Self {
        let theme = choice(COOKIE).and_then(|name| Theme::named(&name));
        Self(RwSignal::new(theme.unwrap_or_default()))
    }

    pub fn get(self) -> Theme {
        self.0.get()
    }

    pub fn get_untracked(self) -> Theme {
        self.0.get_untracked()
    }

    pub fn choose(self, theme: Theme) {
        self.0.set(theme);
        browser::set_cookie(COOKIE, theme.as_str());
    }
}

/// Sets the choice on the root element, where the style sheet reads it.
#[component]
pub fn ThemeOnRoot(choice: ThemeChoice) -> impl IntoView {
    view! { <Html attr:data-theme=move || choice.get().as_str() /> }
}
