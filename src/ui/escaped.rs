//! Text for elements that hold nothing but text, such as a text area: Leptos writes what stands in
//! them as it is.

/// Returns a text as it stands between the tags of such an element.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_no_element() {
        assert_eq!(escaped("</title><u>a & b"), "&lt;/title&gt;&lt;u&gt;a &amp; b");
    }
}
