//! Parses `talk.txt`, the messages of the demo and their times.

use std::error::Error;

const TALK: &str = include_str!("talk.txt");

const HOUR_MS: i64 = 3_600_000;

/// Time for typing one character.
const CHARACTER_MS: i64 = 900;

/// One message.
#[derive(Debug, Clone)]
pub struct ScriptLine {
    pub from: String,
    pub to: String,
    pub text: String,
    /// When it is sent, in milliseconds before now.
    pub before_ms: i64,
    /// Whether its audience has not read it.
    pub unread: bool,
}

/// Returns all messages, oldest first. `small_talk` of them are between the two visitors.
pub fn lines(small_talk: usize) -> Result<Vec<ScriptLine>, Box<dyn Error>> {
    let (scenes, endless) = TALK.split_once("\n@@ ").ok_or("talk.txt: there is no small talk")?;
    let mut lines = Vec::new();
    for scene in scenes.split("\n@ ").skip(1) {
        lines.extend(read_scene(scene)?);
    }
    lines.extend(read_small_talk(endless, small_talk)?);
    lines.sort_by_key(|line| -line.before_ms);
    Ok(lines)
}

fn read_scene(scene: &str) -> Result<Vec<ScriptLine>, Box<dyn Error>> {
    let (head, body) = scene.split_once('\n').ok_or("talk.txt: a conversation without lines")?;
    let words: Vec<&str> = head.split_whitespace().collect();
    let [one, other, hours, rest @ ..] = words.as_slice() else {
        return Err(format!("talk.txt: {head}").into());
    };
    let mut at = -hours.parse::<i64>()? * HOUR_MS;
    let mut lines = Vec::new();
    for paragraph in paragraphs(body) {
        if let Some(seconds) = paragraph.strip_prefix("~ ") {
            at += seconds.parse::<i64>()? * 1_000;
            continue;
        }
        let (from, text) = from_and_text(&paragraph)?;
        at += 5_000 + CHARACTER_MS * i64::try_from(text.chars().count())?.min(200);
        lines.push(line((one, other), from, text, -at));
    }
    if let ["unread", count] = rest {
        lines.iter_mut().rev().take(count.parse()?).for_each(|line| line.unread = true);
    }
    Ok(lines)
}

/// Spreads `count` messages evenly over the days before the last scenes.
fn read_small_talk(text: &str, count: usize) -> Result<Vec<ScriptLine>, Box<dyn Error>> {
    let (head, body) = text.split_once('\n').ok_or("talk.txt: no small talk")?;
    let pair = head.split_once(' ').ok_or("talk.txt: small talk between whom?")?;
    let exchanges: Vec<&str> = body.split("\n\n").skip(1).collect();
    let (from_ms, until_ms) = (240 * HOUR_MS, 8 * HOUR_MS);
    let step = (from_ms - until_ms) / i64::try_from(count.max(1))?;
    // A stride without a common factor with the number of exchanges visits all of them. The shift
    // by 3 gives each round another order.
    let order = (0..).map(|n| (n * 5 + n / exchanges.len() * 3) % exchanges.len());
    let messages = order.flat_map(|n| paragraphs(exchanges[n])).take(count);
    messages
        .zip(0..)
        .map(|(paragraph, n)| {
            let (from, text) = from_and_text(&paragraph)?;
            Ok(line(pair, from, text, from_ms - n * step))
        })
        .collect()
}

fn from_and_text(paragraph: &str) -> Result<(&str, &str), String> {
    paragraph.split_once(": ").ok_or_else(|| format!("talk.txt: {paragraph}"))
}

fn line((one, other): (&str, &str), from: &str, text: &str, before_ms: i64) -> ScriptLine {
    let to = if from == one || is_group(other) { other } else { one };
    ScriptLine { from: from.into(), to: to.into(), text: text.into(), before_ms, unread: false }
}

/// Whether this is the key of a group, not a username.
pub fn is_group(name: &str) -> bool {
    name.starts_with('+')
}

/// Returns the lines of `body`. A line that begins with `|` continues the line before it.
fn paragraphs(body: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in body.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match (line.strip_prefix('|'), out.last_mut()) {
            (Some(more), Some(last)) => {
                last.push('\n');
                last.push_str(more);
            }
            _ => out.push(line.to_string()),
        }
    }
    out
}
