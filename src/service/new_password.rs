//! The rules for new passwords. Passwords that were set before them keep working.

use crate::error::Result;
use crate::model::validation::{self, Invalid, username_key};

/// The passwords that are tried first, one in each line. The first lines say where they are from.
const COMMON: &str = include_str!("common_passwords.txt");

/// Checks the new password of the account with this username, which need not be valid.
pub(super) fn check_new_password(password: &str, username: &str) -> Result<()> {
    validation::password(password)?;
    let key = password.trim().to_lowercase();
    if is_common(&key) || is_made_of(&key, &username_key(username)) {
        return Err(Invalid::PasswordGuessable.into());
    }
    Ok(())
}

fn is_common(key: &str) -> bool {
    COMMON.lines().any(|common| common == key)
}

/// Whether the password has nothing but the username, once or more, and perhaps digits and signs.
fn is_made_of(key: &str, username: &str) -> bool {
    if username.is_empty() {
        return false;
    }
    let rest = key.replace(username, "");
    rest.len() < key.len() && !rest.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::KithError;
    use crate::model::limits::PASSWORD_MIN;

    fn refused(password: &str, username: &str) -> bool {
        check_new_password(password, username) == Err(Invalid::PasswordGuessable.into())
    }

    #[test]
    fn common_passwords_are_refused_in_any_case() {
        for common in ["12345678", "password", "Password1", "QWERTYUIOP", " iloveyou ", "5201314a"]
        {
            assert!(refused(common, "ann"), "{common}");
        }
        for good in ["correct horse", "battery-staple", "demo demo", "密码密码密码密码"] {
            assert_eq!(check_new_password(good, "ann"), Ok(()), "{good}");
        }
        let short = check_new_password("1234567", "ann");
        assert_eq!(short, Err(KithError::Invalid(Invalid::PasswordLength)));
    }

    #[test]
    fn the_username_makes_no_password() {
        for made in ["ann-baker", "Ann-Baker", "ann-baker1", "2026ann-bakerann-baker!"] {
            assert!(refused(made, "Ann-Baker"), "{made}");
        }
        for good in ["ann-baker bakes", "another horse"] {
            assert_eq!(check_new_password(good, "Ann-Baker"), Ok(()), "{good}");
        }
        assert_eq!(check_new_password("2026-11-30 19:58", ""), Ok(()), "no name is in no password");
    }

    #[test]
    fn list_has_only_passwords_that_pass_the_other_rules() {
        let (notes, list): (Vec<&str>, Vec<&str>) =
            COMMON.lines().partition(|line| line.starts_with('#'));
        assert!(!notes.is_empty() && (5_000..=10_000).contains(&list.len()), "{}", list.len());
        for line in list {
            assert!(line.chars().count() >= PASSWORD_MIN, "{line} is too short anyway");
            assert_eq!(line.trim().to_lowercase(), line, "it is compared in lower case");
        }
    }
}
