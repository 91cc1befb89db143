//! The receive loop as a plain state machine: what to do after each answer, failure and wake-up.
//!
//! Every step names the one thing to wait for next, and nothing but the end of the sign-in ends the
//! loop. While a WebSocket or another tab receives for this page, the loop rests: it applies what
//! is relayed, and sends a request only when something was missed.

use crate::error::KithError;
use crate::model::{Batch, Cursor, Event, HoldMs, Presence};

use super::backoff::Backoff;

/// Timeout for a held request, counted from the end of its hold, in milliseconds.
pub const HOLD_GRACE_MS: u32 = 10_000;
/// Timeout for a call that the server does not hold, in milliseconds.
pub const CALL_TIMEOUT_MS: u32 = 20_000;
/// An empty answer before this time was not held, in milliseconds.
const EARLY_ANSWER_MS: f64 = 1_000.0;
/// An answer after this time was held, in milliseconds. The calls that a page makes when it opens
/// also cause events, and these arrive earlier.
const HELD_ANSWER_MS: f64 = 1_500.0;
/// Number of unreadable answers in a row that prove the server newer than this page.
const UNREADABLE_MAX: u32 = 3;

/// Input of the loop: what happened.
#[derive(Debug)]
pub enum Input {
    Started,
    Answered(Batch),
    Failed(KithError),
    /// A wake-up aborted the request or the snapshot.
    Aborted(Wake),
    /// The wait is over, or a wake-up cut it short.
    Waited(Option<Wake>),
    /// A new snapshot was loaded, with this cursor and this hold.
    Resynced(Cursor, HoldMs),
    /// A WebSocket or another tab received this batch for the cursor `from`.
    Relayed {
        from: Cursor,
        batch: Batch,
    },
}

/// Reason to try again at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// The network came back: earlier connections are dead.
    Online,
    /// The page is visible again; its timers may have slept.
    Visible,
    /// Something may have been missed, or the sign-in may have ended in another tab.
    Check,
    /// A WebSocket or another tab receives for this page from now on.
    Rest,
}

/// Output of the loop: what to do now.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// Events to apply before anything else.
    pub apply: Vec<Event>,
    /// The new presence, if the batch had one.
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
        hold_ms: HoldMs,
    },
    Wait {
        ms: u32,
    },
    /// Wait for a relayed batch or a wake-up.
    Rest,
    /// Load a new snapshot.
    Resync,
    Stop(Stop),
}

/// Reason why this page cannot continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Nobody is signed in any more: go to the sign-in page, and back after it.
    SignInEnded,
    /// Another user is signed in: reload the page for them.
    WrongUser,
}

impl Stop {
    /// Returns the reason if no call of this page can succeed after `error`.
    pub fn after(error: &KithError) -> Option<Self> {
        match error {
            KithError::Unauthorised => Some(Self::SignInEnded),
            KithError::WrongUser => Some(Self::WrongUser),
            _ => None,
        }
    }
}

/// The state of the loop. At most one request is in flight at a time.
#[derive(Debug)]
pub struct ReceiveLoop {
    cursor: Cursor,
    /// How long the server may hold a request. The server decides.
    hold_ms: HoldMs,
    backoff: Backoff,
    /// Time at which the request in flight was sent, by the caller's clock.
    requested_ms: f64,
    /// Hold of the request in flight.
    requested_hold_ms: HoldMs,
    /// Time by which the request in flight must have been answered.
    deadline_ms: f64,
    /// Number of empty answers in a row that were not held.
    early_answers: u32,
    /// A snapshot has to be loaded. A failure does not change that.
    resync_due: bool,
    /// Number of resyncs in a row. The first one is immediate, the others wait.
    resyncs: u32,
    /// A WebSocket or another tab receives for this page.
    resting: bool,
    /// Send one request without a hold, although this loop rests: something may have been missed,
    /// or the presence is not known yet.
    check_once: bool,
    /// Number of answers in a row that this page could not read.
    unreadable: u32,
    /// A request was answered since the last failure, resync or rest.
    answered: bool,
    /// An answer was held at least once.
    was_held: bool,
}

