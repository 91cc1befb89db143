//! What somebody typed into a plain form that was refused, kept for the page to which the refusal
//! leads. In the address of that page it would stay in the browser's history and in the logs of
//! proxies.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::accounts::new_token;
use super::{Caller, Kith};
use crate::model::SignInId;

/// Time for which the fields are kept. A browser follows the refusal at once.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// Maximum number of forms that are kept, and of the bytes in them. Beyond it, the oldest go first,
/// those of strangers before those of signed-in people.
const FORMS_MAX: usize = 1_000;
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// Maximum number of forms of one sender. Many people may be behind one address.
const FORMS_OF_SENDER_MAX: usize = 100;

/// The visitor who sent a form. Nobody else gets its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormSender {
    SignIn(SignInId),
    Stranger(IpAddr),
}

impl FormSender {
    /// Returns the visitor with this sign-in, or at this address.
    pub fn of(caller: Option<Caller>, address: IpAddr) -> Self {
        match caller {
            Some(caller) => Self::SignIn(caller.sign_in),
            None => Self::Stranger(address),
        }
    }
}

/// The fields of a form: names and values.
pub type FormFields = Vec<(String, String)>;

#[derive(Debug)]
struct KeptForm {
    id: String,
    sender: FormSender,
    until: Instant,
    bytes: usize,
    fields: FormFields,
}

/// The forms that are kept, the oldest first.
#[derive(Debug, Default)]
pub struct TypedForms(Mutex<VecDeque<KeptForm>>);

impl TypedForms {
    fn keep(&self, sender: FormSender, fields: FormFields) -> String {
        let id = new_token();
        let texts: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
        let bytes = texts + fields.len() * size_of::<(String, String)>() + size_of::<KeptForm>();
        let until = Instant::now() + KEPT_FOR;
        let mut forms = self.lock();
        if forms.iter().filter(|form| form.sender == sender).count() >= FORMS_OF_SENDER_MAX
            && let Some(oldest) = forms.iter().position(|form| form.sender == sender)
        {
            forms.remove(oldest);
        }
        forms.push_back(KeptForm { id: id.clone(), sender, until, bytes, fields });
        let mut all: usize = forms.iter().map(|form| form.bytes).sum();
        while forms.len() > FORMS_MAX || all > BYTES_MAX {
            let is_of_stranger = |form: &KeptForm| matches!(form.sender, FormSender::Stranger(_));
            let oldest = forms.iter().position(is_of_stranger).unwrap_or(0);
            let Some(dropped) = forms.remove(oldest) else { break };
            all -= dropped.bytes;
        }
        id
    }

    fn take(&self, sender: &FormSender, id: &str) -> Option<FormFields> {
        let mut forms = self.lock();
        let index = forms.iter().position(|form| form.id == id && form.sender == *sender)?;
        let form = forms.remove(index)?;
        (form.until > Instant::now()).then_some(form.fields)
    }

    /// Drops the forms that are kept no longer.
    pub fn sweep(&self) {
        let now = Instant::now();
        let mut forms = self.lock();
        forms.retain(|form| form.until > now);
        forms.shrink_to_fit();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<KeptForm>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kith {
    /// Keeps the fields of a refused form for a minute. Returns the id under which `sender` gets
    /// them once.
    pub fn keep_typed(&self, sender: FormSender, fields: FormFields) -> String {
        self.0.typed_forms.keep(sender, fields)
    }

    /// Returns the fields that `sender` typed, and forgets them.
    pub fn take_typed(&self, sender: &FormSender, id: &str) -> Option<FormFields> {
        self.0.typed_forms.take(sender, id)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const ANN: FormSender = FormSender::SignIn(SignInId(1));
    const BOB: FormSender = FormSender::SignIn(SignInId(2));
    const STRANGER: FormSender = FormSender::Stranger(IpAddr::V4(Ipv4Addr::LOCALHOST));

    fn text(text: &str) -> FormFields {
        vec![("text".into(), text.into())]
    }

    #[tokio::test(start_paused = true)]
    async fn fields_are_given_once_to_their_sender_within_a_minute() {
        let forms = TypedForms::default();
        let id = forms.keep(ANN, text("hello"));
        assert_eq!(forms.take(&BOB, &id), None);
        assert_eq!(forms.take(&STRANGER, &id), None);
        assert_eq!(forms.take(&ANN, "another"), None);
        assert_eq!(forms.take(&ANN, &id), Some(text("hello")));
        assert_eq!(forms.take(&ANN, &id), None, "once");

        let (late, swept) = (forms.keep(ANN, text("late")), forms.keep(BOB, text("swept")));
        tokio::time::advance(KEPT_FOR).await;
        assert_eq!(forms.take(&ANN, &late), None);
        forms.sweep();
        assert!(forms.lock().is_empty(), "{swept}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_forms_of_strangers_give_way_when_there_are_too_many() {
        let forms = TypedForms::default();
        let anns = forms.keep(ANN, text("first"));
        let strangers = forms.keep(STRANGER, text("second"));
        for n in 0..FORMS_MAX {
            let address = IpAddr::V4(Ipv4Addr::from_bits(n as u32));
            forms.keep(FormSender::Stranger(address), text("x"));
        }
        assert_eq!(forms.lock().len(), FORMS_MAX);
        assert_eq!(forms.take(&STRANGER, &strangers), None);
        let large = "x".repeat(BYTES_MAX / 2);
        for _ in 0..3 {
            forms.keep(STRANGER, text(&large));
        }
        assert_eq!(forms.lock().len(), 2);
        assert_eq!(forms.take(&ANN, &anns), Some(text("first")));
    }

    #[tokio::test(start_paused = true)]
    async fn one_sender_cannot_take_the_room_of_others() {
        let forms = TypedForms::default();
        let (first, bobs) = (forms.keep(ANN, text("first")), forms.keep(BOB, text("bob's")));
        for _ in 0..FORMS_OF_SENDER_MAX {
            forms.keep(ANN, text("x"));
        }
        assert_eq!(forms.lock().len(), FORMS_OF_SENDER_MAX + 1);
        assert_eq!(forms.take(&ANN, &first), None);
        assert_eq!(forms.take(&BOB, &bobs), Some(text("bob's")));
    }
}
