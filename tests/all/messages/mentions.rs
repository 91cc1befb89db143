//! Mentions in a group: only the mentioned members get a mark on the conversation.

use serde_json::json;

use crate::harness::{Database, Person, TestApp, client_id, group_of, on_both_databases};
use kith::error::KithError;
use kith::model::{Contact, GroupId, Role, mention};

on_both_databases!(
    mentioned_members_get_a_mark_until_they_read_it,
    only_owner_and_admins_can_mention_everybody,
    mentioning_a_former_member_leaves_no_mark,
    recalling_a_message_removes_its_mention_marks,
    mention_tokens_are_plain_text_in_direct_conversations,
);

impl Person {
    async fn mention(&self, group: GroupId) -> i64 {
        let state = self.conversation(Contact::Group(group)).await.expect("a conversation");
        state.mention_seq
    }
}

async fn mentioned_members_get_a_mark_until_they_read_it(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob, cid) =
        (app.person("ann").await, app.person("bob").await, app.person("cid").await);
    let group = group_of(&ann, &[&bob, &cid]).await;
    let contact = Contact::Group(group);
    let text = format!("{0} and {0}, look", mention::person_token(bob.id));
    let seq = ann.send(contact, &text).await.seq;
    ann.send(contact, "nobody").await;
    let marks = [ann.mention(group).await, bob.mention(group).await, cid.mention(group).await];
    assert_eq!(marks, [0, seq, 0]);
    let muted = json!({ "contact": contact, "muted_until": 9_999_999_999_999_i64 });
    bob.ask("set_chat", muted).await.done();
    assert_eq!(bob.mention(group).await, seq, "a muted conversation is marked, too");
    let app = app.restarted().await;
    let bob = bob.at(&app);
    assert_eq!(bob.mention(group).await, seq);
    bob.mark_read(contact, seq).await.done();
    assert_eq!(bob.mention(group).await, 0);
}

async fn only_owner_and_admins_can_mention_everybody(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob, cid) =
        (app.person("ann").await, app.person("bob").await, app.person("cid").await);
    let group = group_of(&ann, &[&bob, &cid]).await;
    let contact = Contact::Group(group);
    let refused = bob.try_send(contact, &client_id(), "hey @{all}").await.error();
    assert_eq!(refused, KithError::NotAllowed);
    let role = json!({ "group": group, "user": bob.id, "role": Role::Admin });
    ann.ask("set_role", role).await.done();
    for person in [&bob, &ann] {
        let seq = person.send(contact, "hey @{all}").await.seq;
        assert_eq!(cid.mention(group).await, seq);
        assert_eq!(person.mention(group).await, 0, "one does not call oneself");
    }
}

async fn mentioning_a_former_member_leaves_no_mark(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let group = group_of(&ann, &[&bob]).await;
    bob.ask("leave_group", json!({ "group": group })).await.done();
    let text = format!("{} has left", mention::person_token(bob.id));
    let sent = ann.send(Contact::Group(group), &text).await;
    assert_eq!(sent.text, text, "their name is looked up when it is shown");
    assert_eq!(bob.mention(group).await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM mention").await, 0);
    let nobody = ann.send(Contact::Group(group), "@{999999}").await;
    assert_eq!(nobody.text, "@{999999}");
}

async fn recalling_a_message_removes_its_mention_marks(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let group = group_of(&ann, &[&bob]).await;
    let contact = Contact::Group(group);
    let seq = ann.send(contact, &mention::person_token(bob.id)).await.seq;
    assert_eq!(bob.mention(group).await, seq);
    ann.ask("recall_message", json!({ "contact": contact, "seq": seq })).await.done();
    assert_eq!(bob.mention(group).await, 0);
}

async fn mention_tokens_are_plain_text_in_direct_conversations(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let sent = ann.send(bob.contact(), "@{all}").await;
    assert_eq!(sent.text, "@{all}");
    assert_eq!(app.number("SELECT COUNT(*) FROM mention").await, 0);
}
