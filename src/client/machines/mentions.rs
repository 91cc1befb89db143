//! The names that are offered while somebody writes `@` in a group, and the text that a chosen one
//! puts in its place.

use crate::model::{Contact, mention};

/// Maximum number of names that are offered at a time.
const OFFERED_MAX: usize = 8;

/// A member who can be mentioned, or everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The member, for their picture; `None` for everybody.
    pub contact: Option<Contact>,
    /// The name that is shown, and put into the text.
    pub name: String,
    /// A member is found by it, too.
    pub username: String,
    /// It replaces the name when the message is sent.
    pub token: String,
}

/// A change of the text: `new` replaces `old`, which ends at the caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    pub old: String,
    pub new: String,
}

/// The mentions of the message that is being written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mentions {
    /// The text between the `@` and the caret; `None` while no name is being written.
    query: Option<String>,
    /// The text before the caret right after a name was chosen. While the text is still this, no
    /// name is offered.
    completed: String,
    /// The newest first: of two members with the same name, the chosen one is meant.
    chosen: Vec<Candidate>,
}

impl Mentions {
    /// The text was changed, and this much of it is before the caret.
    pub fn text_changed(&mut self, before_caret: &str) {
        let is_completed = before_caret == self.completed;
        let query = mention::name_being_typed(before_caret).filter(|_| !is_completed);
        self.query = query.map(String::from);
    }

    /// Offers no names until the text changes again.
    pub fn close(&mut self) {
        self.query = None;
    }

    /// The candidates to offer. `is_called` says whether one of their names contains the query. The
    /// user's own token is not offered.
    pub fn offered(
        &self,
        candidates: impl FnOnce() -> Vec<Candidate>,
        own_token: &str,
        is_called: impl Fn(&Candidate, &str) -> bool,
    ) -> Vec<Candidate> {
        let Some(query) = self.query.as_deref().map(str::trim) else { return vec![] };
        let fits =
            |candidate: &Candidate| candidate.token != own_token && is_called(candidate, query);
        candidates().into_iter().filter(fits).take(OFFERED_MAX).collect()
    }

    /// A candidate is chosen. `None` if the caret has gone elsewhere since.
    pub fn choose(&mut self, candidate: Candidate, before_caret: &str) -> Option<Replacement> {
        self.query = None;
        let old = mention::name_being_typed(before_caret)?;
        let new = format!("{} ", candidate.name);
        let kept = &before_caret[..before_caret.len() - old.len()];
        self.completed = format!("{kept}{new}");
        self.chosen.insert(0, candidate);
        Some(Replacement { old: old.to_string(), new })
    }

    /// The text as it is sent: names are replaced by tokens.
    pub fn with_tokens(&self, text: &str, candidates: Vec<Candidate>) -> String {
        let all = self.chosen.iter().cloned().chain(candidates);
        let names: Vec<(String, String)> = all.map(|each| (each.name, each.token)).collect();
        mention::with_tokens(text, &names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UserId;

    fn member(id: i64, name: &str, username: &str) -> Candidate {
        let user = UserId(id);
        Candidate {
            contact: Some(Contact::User(user)),
            name: name.to_string(),
            username: username.to_string(),
            token: mention::person_token(user),
        }
    }

    fn members() -> Vec<Candidate> {
        vec![member(1, "Me", "me"), member(2, "Bob", "bob"), member(3, "Bob Lee", "robert")]
    }

    fn names(mentions: &Mentions, candidates: Vec<Candidate>) -> Vec<String> {
        let is_called = |candidate: &Candidate, query: &str| {
            let query = query.to_lowercase();
            [&candidate.name, &candidate.username]
                .iter()
                .any(|name| name.to_lowercase().contains(&query))
        };
        let offered = mentions.offered(|| candidates, &mention::person_token(UserId(1)), is_called);
        offered.into_iter().map(|candidate| candidate.name).collect()
    }

    fn typed(text: &str) -> Mentions {
        let mut mentions = Mentions::default();
        mentions.text_changed(text);
        mentions
    }

    #[test]
    fn names_are_offered_while_one_is_being_written() {
        assert_eq!(names(&typed("hey @"), members()), ["Bob", "Bob Lee"]);
        assert_eq!(names(&typed("hey @bob l"), members()), ["Bob Lee"]);
        assert_eq!(names(&typed("hey @ROBERT"), members()), ["Bob Lee"]);
        assert!(names(&typed("hey @x"), members()).is_empty());
        assert!(names(&typed("hey "), members()).is_empty());
        assert!(names(&typed("a@b"), members()).is_empty());
    }

    #[test]
    fn only_a_few_names_are_offered_at_a_time() {
        let many = (2..30).map(|id| member(id, "Bob", "bob")).collect();
        assert_eq!(names(&typed("@b"), many).len(), OFFERED_MAX);
    }

    #[test]
    fn a_closed_list_offers_names_again_once_more_is_typed() {
        let mut mentions = typed("hey @b");
        mentions.close();
        assert!(names(&mentions, members()).is_empty());
        mentions.text_changed("hey @bo");
        assert_eq!(names(&mentions, members()), ["Bob", "Bob Lee"]);
    }

    #[test]
    fn a_chosen_name_replaces_what_was_written_of_it_and_is_not_offered_again() {
        let mut mentions = typed("hey @bo");
        let replacement = mentions.choose(member(2, "Bob", "bob"), "hey @bo");
        let (old, new) = ("bo".to_string(), "Bob ".to_string());
        assert_eq!(replacement, Some(Replacement { old, new }));
        mentions.text_changed("hey @Bob ");
        assert!(names(&mentions, members()).is_empty());
        mentions.text_changed("hey @Bob L");
        assert_eq!(names(&mentions, members()), ["Bob Lee"], "a longer name may be meant");
    }

    #[test]
    fn a_name_that_is_chosen_after_the_caret_went_elsewhere_replaces_nothing() {
        let mut mentions = typed("hey @bo");
        assert_eq!(mentions.choose(member(2, "Bob", "bob"), "hey"), None);
        assert!(names(&mentions, members()).is_empty());
    }

    #[test]
    fn of_two_members_with_one_name_the_chosen_one_is_mentioned() {
        let members = || vec![member(2, "Bob", "bob"), member(3, "Bob", "robert")];
        let mut mentions = typed("@bo");
        assert_eq!(mentions.with_tokens("@Bob", members()), mention::person_token(UserId(2)));
        mentions.choose(member(3, "Bob", "robert"), "@bo");
        assert_eq!(mentions.with_tokens("@Bob", members()), mention::person_token(UserId(3)));
    }
}