impl ReceiveLoop {
    pub fn new(cursor: Cursor, hold_ms: HoldMs) -> Self {
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

    /// Sets whether something else receives for this page. Call it before each step.
    pub fn set_resting(&mut self, resting: bool) {
        self.resting = resting;
        if resting {
            self.answered = false;
        }
    }

    /// The position in the log up to which this page has received.
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// Whether a request was answered since the last failure, resync or rest.
    pub fn is_answered(&self) -> bool {
        self.answered
    }

    /// Whether an answer was held at least once: the page has been open for a while.
    pub fn has_been_held(&self) -> bool {
        self.was_held
    }

    /// Whether the server is newer than this page and its answers cannot be read.
    pub fn is_outdated(&self) -> bool {
        self.unreadable >= UNREADABLE_MAX
    }

    /// Whether failures have lasted long enough to show them to the user.
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
                // `Rest` included: the aborted answer may have had events that nobody relays.
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
        // The rest of the batch has to be requested, even while something else receives.
        self.check_once = batch.has_more;
        let empty = batch.events.is_empty() && batch.presence.is_none() && !batch.has_more;
        self.early_answers = if empty && quick { self.early_answers + 1 } else { 0 };
        // One early answer is normal when the server stops. A second one in a row comes from a
        // proxy that answers for the server, and requests without a pause would never end.
        if self.early_answers > 1 {
            return self.back_off(0, random);
        }
        self.backoff.reset();
        let step = self.next_step(now_ms);
        Step { apply: batch.events, presence: batch.presence, ..step }
    }

    /// Applies a relayed batch if it follows on this page's cursor. If events lie in between, this
    /// page sends a request itself.
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
        let (next, timeout_ms) = if self.resync_due {
            (Next::Resync, CALL_TIMEOUT_MS)
        } else if self.resting && !self.check_once {
            (Next::Rest, 0)
        } else {
            let cursor = self.cursor.clone();
            (Next::Request { cursor, hold_ms }, hold_ms.saturating_add(HOLD_GRACE_MS))
        };
        self.requested_ms = now_ms;
        self.requested_hold_ms = hold_ms;
        self.deadline_ms = now_ms + f64::from(timeout_ms);
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

