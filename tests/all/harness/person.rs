//! A signed-in person, with the calls that many tests make.

use axum::body::Body;
use http::Request;
use kith::model::administration::AdminActor;
use kith::model::{
    Batch, ClientId, Contact, ConversationState, Cursor, Event, History, Message, PeoplePage,
    Presence, Snapshot, UserId,
};
use serde_json::{Value, json};

use super::TestApp;
use super::browser::{Answer, Browser};

/// The password of every test account.
pub const PASSWORD: &str = "correct horse";

/// A new client id.
pub fn client_id() -> String {
    ClientId::random().as_str().to_string()
}

/// A person at one of their devices.
#[derive(Clone)]
pub struct Person {
    pub browser: Browser,
    pub id: UserId,
    pub username: String,
}

/// Makes an account over HTTP; the display name is the username with a capital.
pub async fn register(browser: &Browser, username: &str, setup: Option<&str>) -> Person {
    let display_name = format!("{}{}", username[..1].to_uppercase(), &username[1..]);
    let mut fields =
        vec![("username", username), ("display_name", &display_name), ("password", PASSWORD)];
    if let Some(token) = setup {
        fields.push(("setup", token));
    }
    let answer = browser.call("register", &fields).await;
    answer.done();
    Person::from_sign_in(browser, &answer).await
}

impl Person {
    /// The person whom this answer signed in.
    pub async fn from_sign_in(browser: &Browser, answer: &Answer) -> Self {
        let browser = browser.signed_in_by(answer);
        let me = browser.ask("load_page", &json!({})).await.ok::<Snapshot>().me.person;
        Self { browser, id: me.id, username: me.username }
    }

    /// The same person, signed in at one more device.
    pub async fn other_device(&self, app: &TestApp) -> Self {
        let fields = [("username", self.username.as_str()), ("password", PASSWORD)];
        let browser = app.anonymous();
        let answer = browser.call("sign_in", &fields).await;
        answer.done();
        Self::from_sign_in(&browser, &answer).await
    }

    /// The same device, calling another Kith over the same database.
    pub fn at(&self, app: &TestApp) -> Self {
        Self { browser: self.browser.at(&app.anonymous()), ..self.clone() }
    }

    /// The author of what this person administers.
    pub fn by(&self) -> AdminActor {
        AdminActor::Administrator(self.id)
    }

    pub fn contact(&self) -> Contact {
        Contact::User(self.id)
    }

    /// Calls a function behind a form as this person.
    pub async fn call(&self, name: &str, fields: &[(&str, &str)]) -> Answer {
        let me = self.id.to_string();
        let mut all = vec![("for_user", me.as_str())];
        all.extend_from_slice(fields);
        self.browser.call(name, &all).await
    }

    /// Calls a JSON function as this person.
    pub async fn ask(&self, name: &str, mut body: Value) -> Answer {
        body["for_user"] = json!(self.id);
        self.browser.ask(name, &body).await
    }

    pub async fn request_friend(&self, other: &Self, note: &str) -> Answer {
        self.call("request_friend", &[("user", &other.id.to_string()), ("note", note)]).await
    }

    pub async fn accept_friend(&self, other: &Self) -> Answer {
        self.call("accept_friend", &[("user", &other.id.to_string())]).await
    }

    pub async fn decline_friend(&self, other: &Self) -> Answer {
        self.call("decline_friend", &[("user", &other.id.to_string())]).await
    }

    pub async fn befriend(&self, other: &Self) {
        self.request_friend(other, "").await.done();
        other.accept_friend(self).await.done();
    }

    pub async fn remove_friend(&self, other: &Self) -> Answer {
        self.call("remove_friend", &[("user", &other.id.to_string())]).await
    }

    pub async fn set_remark(&self, friend: &Self, remark: &str) -> Answer {
        self.call("set_remark", &[("user", &friend.id.to_string()), ("remark", remark)]).await
    }

    pub async fn set_blocked(&self, other: &Self, blocked: bool) -> Answer {
        let fields = [("user", &*other.id.to_string()), ("blocked", &*blocked.to_string())];
        self.call("set_blocked", &fields).await
    }

    /// Whom this person finds by `text`.
    pub async fn find(&self, text: &str) -> PeoplePage {
        self.ask("find_people", json!({ "text": text })).await.ok()
    }

