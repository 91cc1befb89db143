//! Keeps redirects on this site: the path to return to comes from the request.

/// Returns `path` if it stays on this site, else `/`. `//host`, `/\host`, a scheme or a control
/// character could lead to another site.
pub fn same_site_path(path: &str) -> &str {
    let second = path.chars().nth(1);
    let stays = path.starts_with('/')
        && !matches!(second, Some('/' | '\\'))
        && path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if stays { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_to_other_sites_become_the_home_page() {
        assert_eq!(same_site_path("/chats/user-3?a=b"), "/chats/user-3?a=b");
        for elsewhere in
            ["", "chats", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb"]
        {
            assert_eq!(same_site_path(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
