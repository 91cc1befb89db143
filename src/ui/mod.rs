//! The pages: components for both halves. What leaves the page goes through the driver or a server
//! function.

pub mod chat;
pub mod contacts;
pub mod frame;
pub mod groups;
pub mod later;
pub mod messages;
pub mod pages;
pub mod parts;
pub mod paths;
pub mod settings;
pub mod text;
pub mod view;

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
            $crate::ui::view::words::words($i18n, |locale| {
                $crate::ui::i18n::td_string!(locale, $sentence)
            })
        };
    }
    pub(crate) use t;
}

pub use frame::app::App;
pub use frame::shell::{plain_style_paths, shell};
