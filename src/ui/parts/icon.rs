//! The icons on buttons and in the navigation: lines in the colour of the text around them.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Administration,
    Back,
    Chats,
    Close,
    More,
    Search,
    Send,
    Settings,
    SignOut,
    Smile,
}

impl Icon {
    /// The path of the lines, in a square of 24 units.
    fn lines(self) -> &'static str {
        match self {
            Self::Administration => "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z",
            Self::Back => "M15 5l-7 7 7 7",
            Self::Chats => "M4 5.5h16v10.5h-9.5L5.5 20v-4H4z",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::More => "M5 12h.1M12 12h.1M19 12h.1",
            Self::Search => "M10.5 17.5a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM15.5 15.5l5 5",
            Self::Send => "M20.5 3.5L3.5 10l7 3.5 3.5 7zM10.5 13.5l10-10",
            Self::Settings => {
                "M4 7h7M17 7h3M4 17h3M13 17h7M14 9.7a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM10 \
                 19.7a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4z"
            }
            Self::SignOut => "M14 4H5v16h9M10 12h10M16.5 8l4 4-4 4",
            Self::Smile => {
                "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 14.3c1 1.6 2.3 2.3 4 2.3s3-.7 4-2.3M9 \
                 9.5v.1M15 9.5v.1"
            }
        }
    }
}

/// An icon without a label; the element around it has one.
pub fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=icon.lines() />
        </svg>
    }
}
