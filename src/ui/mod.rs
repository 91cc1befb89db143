//! The pages: components only. What leaves the page goes through the driver or a server function.

pub mod app;
pub mod call;
pub mod choices;
pub mod components;
pub mod device_name;
pub mod each;
pub mod emoji;
pub mod form_error;
pub mod language;
pub mod later;
pub mod loaded;
pub mod markup;
pub mod name;
pub mod page;
pub mod pages;
pub mod sentence;
pub mod shell;
pub mod show;
pub mod system_line;
pub mod theme;
pub mod when;
pub mod words;

// Rendered by the server alone.
#[cfg(feature = "ssr")]
mod administration;
#[cfg(feature = "ssr")]
pub mod plain;

/// The sentences of `locales/*.json`.
pub mod i18n {
    // `mod i18n`, written by build.rs. It offers more than is used here.
    #[allow(unused)]
    mod generated {
        include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
    }

    pub use generated::i18n::{I18nContextProvider, Locale, t_string, td_string, use_i18n};

    /// A sentence without values, as a child or an attribute. With values it is a `t_string!` in
    /// a closure.
    macro_rules! t {
        ($i18n:expr, $sentence:ident) => {
            $crate::ui::words::words($i18n, |locale| {
                $crate::ui::i18n::td_string!(locale, $sentence)
            })
        };
    }
    pub(crate) use t;
}

pub use app::App;
pub use shell::{plain_style_paths, shell};
