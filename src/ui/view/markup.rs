//! HTML that is put together as text: for what a page has by the hundred, which the browser reads
//! faster than it is made element by element, and for elements that hold nothing but text, in which
//! Leptos writes what stands there as it is.

/// Returns a text as it stands between tags, or in the double quotes of an attribute.
pub fn escaped(text: &str) -> String {
    Markup::default().text(text).into_string()
}

/// What is not written in the program itself is text, and nothing but text.
#[derive(Debug, Default)]
pub struct Markup(String);

impl Markup {
    /// Adds tags and attributes as the program has them.
    pub fn html(mut self, html: &'static str) -> Self {
        self.0.push_str(html);
        self
    }

    /// Adds a text between tags, or in the double quotes of an attribute.
    pub fn text(mut self, text: &str) -> Self {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"']) {
            self.0.push_str(&rest[..at]);
            self.0.push_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                _ => "&quot;",
            });
            rest = &rest[at + 1..];
        }
        self.0.push_str(rest);
        self
    }

    /// Returns all of it, to be the inner HTML of an element.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_no_element_and_no_attribute() {
        assert_eq!(escaped("</title><u>a & b"), "&lt;/title&gt;&lt;u&gt;a &amp; b");
        assert_eq!(escaped("好\" onclick=\"x()"), "好&quot; onclick=&quot;x()");
        assert_eq!(escaped("&amp;"), "&amp;amp;");
    }

    #[test]
    fn tags_stay_tags_and_texts_texts() {
        let markup = Markup::default().html("<p class=\"").text("a\"b").html("\">").text("<i>");
        assert_eq!(markup.html("</p>").into_string(), "<p class=\"a&quot;b\">&lt;i&gt;</p>");
    }
}
