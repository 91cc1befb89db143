//! The receive loop as a plain state machine: what to do after each answer, failure and wake-up.
//!
//! It is a recursion in time: every step names the one thing to wait for next, and nothing but
//! the end of the sign-in ends it. While a WebSocket or another tab of this browser receives for this
//! page, it rests: it takes what that one passes on, and asks only when something was missed.

use crate::error::KithError;
use crate::model::{Batch, Cursor, Event, Hold, Presence};

use super::backoff::Backoff;

/// A request that is not answered so long after its hold is given up, in milliseconds.
pub const HOLD_GRACE_MS: u32 = 10_000;
/// A call that is not held is given up after so long, in milliseconds.
pub const CALL_TIMEOUT_MS: u32 = 20_000;
/// An empty answer before this time was not held at all, in milliseconds.
const EARLY_ANSWER_MS: f64 = 1_000.0;
/// A request that was answered after this time was held. What a page asks for when it opens, which is
/// also told to its receive, is answered before.
const HELD_ANSWER_MS: f64 = 1_500.0;
/// So many unreadable answers in a row mean that the server is newer than this page.
const UNREADABLE_MAX: u32 = 3;

/// What happened.
#[derive(Debug)]
pub enum Input {
    Started,
    Answered(Batch),
    Failed(KithError),
    /// The request or the snapshot was given up after a wake-up.
    Aborted(Wake),
    /// The wait is over, or was cut short by a wake-up.
    Waited(Option<Wake>),
    /// A new snapshot was taken, with this cursor and this hold.
    Resynced(Cursor, Hold),
    /// A WebSocket or another tab got this batch for the cursor `from`.
    Relayed {
        from: Cursor,
        batch: Batch,
    },
}

/// Why it is worth trying again at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// The network came back: connections from before are dead.
    Online,
    /// The page is looked at again; timers may have slept.
    Visible,
    /// Something was missed, or somebody may have signed in or out in another tab.
    Check,
    /// A WebSocket or another tab receives for this page from now on.
    Rest,
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// Events to apply before anything else.
    pub apply: Vec<Event>,
    /// Who is there, if that was told.
    pub presence: Option<Presence>,
    pub next: Next,
}

impl From<Next> for Step {
    fn from(next: Next) -> Self {
        Self { apply: vec![], presence: None, next }
    }
}

/// The one thing to wait for.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    Request {
        cursor: Cursor,
        hold_ms: Hold,
    },
    Wait {
        ms: u32,
    },
    /// Wait for what is passed on, or for a wake-up.
    Rest,
    /// Take a new snapshot.
    Resync,
    Stop(Stop),
}

/// Why the page cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Nobody is signed in any more: to the sign-in page and back.
    SignInEnded,
    /// Somebody else is: this page is not theirs and is loaded anew.
    WrongUser,
}

impl Stop {
    /// The errors after which no call of this page can succeed.
    pub fn after(error: &KithError) -> Option<Self> {
        match error {
            KithError::Unauthorised => Some(Self::SignInEnded),
            KithError::WrongUser => Some(Self::WrongUser),
            _ => None,
        }
    }
}

/// One receive in flight at a time.
#[derive(Debug)]
pub struct ReceiveLoop {
    cursor: Cursor,
    /// For how long the server may hold a request, as it said itself.
    hold_ms: Hold,
    backoff: Backoff,
    /// When the request in flight was sent, by the caller's clock.
    requested_ms: f64,
    requested_hold_ms: Hold,
    /// When it must have been answered.
    deadline_ms: f64,
    /// Empty answers in a row that were not held.
    early_answers: u32,
    /// A snapshot is due; a failure on the way does not make it undue.
    resync_due: bool,
    /// Resyncs in a row: the first is at once, others wait.
    resyncs: u32,
    /// A WebSocket or another tab receives for this page.
    resting: bool,
    /// Ask once, without being held, although something else receives: something may have been missed,
    /// or who is there is not known yet.
    check_once: bool,
    /// Answers in a row that this page could not read.
    unreadable: u32,
    /// Whether something was answered since the last failure, resync or rest.
    answered: bool,
    /// Whether something was answered that had been held.
    was_held: bool,
}