    pub async fn profile(&self, user: UserId) -> Answer {
        self.ask("profile", json!({ "user": user })).await
    }

    /// Sends a message and returns the answer, whatever it is.
    pub async fn try_send(&self, contact: Contact, client_id: &str, text: &str) -> Answer {
        let contact = contact.to_string();
        let fields = [("contact", contact.as_str()), ("client_id", client_id), ("text", text)];
        self.call("send_message", &fields).await
    }

    /// Sends a message, which must be accepted.
    pub async fn send(&self, contact: Contact, text: &str) -> Message {
        self.try_send(contact, &client_id(), text).await.ok()
    }

    pub async fn try_history(&self, contact: Contact, before: Option<i64>) -> Answer {
        self.ask("history", json!({ "contact": contact, "before": before })).await
    }

    pub async fn history(&self, contact: Contact) -> History {
        self.try_history(contact, None).await.ok()
    }

    pub async fn recall(&self, contact: Contact, seq: i64) -> Answer {
        self.ask("recall_message", json!({ "contact": contact, "seq": seq })).await
    }

    /// Deletes a message for this person alone.
    pub async fn hide(&self, contact: Contact, seq: i64) -> Answer {
        self.ask("hide_message", json!({ "contact": contact, "seq": seq })).await
    }

    /// Sends an answer to the message with this `seq`.
    pub async fn reply(&self, contact: Contact, to: i64, text: &str) -> Answer {
        let (contact, id, to) = (contact.to_string(), client_id(), to.to_string());
        let fields =
            [("contact", &*contact), ("client_id", &*id), ("text", text), ("reply_to", &*to)];
        self.call("send_message", &fields).await
    }

    /// Sets the given ones of `pinned`, `muted_until` and `marked_unread`.
    pub async fn set_chat(&self, contact: Contact, how: Value) -> Answer {
        let mut body = json!({
            "contact": contact,
            "pinned": null,
            "muted_until": null,
            "marked_unread": null,
        });
        let given = how.as_object().expect("an object").clone();
        body.as_object_mut().expect("an object").extend(given);
        self.ask("set_chat", body).await
    }

    pub async fn mark_read(&self, contact: Contact, seq: i64) -> Answer {
        self.ask("mark_read", json!({ "contact": contact, "seq": seq })).await
    }

    /// The snapshot from which this person's page starts.
    pub async fn page(&self) -> Snapshot {
        self.ask("load_page", json!({})).await.ok()
    }

    /// The state of the conversation with `contact`; `None` before its first message.
    pub async fn conversation(&self, contact: Contact) -> Option<ConversationState> {
        self.page().await.conversations.into_iter().find(|state| state.contact == contact)
    }

    /// The number of unread messages in the conversation with `contact`.
    pub async fn unread(&self, contact: Contact) -> i64 {
        let state = self.conversation(contact).await.expect("the conversation");
        state.last_count - state.read_count
    }

    /// The present cursor.
    pub async fn cursor(&self) -> Cursor {
        self.ask("receive", json!({})).await.ok::<Batch>().cursor
    }

    /// Receives without being held.
    pub async fn receive(&self, cursor: &Cursor) -> Batch {
        self.ask("receive", json!({ "cursor": cursor, "hold_ms": 0 })).await.ok()
    }

    /// Receives everything after `cursor`, and moves `cursor` to its end.
    pub async fn catch_up(&self, cursor: &mut Cursor) -> Vec<Event> {
        let mut all = Vec::new();
        loop {
            let batch = self.receive(cursor).await;
            assert!(!batch.resync, "the cursor is known");
            *cursor = batch.cursor;
            all.extend(batch.events);
            if !batch.has_more {
                return all;
            }
        }
    }

    /// The presence that this person sees.
    pub async fn presence(&self) -> Presence {
        let batch: Batch = self.ask("receive", json!({})).await.ok();
        batch.presence.expect("a first receive has the presence")
    }

    pub async fn typing(&self, contact: Contact) -> Answer {
        self.ask("typing", json!({ "contact": contact })).await
    }

    pub fn receive_request(&self, cursor: &Cursor, hold_ms: u32, presence: &str) -> Request<Body> {
        let body = json!({
            "for_user": self.id,
            "cursor": cursor,
            "hold_ms": hold_ms,
            "presence_version": presence,
        });
        self.browser.json("receive", &body)
    }
}
