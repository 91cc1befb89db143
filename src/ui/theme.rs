//! Light, dark or as the system has it: kept in a cookie, so that the server renders the choice
//! and the page never flashes in the wrong one.

use std::str::FromStr;

use codee::string::FromToStringCodec;
use leptos::prelude::*;
use leptos_meta::Html;
use leptos_use::{UseCookieOptions, use_cookie_with_options};

use crate::client::browser;

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
}

impl std::fmt::Display for Theme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Theme {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let theme = Self::ALL.into_iter().find(|theme| theme.as_str() == text);
        theme.ok_or("a theme is system, light or dark")
    }
}

/// The choice of this device.
#[derive(Clone, Copy)]
pub struct ThemeChoice(RwSignal<Theme>);

impl ThemeChoice {
    /// Reads the cookie, on the server from the request.
    pub fn from_cookie() -> Self {
        let options = UseCookieOptions::default().readonly(true);
        let (cookie, _) = use_cookie_with_options::<Theme, FromToStringCodec>(COOKIE, options);
        Self(RwSignal::new(cookie.get_untracked().unwrap_or_default()))
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