impl ReceiveLoop {
    pub fn new(cursor: Cursor, hold_ms: Hold) -> Self {
        Self {
            cursor,
            hold_ms,
            backoff: Backoff::default(),
            requested_ms: 0.0,
            requested_hold_ms: hold_ms,
            deadline_ms: 0.0,
            early_answers: 0,
            resync_due: false,
            resyncs: 0,
            resting: false,
            check_once: true,
            unreadable: 0,
            answered: false,
            was_held: false,
        }
    }

    /// Whether something else receives for this page, to be said before each step.
    pub fn set_resting(&mut self, resting: bool) {
        self.resting = resting;
        if resting {
            self.answered = false;
        }
    }

    /// How far one has read.
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// Whether something was answered since the last failure, resync or rest.
    pub fn is_answered(&self) -> bool {
        self.answered
    }

    /// Whether a request was held: the page has been here for a while, and stays.
    pub fn has_been_held(&self) -> bool {
        self.was_held
    }

    /// Whether the server speaks a language that this page does not understand.
    pub fn is_outdated(&self) -> bool {
        self.unreadable >= UNREADABLE_MAX
    }

    /// Whether the trouble has lasted long enough to say so.
    pub fn is_troubled(&self) -> bool {
        self.backoff.failures() > 1
    }

    /// Whether a wake-up makes the request in flight worthless.
    pub fn should_abort(&self, wake: Wake, now_ms: f64) -> bool {
        wake != Wake::Visible || now_ms > self.deadline_ms
    }

    /// Takes one input and returns what to do. `random` is from 0 to 1.
    pub fn step(&mut self, input: Input, now_ms: f64, random: f64) -> Step {
        match input {
            Input::Started | Input::Waited(None) => self.next_step(now_ms),
            Input::Waited(Some(wake)) | Input::Aborted(wake) => {
                // Also who is to rest from now on: the answer that was given up may have had something.
                self.check_once |= wake != Wake::Online;
                self.backoff.reset();
                self.next_step(now_ms)
            }
            Input::Failed(error) => {
                self.answered = false;
                let unreadable = error == KithError::Unreadable;
                self.unreadable = if unreadable { self.unreadable + 1 } else { 0 };
                match (Stop::after(&error), error) {
                    (Some(stop), _) => Next::Stop(stop).into(),
                    (None, KithError::TooMany(s)) => self.back_off(s.saturating_mul(1000), random),
                    (None, _) => self.back_off(0, random),
                }
            }
            Input::Relayed { from, batch } => self.relayed(&from, batch, now_ms),
            Input::Resynced(cursor, hold_ms) => {
                self.cursor = cursor;
                self.hold_ms = hold_ms;
                self.resync_due = false;
                self.next_step(now_ms)
            }
            Input::Answered(batch) => self.answered(batch, now_ms, random),
        }
    }

    fn answered(&mut self, batch: Batch, now_ms: f64, random: f64) -> Step {
        self.unreadable = 0;
        if batch.resync {
            self.answered = false;
            self.resync_due = true;
            self.resyncs += 1;
            return if self.resyncs == 1 {
                self.next_step(now_ms)
            } else {
                self.back_off(0, random)
            };
        }
        self.answered = true;
        self.was_held |= now_ms - self.requested_ms > HELD_ANSWER_MS;
        self.resyncs = 0;
        self.cursor = batch.cursor;
        let quick = self.requested_hold_ms > 0 && now_ms - self.requested_ms < EARLY_ANSWER_MS;
        // What is still to come is asked for, whoever receives.
        self.check_once = batch.has_more;
        let empty = batch.events.is_empty() && batch.presence.is_none() && !batch.has_more;
        self.early_answers = if empty && quick { self.early_answers + 1 } else { 0 };
        // One may come early (the server is going down); a second in a row means that something
        // in between answers for the server, and asking at once would never end.
        if self.early_answers > 1 {
            return self.back_off(0, random);
        }
        self.backoff.reset();
        let step = self.next_step(now_ms);
        Step { apply: batch.events, presence: batch.presence, ..step }
    }

    /// Takes what something else got. Only what follows on what is here can be applied; if anything
    /// lies between, this page asks by itself.
    fn relayed(&mut self, from: &Cursor, batch: Batch, now_ms: f64) -> Step {
        let here = &self.cursor;
        let follows = !batch.resync && batch.cursor.epoch == here.epoch && from.epoch == here.epoch;
        if !follows || from.id > here.id {
            self.check_once = true;
            return self.next_step(now_ms);
        }
        let (known, mut events) = (here.id, batch.events);
        events.retain(|event| event.id > known);
        if batch.cursor.id > known {
            self.cursor = batch.cursor;
        }
        self.backoff.reset();
        let step = self.next_step(now_ms);
        Step { apply: events, presence: batch.presence, ..step }
    }

