//! The pages that need a signed-in user, and those for strangers alone.

use super::paths::{ADMINISTRATION, ContactTab, JOIN, REGISTER, SETTINGS, SIGN_IN};

/// Whether the page at this path needs a signed-in user.
pub fn needs_sign_in(path: &str) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default();
    first.is_empty()
        || path == SETTINGS
        || format!("/{first}") == ADMINISTRATION
        || path.starts_with(JOIN)
        || ContactTab::ALL.into_iter().any(|tab| tab.word() == first)
}

/// Whether the page at this path is only for people who are not signed in.
pub fn is_for_strangers(path: &str) -> bool {
    path == SIGN_IN || path == REGISTER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_show_a_users_own_data_need_a_sign_in() {
        for path in ["/", "/chats", "/chats/user-3", "/friends", "/groups/group-1", "/settings"]
            .into_iter()
            .chain(["/admin", "/admin/people/3", "/join/abc"])
        {
            assert!(needs_sign_in(path), "{path}");
        }
        for path in [
            "/sign-in",
            "/register",
            "/new-password",
            "/healthz",
            "/readyz",
            "/pkg/kith.css",
            "/nowhere",
        ] {
            assert!(!needs_sign_in(path), "{path}");
        }
    }
}
