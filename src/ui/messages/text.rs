//! The text of a message. It is escaped, except that web addresses become links and mentions are
//! marked.

use leptos::prelude::*;
use linkify::{LinkFinder, LinkKind};

use crate::model::characters::is_invisible;
use crate::model::{Contact, mention};
use crate::ui::text::name::mentioned;

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
        let whole = span.as_str();
        let (address, words) = whole.split_at(whole.find(ends_address).unwrap_or(whole.len()));
        if address.ends_with("://") {
            push_words(&mut pieces, whole);
            continue;
        }
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

/// Whether an address ends before a character. Chinese follows without a space. Characters that
/// turn the direction of the text, or that draw a gap, would make an address read as another one.
/// The joiners and the emoji variation may be part of an address.
fn ends_address(c: char) -> bool {
    is_cjk(c) || (is_invisible(c) && !matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0F}'))
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

/// Renders a text. In a group, mentions show current names, which the effect that renders the text
/// tracks.
pub fn message_text(context: RowContext, text: &str) -> AnyView {
    let RowContext { driver, i18n, conversation, .. } = context;
    let parts = match conversation.contact {
        Contact::Group(_) => mention::pieces(text),
        Contact::User(_) => vec![mention::MentionPiece::Words(text)],
    };
    let to_me = [mention::MentionPiece::Person(driver.me()), mention::MentionPiece::Everybody];
    let mut views = Vec::new();
    for part in parts {
        match part {
            mention::MentionPiece::Words(words) => {
                views.extend(pieces(words).into_iter().map(piece_view));
            }
            named => {
                let class = if to_me.contains(&named) { "mention to-me" } else { "mention" };
                let name = format!("@{}", mentioned(i18n, driver.cache, named));
                views.push(view! { <span class=class>{name}</span> }.into_any());
            }
        }
    }
    view! { <p class="message-text">{views}</p> }.into_any()
}

fn piece_view(piece: TextPiece) -> AnyView {
    match piece {
        TextPiece::Words(words) => words.into_any(),
        TextPiece::Link(address) => {
            let shown = address.clone();
            view! {
                <a href=address target="_blank" rel="noopener noreferrer">
                    {shown}
                </a>
            }
            .into_any()
        }
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
    fn addresses_end_where_the_direction_turns() {
        for turn in ['\u{202E}', '\u{2067}', '\u{200F}', '\u{61C}', '\u{3164}', '\u{E0041}'] {
            assert_eq!(
                pieces(&format!("https://evil.example/?{turn}/moc.knab//:sptth")),
                [link("https://evil.example/?"), words(&format!("{turn}/moc.knab//:sptth"))]
            );
            let nowhere = format!("https://{turn}example.org");
            let is_words = |piece: &TextPiece| matches!(piece, TextPiece::Words(_));
            assert!(pieces(&nowhere).iter().all(is_words), "{:?}", pieces(&nowhere));
        }
        let turned = pieces("\u{202E}https://evil.example/");
        assert_eq!(turned, [words("\u{202E}"), link("https://evil.example/")]);
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
    fn tags_and_quotes_in_a_text_are_escaped() {
        let html = |text: &str| {
            pieces(text).into_iter().map(|piece| piece_view(piece).to_html()).collect::<String>()
        };
        assert_eq!(html("<b>bold</b>"), "&lt;b&gt;bold&lt;/b&gt;");
        assert!(!html("https://example.org/?a=\"><i>").contains("<i>"));
        let address = piece_view(link("https://a.b/?\"onclick=\"x")).to_html();
        assert!(address.contains("href=\"https://a.b/?&quot;onclick=&quot;x\""), "{address}");
    }
}
