//! HTML as text. A list of messages has hundreds of bubbles, which the browser parses faster than
//! Leptos makes their elements. In `<title>` and `<textarea>`, Leptos would write its markers as
//! text.

/// Escapes a text, to stand between tags or in the double quotes of an attribute.
pub fn escaped(text: &str) -> String {
    Markup::default().text(text).into_string()
}

/// HTML in the making. Only literals of the program can add tags; everything else is escaped.
#[derive(Debug, Default)]
pub struct Markup(String);

impl Markup {
    /// Adds tags and attributes that are written in the program.
    pub fn html(mut self, html: &'static str) -> Self {
        self.0.push_str(html);
        self
    }

    /// Adds an escaped text between tags, or in the double quotes of an attribute.
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

    /// Returns the HTML, for the inner HTML of an element.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_text_cannot_end_an_element_or_an_attribute() {
        assert_eq!(escaped("</title><u>a & b"), "&lt;/title&gt;&lt;u&gt;a &amp; b");
        assert_eq!(escaped("好\" onclick=\"x()"), "好&quot; onclick=&quot;x()");
        assert_eq!(escaped("&amp;"), "&amp;amp;");
    }

    #[test]
    fn only_the_parts_given_as_html_become_tags() {
        let markup = Markup::default().html("<p class=\"").text("a\"b").html("\">").text("<i>");
        assert_eq!(markup.html("</p>").into_string(), "<p class=\"a&quot;b\">&lt;i&gt;</p>");
    }
}
