//! The text of a message. It is escaped, except that web addresses become links and mentions are
//! marked.

use linkify::{LinkFinder, LinkKind};

use crate::model::{Contact, mention};
use crate::ui::text::name::mentioned;
use crate::ui::view::markup::Markup;

use super::row_context::RowContext;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum TextPiece {
    Words(String),
    Link(String),
}

/// Splits a text into words and links. Only `http` and `https` addresses become links.
fn pieces(text: &str) -> Vec<TextPiece> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    let mut pieces = Vec::new();
    for span in finder.spans(text) {
        if span.kind().is_none() || !leads_to_the_web(span.as_str()) {
            push_words(&mut pieces, span.as_str());
            continue;
        }
        // Chinese follows without a space: an address ends where Chinese begins.
        let whole = span.as_str();
        let (address, words) = whole.split_at(whole.find(is_cjk).unwrap_or(whole.len()));
        pieces.push(TextPiece::Link(address.to_string()));
        push_words(&mut pieces, words);
    }
    pieces
}

fn push_words(pieces: &mut Vec<TextPiece>, words: &str) {
    match pieces.last_mut() {
        _ if words.is_empty() => {}
        Some(TextPiece::Words(before)) => before.push_str(words),
        _ => pieces.push(TextPiece::Words(words.to_string())),
    }
}

/// Whether the script of a character has no spaces between words: Chinese and Japanese, with their
/// punctuation and full-width forms.
fn is_cjk(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

fn leads_to_the_web(address: &str) -> bool {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

/// Adds a text. In a group, mentions show current names, which the effect that renders the text
/// tracks.
pub fn add_text(body: Markup, context: RowContext, text: &str) -> Markup {
    let RowContext { driver, i18n, conversation, .. } = context;
    let parts = match conversation.contact {
        Contact::Group(_) => mention::pieces(text),
        Contact::User(_) => vec![mention::MentionPiece::Words(text)],
    };
    let to_me = [mention::MentionPiece::Person(driver.me()), mention::MentionPiece::Everybody];
    let body = body.html(r#"<p class="message-text">"#);
    let body = parts.into_iter().fold(body, |body, piece| match piece {
        mention::MentionPiece::Words(words) => pieces(words).iter().fold(body, add_piece),
        named => {
            let start = match to_me.contains(&named) {
                true => r#"<span class="mention to-me">@"#,
                false => r#"<span class="mention">@"#,
            };
            body.html(start).text(&mentioned(i18n, driver.cache, named)).html("</span>")
        }
    });
    body.html("</p>")
}

fn add_piece(body: Markup, piece: &TextPiece) -> Markup {
    match piece {
        TextPiece::Words(words) => body.text(words),
        TextPiece::Link(address) => body
            .html(r#"<a href=""#)
            .text(address)
            .html(r#"" target="_blank" rel="noopener noreferrer">"#)
            .text(address)
            .html("</a>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> TextPiece {
        TextPiece::Words(text.into())
    }

    fn link(text: &str) -> TextPiece {
        TextPiece::Link(text.into())
    }

    #[test]
    fn web_addresses_become_links_without_the_text_around_them() {
        assert_eq!(
            pieces("see https://example.org/a?b=c, or HTTP://example.org."),
            [
                words("see "),
                link("https://example.org/a?b=c"),
                words(", or "),
                link("HTTP://example.org"),
                words("."),
            ]
        );
        assert_eq!(pieces("看https://example.org/"), [words("看"), link("https://example.org/")]);
        for after in ["，很好", "，OK吗", "很好"] {
            assert_eq!(
                pieces(&format!("https://example.org/a{after} 好")),
                [link("https://example.org/a"), words(&format!("{after} 好"))]
            );
        }
        assert_eq!(pieces("https://example.org/Köln"), [link("https://example.org/Köln")]);
    }

    #[test]
    fn addresses_of_other_schemes_do_not_become_links() {
        for text in ["javascript:alert(1)", "javascript://example.org/%0aalert(1)", "ftp://a.b/c"] {
            assert!(
                pieces(text).iter().all(|piece| matches!(piece, TextPiece::Words(_))),
                "{text}: {:?}",
                pieces(text)
            );
        }
    }

    #[test]
    fn tags_in_a_text_are_escaped() {
        let text = "<b>bold</b> <script>alert(1)</script>";
        assert_eq!(pieces(text), [words(text)]);
        let shown =
            pieces("<b> https://example.org/?a=\"><i>").iter().fold(Markup::default(), add_piece);
        assert!(!shown.into_string().contains("<b>"));
    }

    #[test]
    fn a_quote_in_an_address_cannot_end_the_attribute() {
        let shown = add_piece(Markup::default(), &link("https://a.b/?\"onclick=\"x"));
        let address = "https://a.b/?&quot;onclick=&quot;x";
        let rest = r#"target="_blank" rel="noopener noreferrer""#;
        let expected = format!("<a href=\"{address}\" {rest}>{address}</a>");
        assert_eq!(shown.into_string(), expected);
    }
}
