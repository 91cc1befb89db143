//! Light, dark or as the system has it: kept in a cookie, so that the server renders the choice
//! and the page never flashes in the wrong one.

use leptos::prelude::*;
use leptos_meta::Html;

use crate::client::browser;

use super::choices::{Device, choice};

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

    /// What the device that asks chose, on the server.
    pub fn asked() -> Self {
        Device::asking().choice(COOKIE).and_then(Self::named).unwrap_or_default()
    }
}

/// The choice of this device.
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

/// Puts the choice on the root element, for the style sheet.
#[component]
pub fn ThemeOnRoot(choice: ThemeChoice) -> impl IntoView {
    view! { <Html attr:data-theme=move || choice.get().as_str() /> }
}
