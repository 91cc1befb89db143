//! TEMPORARY, replaced by the session cache's own.
use super::session_cache::SessionCache;
use crate::model::*;
use leptos::prelude::*;
impl SessionCache {
    pub fn person(&self, _user: UserId) -> Option<Person> {
        None
    }
    pub fn friend(&self, user: UserId) -> Option<Friend> {
        self.friends().into_iter().find(|f| f.person.id == user)
    }
    pub fn is_known(&self, contact: Contact) -> bool {
        self.name_of(contact).is_some()
    }
    pub fn my_profile(&self) -> Profile {
        Profile {
            person: Person {
                id: self.me(),
                username: String::new(),
                display_name: self.name_of(Contact::User(self.me())).unwrap_or_default(),
                deleted: false,
            },
            bio: String::new(),
        }
    }
    pub fn is_blocked(&self, _user: UserId) -> bool {
        false
    }
    pub fn blocked(&self) -> Vec<Person> {
        vec![]
    }
    pub fn can_write(&self, _contact: Contact) -> bool {
        true
    }
    pub fn is_online(&self, _user: UserId) -> bool {
        false
    }
    pub fn is_typing(&self, _contact: Contact) -> bool {
        false
    }
    pub fn contacts(&self) -> Contacts {
        let _ = RwSignal::new(1);
        Contacts::Friends
    }
    pub fn meet_found(&self, _person: &Person) {}
}