    const HOLD_MS: HoldMs = 25_000;

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
    fn a_batch_with_more_to_come_requests_the_rest_at_once() {
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
    fn the_wait_that_the_server_demands_is_kept() {
        let step = started().step(Input::Failed(KithError::TooMany(7)), 1.0, 0.0);
        assert_eq!(step.next, Next::Wait { ms: 7000 });
    }

    #[test]
    fn empty_answers_without_a_hold_slow_the_loop_down() {
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
    fn a_wake_up_ends_a_wait_and_resets_the_back_off() {
        let mut machine = started();
        machine.step(Input::Failed(KithError::Unreachable), 1.0, 1.0);
        machine.step(Input::Waited(None), 2.0, 1.0);
        machine.step(Input::Failed(KithError::Unreachable), 3.0, 1.0);
        assert_eq!(machine.step(Input::Waited(Some(Wake::Online)), 4.0, 1.0).next, ask(1));
        assert!(!machine.is_troubled());
    }

    #[test]
    fn a_wake_up_aborts_a_request_that_must_be_dead() {
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
    fn the_hold_of_the_latest_snapshot_sets_the_deadline() {
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
    fn batches_with_presence_alone_do_not_slow_the_loop_down() {
        let mut machine = started();
        for id in 1..9 {
            let presence = Presence { version: id.to_string(), online: vec![], typing: vec![] };
            let batch = Batch { presence: Some(presence), ..batch(1, 0) };
            let step = machine.step(Input::Answered(batch), 1.0, 1.0);
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
            "the aborted request may have had events"
        );
        assert_eq!(machine.step(Input::Answered(batch(1, 0)), 1.5, 1.0).next, Next::Rest);
        machine
    }

    #[test]
    fn a_resting_tab_applies_relayed_events_once() {
        let mut machine = resting();
        let step = machine.step(relayed(1, 4, &[2, 4]), 2.0, 1.0);
        assert_eq!((step.apply.len(), step.next), (2, Next::Rest));
        let step = machine.step(relayed(2, 6, &[4, 5, 6]), 3.0, 1.0);
        assert_eq!((step.apply.len(), step.next), (2, Next::Rest), "event 4 is known");
        assert_eq!(machine.step(relayed(1, 4, &[2, 4]), 4.0, 1.0).apply, []);
        machine.set_resting(false);
        assert_eq!(machine.step(Input::Waited(Some(Wake::Visible)), 5.0, 1.0).next, ask(6));
    }

    #[test]
    fn a_resting_tab_that_missed_events_requests_once_without_a_hold() {
        let mut machine = resting();
        let request = Next::Request { cursor: cursor(1), hold_ms: 0 };
        assert_eq!(machine.step(relayed(3, 4, &[4]), 2.0, 1.0).next, request);
        let step = machine.step(Input::Failed(KithError::Unreachable), 3.0, 1.0);
        assert_eq!(step.next, Next::Wait { ms: 500 });
        assert_eq!(machine.step(Input::Waited(None), 503.0, 1.0).next, request);
        let step = machine.step(Input::Answered(batch(9, 2)), 504.0, 1.0);
        assert_eq!((step.apply.len(), step.next), (2, Next::Rest));
        for wake in [Wake::Check, Wake::Visible] {
            let step = machine.step(Input::Waited(Some(wake)), 600.0, 1.0);
            assert_eq!(step.next, Next::Request { cursor: cursor(9), hold_ms: 0 });
            assert_eq!(machine.step(Input::Answered(batch(9, 0)), 601.0, 1.0).next, Next::Rest);
        }
    }

    #[test]
    fn is_answered_ends_with_a_failure_and_has_been_held_never_ends() {
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
        assert!(!machine.is_answered(), "the next request may fail");
        assert_eq!(*machine.cursor(), cursor(2));
        machine.step(Input::Resynced(cursor(9), HOLD_MS), 5.0 * HELD_ANSWER_MS, 1.0);
        machine.step(Input::Answered(batch(9, 1)), 5.0 * HELD_ANSWER_MS, 1.0);
        machine.set_resting(true);
        assert!(!machine.is_answered() && machine.has_been_held());
    }

    #[test]
    fn three_unreadable_answers_in_a_row_mark_the_page_as_outdated() {
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
    fn a_resync_loads_a_snapshot_and_continues_from_its_cursor() {
        let mut machine = started();
        let lagging = || Input::Answered(Batch { resync: true, ..batch(1, 0) });
        assert_eq!(machine.step(lagging(), 1.0, 1.0).next, Next::Resync);
        let step = machine.step(Input::Failed(KithError::Unreachable), 2.0, 1.0);
        assert_eq!(step.next, Next::Wait { ms: 500 });
        assert_eq!(machine.step(Input::Waited(None), 502.0, 1.0).next, Next::Resync);
        assert_eq!(machine.step(Input::Resynced(cursor(90), HOLD_MS), 503.0, 1.0).next, ask(90));
        let step = machine.step(lagging(), 504.0, 1.0);
        assert!(matches!(step.next, Next::Wait { .. }), "a second in a row waits: {step:?}");
    }

    #[test]
    fn a_snapshot_that_does_not_arrive_is_aborted_and_requested_again() {
        let mut machine = started();
        machine.step(Input::Answered(Batch { resync: true, ..batch(1, 0) }), 100.0, 1.0);
        assert!(machine.should_abort(Wake::Online, 101.0));
        assert!(!machine.should_abort(Wake::Visible, 20_100.0));
        assert!(machine.should_abort(Wake::Visible, 20_101.0));
        let step = machine.step(Input::Aborted(Wake::Online), 101.0, 1.0);
        assert_eq!(step.next, Next::Resync);
    }

    #[test]
    fn only_the_end_of_the_sign_in_stops_the_loop() {
        for (error, stop) in
            [(KithError::Unauthorised, Stop::SignInEnded), (KithError::WrongUser, Stop::WrongUser)]
        {
            let step = started().step(Input::Failed(error), 1.0, 1.0);
            assert_eq!(step.next, Next::Stop(stop));
        }
    }
}
