//! The receive loop as a plain state machine: what to do after each answer, failure and wake-up.
//!
//! It is a recursion in time: every step names the one thing to wait for next, and nothing but
//! the end of the sign-in ends it.

use crate::error::KithError;
use crate::model::{Batch, Cursor, Event, Hold};

use super::backoff::Backoff;

/// A request that is not answered so long after its hold is given up, in milliseconds.
pub const GRACE_MS: u32 = 10_000;
/// A call that is not held is given up after so long, in milliseconds.
pub const ANSWER_MS: u32 = 20_000;
/// An empty answer before this time was not held at all, in milliseconds.
const EARLY_MS: f64 = 1_000.0;

/// What happened.
#[derive(Debug)]
pub enum Input {
    Started,
    Answered(Batch),
    Failed(KithError),
    /// The request or the snapshot was given up after a wake-up.
    GivenUp(Wake),
    /// The wait is over, or was cut short by a wake-up.
    Waited(Option<Wake>),
    /// A new snapshot was taken, with this cursor and this hold.
    Resynced(Cursor, Hold),
}

/// Why it is worth trying again at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// The network came back: connections from before are dead.
    Online,
    /// The page is looked at again; timers may have slept.
    Visible,
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// Events to apply before anything else.
    pub apply: Vec<Event>,
    pub next: Next,
}

/// The one thing to wait for.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    Ask {
        cursor: Cursor,
        hold_ms: Hold,
    },
    Wait {
        ms: u32,
    },
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
    asked_ms: f64,
    /// When it must have been answered.
    due_ms: f64,
    /// Empty answers in a row that were not held.
    early: u32,
    /// A snapshot is due; a failure on the way does not make it undue.
    resyncing: bool,
    /// Resyncs in a row: the first is at once, others wait.
    resyncs: u32,
}

impl ReceiveLoop {
    pub fn new(cursor: Cursor, hold_ms: Hold) -> Self {
        Self {
            cursor,
            hold_ms,
            backoff: Backoff::default(),
            asked_ms: 0.0,
            due_ms: 0.0,
            early: 0,
            resyncing: false,
            resyncs: 0,
        }
    }

    /// Whether the trouble has lasted long enough to say so.
    pub fn is_troubled(&self) -> bool {
        self.backoff.failures() > 1
    }

    /// Whether a wake-up makes the request in flight worthless.
    pub fn gives_up(&self, wake: Wake, now_ms: f64) -> bool {
        wake == Wake::Online || now_ms > self.due_ms
    }

    /// Takes one input and returns what to do. `random` is from 0 to 1.
    pub fn step(&mut self, input: Input, now_ms: f64, random: f64) -> Step {
        match input {
            Input::Started | Input::Waited(None) => self.go_on(now_ms),
            Input::Waited(Some(_)) | Input::GivenUp(_) => {
                self.backoff.reset();
                self.go_on(now_ms)
            }
            Input::Failed(error) => match (Stop::after(&error), error) {
                (Some(stop), _) => Step { apply: vec![], next: Next::Stop(stop) },
                (None, KithError::TooMany(s)) => self.wait(s.saturating_mul(1000), random),
                (None, _) => self.wait(0, random),
            },
            Input::Resynced(cursor, hold_ms) => {
                self.cursor = cursor;
                self.hold_ms = hold_ms;
                self.resyncing = false;
                self.go_on(now_ms)
            }
            Input::Answered(batch) => self.answered(batch, now_ms, random),
        }
    }

    fn answered(&mut self, batch: Batch, now_ms: f64, random: f64) -> Step {
        if batch.resync {
            self.resyncing = true;
            self.resyncs += 1;
            return if self.resyncs == 1 { self.go_on(now_ms) } else { self.wait(0, random) };
        }
        self.resyncs = 0;
        self.cursor = batch.cursor;
        let empty = batch.events.is_empty() && !batch.has_more;
        if empty && now_ms - self.asked_ms < EARLY_MS {
            self.early += 1;
        } else {
            self.early = 0;
        }
        // One may come early (the server is going down); a second in a row means that something
        // in between answers for the server, and asking at once would never end.
        if self.early > 1 {
            return self.wait(0, random);
        }
        self.backoff.reset();
        let Step { next, .. } = self.go_on(now_ms);
        Step { apply: batch.events, next }
    }

    fn go_on(&mut self, now_ms: f64) -> Step {
        let hold_ms = self.hold_ms;
        let (next, answer_ms) = if self.resyncing {
            (Next::Resync, ANSWER_MS)
        } else {
            (Next::Ask { cursor: self.cursor.clone(), hold_ms }, hold_ms.saturating_add(GRACE_MS))
        };
        self.asked_ms = now_ms;
        self.due_ms = now_ms + f64::from(answer_ms);
        Step { apply: vec![], next }
    }

    fn wait(&mut self, at_least_ms: u32, random: f64) -> Step {
        let ms = self.backoff.next_ms(random).max(at_least_ms);
        Step { apply: vec![], next: Next::Wait { ms } }
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
            build: "1".into(),
            presence: None,
        }
    }

    fn ask(id: i64) -> Next {
        Next::Ask { cursor: cursor(id), hold_ms: HOLD_MS }
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
        assert!(machine.gives_up(Wake::Online, 1.0));
        assert!(!machine.gives_up(Wake::Visible, 20_000.0));
        assert!(machine.gives_up(Wake::Visible, 40_000.0));
        let step = machine.step(Input::GivenUp(Wake::Online), 5.0, 1.0);
        assert_eq!(step.next, ask(1));
        assert!(!machine.gives_up(Wake::Visible, 35_005.0));
        assert!(machine.gives_up(Wake::Visible, 35_006.0));
    }

    #[test]
    fn the_server_says_for_how_long_it_holds_a_request() {
        let mut machine = ReceiveLoop::new(cursor(1), 5_000);
        let step = machine.step(Input::Started, 0.0, 1.0);
        assert_eq!(step.next, Next::Ask { cursor: cursor(1), hold_ms: 5_000 });
        assert!(machine.gives_up(Wake::Visible, 15_001.0));
        let step = machine.step(Input::Resynced(cursor(2), 50_000), 16_000.0, 1.0);
        assert_eq!(step.next, Next::Ask { cursor: cursor(2), hold_ms: 50_000 });
        assert!(!machine.gives_up(Wake::Visible, 76_000.0));
        assert!(machine.gives_up(Wake::Visible, 76_001.0));
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
        assert!(machine.gives_up(Wake::Online, 101.0));
        assert!(!machine.gives_up(Wake::Visible, 20_100.0));
        assert!(machine.gives_up(Wake::Visible, 20_101.0));
        let step = machine.step(Input::GivenUp(Wake::Online), 101.0, 1.0);
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