    fn next_step(&mut self, now_ms: f64) -> Step {
        let hold_ms = if self.resting { 0 } else { self.hold_ms };
        let (next, answer_ms) = if self.resync_due {
            (Next::Resync, CALL_TIMEOUT_MS)
        } else if self.resting && !self.check_once {
            (Next::Rest, 0)
        } else {
            (
                Next::Request { cursor: self.cursor.clone(), hold_ms },
                hold_ms.saturating_add(HOLD_GRACE_MS),
            )
        };
        self.requested_ms = now_ms;
        self.requested_hold_ms = hold_ms;
        self.deadline_ms = now_ms + f64::from(answer_ms);
        next.into()
    }

    fn back_off(&mut self, at_least_ms: u32, random: f64) -> Step {
        let ms = self.backoff.next_ms(random).max(at_least_ms);
        Next::Wait { ms }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::{EventId, EventKind};

    const HOLD_MS: Hold = 25_000;

    fn cursor(id: i64) -> Cursor {
        Cursor { epoch: "e".into(), id: EventId(id) }
    }

    fn batch(id: i64, events: usize) -> Batch {
        let event = Event { id: EventId(id), kind: EventKind::Unknown };
        Batch {
            cursor: cursor(id),
            events: vec![event; events],
            has_more: false,
            resync: false,
            build: None,
            presence: None,
        }
    }

    fn ask(id: i64) -> Next {
        Next::Request { cursor: cursor(id), hold_ms: HOLD_MS }
    }

    fn started() -> ReceiveLoop {
        let mut machine = ReceiveLoop::new(cursor(1), HOLD_MS);
        assert_eq!(machine.step(Input::Started, 0.0, 1.0).next, ask(1));
        machine
    }

    #[test]
    fn each_answer_starts_the_next_request_with_its_cursor() {
        let mut machine = started();
        let step = machine.step(Input::Answered(batch(5, 2)), 10.0, 1.0);
        assert_eq!((step.apply.len(), step.next), (2, ask(5)));
        let step = machine.step(Input::Answered(batch(6, 0)), 25_010.0, 1.0);
        assert_eq!((step.apply.len(), step.next), (0, ask(6)));
    }

    #[test]
    fn more_to_come_is_asked_for_at_once() {
        let mut machine = started();
        for id in 2..9 {
            let full = Batch { has_more: true, ..batch(id, 1) };
            assert_eq!(machine.step(Input::Answered(full), 1.0, 1.0).next, ask(id));
        }
    }

    #[test]
    fn a_failure_delays_and_never_ends_the_loop() {
        let mut machine = started();
        for failure in 0..50 {
            let step = machine.step(Input::Failed(KithError::Unreachable), 1.0, 1.0);
            let Next::Wait { ms } = step.next else { panic!("{step:?}") };
            assert!((500..=30_000).contains(&ms), "{failure}: {ms}");
            assert_eq!(machine.step(Input::Waited(None), 2.0, 1.0).next, ask(1));
        }
        assert!(machine.is_troubled());
        machine.step(Input::Answered(batch(2, 1)), 3.0, 1.0);
        assert!(!machine.is_troubled());
        let step = machine.step(Input::Failed(KithError::Internal), 4.0, 1.0);
        assert_eq!(step.next, Next::Wait { ms: 500 });
    }

    #[test]
    fn the_server_says_how_long_to_stay_away() {
        let step = started().step(Input::Failed(KithError::TooMany(7)), 1.0, 0.0);
        assert_eq!(step.next, Next::Wait { ms: 7000 });
    }

    #[test]
    fn empty_answers_that_were_never_held_slow_down() {
        let mut machine = started();
        assert_eq!(machine.step(Input::Answered(batch(1, 0)), 5.0, 1.0).next, ask(1));
        let step = machine.step(Input::Answered(batch(1, 0)), 10.0, 1.0);
        assert_eq!(step.next, Next::Wait { ms: 500 });
        machine.step(Input::Waited(None), 510.0, 1.0);
        let step = machine.step(Input::Answered(batch(1, 0)), 515.0, 1.0);
        assert_eq!(step.next, Next::Wait { ms: 1000 });
        machine.step(Input::Waited(None), 1515.0, 1.0);
        let step = machine.step(Input::Answered(batch(2, 1)), 1520.0, 1.0);
        assert_eq!(step.next, ask(2));
    }

    #[test]
    fn a_wake_up_ends_a_wait_and_forgets_the_failures() {
        let mut machine = started();
        machine.step(Input::Failed(KithError::Unreachable), 1.0, 1.0);
        machine.step(Input::Waited(None), 2.0, 1.0);
        machine.step(Input::Failed(KithError::Unreachable), 3.0, 1.0);
        assert_eq!(machine.step(Input::Waited(Some(Wake::Online)), 4.0, 1.0).next, ask(1));
        assert!(!machine.is_troubled());
    }

    #[test]
    fn a_request_is_given_up_when_it_must_be_dead() {
        let mut machine = started();
        assert!(machine.should_abort(Wake::Online, 1.0));
        assert!(!machine.should_abort(Wake::Visible, 20_000.0));
        assert!(machine.should_abort(Wake::Visible, 40_000.0));
        let step = machine.step(Input::Aborted(Wake::Online), 5.0, 1.0);
        assert_eq!(step.next, ask(1));
        assert!(!machine.should_abort(Wake::Visible, 35_005.0));
        assert!(machine.should_abort(Wake::Visible, 35_006.0));
    }

    #[test]
    fn the_server_says_for_how_long_it_holds_a_request() {
        let mut machine = ReceiveLoop::new(cursor(1), 5_000);
        let step = machine.step(Input::Started, 0.0, 1.0);
        assert_eq!(step.next, Next::Request { cursor: cursor(1), hold_ms: 5_000 });
        assert!(machine.should_abort(Wake::Visible, 15_001.0));
        let step = machine.step(Input::Resynced(cursor(2), 50_000), 16_000.0, 1.0);
        assert_eq!(step.next, Next::Request { cursor: cursor(2), hold_ms: 50_000 });
        assert!(!machine.should_abort(Wake::Visible, 76_000.0));
        assert!(machine.should_abort(Wake::Visible, 76_001.0));
    }

    #[test]
    fn who_is_there_may_come_often_and_alone() {
        let mut machine = started();
        for id in 1..9 {
            let presence = Presence { version: id.to_string(), online: vec![], typing: vec![] };
            let told = Batch { presence: Some(presence), ..batch(1, 0) };
            let step = machine.step(Input::Answered(told), 1.0, 1.0);
            assert_eq!((step.presence.is_some(), step.next), (true, ask(1)));
        }
    }

    fn relayed(from: i64, until: i64, events: &[i64]) -> Input {
        let mut batch = batch(until, 0);
        batch.events =
            events.iter().map(|id| Event { id: EventId(*id), kind: EventKind::Unknown }).collect();
        Input::Relayed { from: cursor(from), batch }
    }

    fn resting() -> ReceiveLoop {
        let mut machine = started();
        machine.set_resting(true);
        let step = machine.step(Input::Aborted(Wake::Rest), 1.0, 1.0);
        assert_eq!(
            step.next,
            Next::Request { cursor: cursor(1), hold_ms: 0 },
            "it has no answer yet"
        );
        assert_eq!(machine.step(Input::Answered(batch(1, 0)), 1.5, 1.0).next, Next::Rest);
        machine
    }

    #[test]
    fn a_resting_tab_takes_what_another_one_passes_on() {
        let mut machine = resting();
        let step = machine.step(relayed(1, 4, &[2, 4]), 2.0, 1.0);
        assert_eq!((step.apply.len(), step.next), (2, Next::Rest));
        let step = machine.step(relayed(2, 6, &[4, 5, 6]), 3.0, 1.0);
        assert_eq!((step.apply.len(), step.next), (2, Next::Rest), "4 is known");
        assert_eq!(machine.step(relayed(1, 4, &[2, 4]), 4.0, 1.0).apply, []);
        machine.set_resting(false);
        assert_eq!(machine.step(Input::Waited(Some(Wake::Visible)), 5.0, 1.0).next, ask(6));
    }

    #[test]
    fn a_resting_tab_that_missed_something_asks_once_without_being_held() {
        let mut machine = resting();
        let look = Next::Request { cursor: cursor(1), hold_ms: 0 };
        assert_eq!(machine.step(relayed(3, 4, &[4]), 2.0, 1.0).next, look);
        let step = machine.step(Input::Failed(KithError::Unreachable), 3.0, 1.0);
        assert_eq!(step.next, Next::Wait { ms: 500 });
        assert_eq!(machine.step(Input::Waited(None), 503.0, 1.0).next, look);
        let step = machine.step(Input::Answered(batch(9, 2)), 504.0, 1.0);
        assert_eq!((step.apply.len(), step.next), (2, Next::Rest));
        for wake in [Wake::Check, Wake::Visible] {
            let step = machine.step(Input::Waited(Some(wake)), 600.0, 1.0);
            assert_eq!(step.next, Next::Request { cursor: cursor(9), hold_ms: 0 });
            assert_eq!(machine.step(Input::Answered(batch(9, 0)), 601.0, 1.0).next, Next::Rest);
        }
    }

    #[test]
    fn it_is_known_whether_the_server_answers_and_whether_the_page_stays() {
        let mut machine = started();
        machine.step(Input::Answered(batch(1, 1)), HELD_ANSWER_MS, 1.0);
        assert!(machine.is_answered() && !machine.has_been_held());
        machine.step(Input::Failed(KithError::Unreachable), HELD_ANSWER_MS, 1.0);
        assert!(!machine.is_answered());
        machine.step(Input::Waited(None), HELD_ANSWER_MS, 1.0);
        machine.step(Input::Answered(batch(2, 1)), 3.0 * HELD_ANSWER_MS, 1.0);
        assert!(machine.is_answered() && machine.has_been_held());
        machine.step(
            Input::Answered(Batch { resync: true, ..batch(3, 0) }),
            5.0 * HELD_ANSWER_MS,
            1.0,
        );
        assert!(!machine.is_answered(), "what is asked for now may not be served");
        assert_eq!(*machine.cursor(), cursor(2));
        machine.step(Input::Resynced(cursor(9), HOLD_MS), 5.0 * HELD_ANSWER_MS, 1.0);
        machine.step(Input::Answered(batch(9, 1)), 5.0 * HELD_ANSWER_MS, 1.0);
        machine.set_resting(true);
        assert!(!machine.is_answered() && machine.has_been_held());
    }

    #[test]
    fn a_server_that_cannot_be_understood_is_not_asked_for_ever_in_silence() {
        let mut machine = started();
        for _ in 0..3 {
            assert!(!machine.is_outdated());
            let step = machine.step(Input::Failed(KithError::Unreadable), 1.0, 1.0);
            assert!(matches!(step.next, Next::Wait { .. }));
        }
        assert!(machine.is_outdated());
        machine.step(Input::Answered(batch(2, 1)), 2.0, 1.0);
        assert!(!machine.is_outdated());
    }

    #[test]
    fn a_resync_takes_a_snapshot_and_goes_on_from_its_cursor() {
        let mut machine = started();
        let lost = || Input::Answered(Batch { resync: true, ..batch(1, 0) });
        assert_eq!(machine.step(lost(), 1.0, 1.0).next, Next::Resync);
        let step = machine.step(Input::Failed(KithError::Unreachable), 2.0, 1.0);
        assert_eq!(step.next, Next::Wait { ms: 500 });
        assert_eq!(machine.step(Input::Waited(None), 502.0, 1.0).next, Next::Resync);
        assert_eq!(machine.step(Input::Resynced(cursor(90), HOLD_MS), 503.0, 1.0).next, ask(90));
        let step = machine.step(lost(), 504.0, 1.0);
        assert!(matches!(step.next, Next::Wait { .. }), "a second in a row waits: {step:?}");
    }

    #[test]
    fn a_snapshot_that_does_not_come_is_given_up_and_asked_for_again() {
        let mut machine = started();
        machine.step(Input::Answered(Batch { resync: true, ..batch(1, 0) }), 100.0, 1.0);
        assert!(machine.should_abort(Wake::Online, 101.0));
        assert!(!machine.should_abort(Wake::Visible, 20_100.0));
        assert!(machine.should_abort(Wake::Visible, 20_101.0));
        let step = machine.step(Input::Aborted(Wake::Online), 101.0, 1.0);
        assert_eq!(step.next, Next::Resync);
    }

    #[test]
    fn only_the_end_of_the_sign_in_stops() {
        for (error, stop) in
            [(KithError::Unauthorised, Stop::SignInEnded), (KithError::WrongUser, Stop::WrongUser)]
        {
            let step = started().step(Input::Failed(error), 1.0, 1.0);
            assert_eq!(step.next, Next::Stop(stop));
        }
    }
}
