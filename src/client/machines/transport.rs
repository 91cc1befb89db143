//! Which way what happens comes to the page: whether a WebSocket is worth a try, and when long
//! polling is the better way. A plain state machine.

/// So many breaks in a row mean that something in between lets no connection stay.
const BREAKS_MAX: u32 = 2;
/// For so long no WebSocket is tried after that, in milliseconds.
pub const SOCKET_RETRY_MS: u32 = 5 * 60_000;

/// How a WebSocket ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketEnd {
    /// It brought nothing at all: there is none to be had.
    NeverBegan,
    Broke,
    /// Nothing came for longer than the server is ever silent.
    Silent,
    /// This page gave it up: it rests, begins anew, or has another network.
    ClosedHere,
}

#[derive(Debug, Default)]
pub struct Transport {
    /// In a row.
    breaks: u32,
    not_before_ms: f64,
}

impl Transport {
    /// Something came, beyond what comes at once: that shows only that it opens.
    pub fn received(&mut self) {
        self.breaks = 0;
    }

    pub fn ended(&mut self, end: SocketEnd, now_ms: f64) {
        self.breaks = match end {
            SocketEnd::ClosedHere => self.breaks,
            SocketEnd::Broke => self.breaks + 1,
            SocketEnd::NeverBegan | SocketEnd::Silent => BREAKS_MAX,
        };
        if self.breaks >= BREAKS_MAX {
            self.breaks = 0;
            self.not_before_ms = now_ms + f64::from(SOCKET_RETRY_MS);
        }
    }

    /// What was in between may be another one.
    pub fn network_returned(&mut self) {
        *self = Self::default();
    }

    /// For how many milliseconds no WebSocket is worth a try.
    pub fn wait_ms(&self, now_ms: f64) -> u32 {
        // At most the whole: the device's clock may have been set back.
        (self.not_before_ms - now_ms).clamp(0.0, f64::from(SOCKET_RETRY_MS)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_websocket_is_tried_at_once_and_again_after_one_break() {
        let mut transport = Transport::default();
        assert_eq!(transport.wait_ms(1_000.0), 0);
        transport.ended(SocketEnd::Broke, 1_000.0);
        assert_eq!(transport.wait_ms(1_000.0), 0);
    }

    #[test]
    fn two_breaks_in_a_row_lead_to_long_polling_for_a_good_while() {
        let mut transport = Transport::default();
        transport.ended(SocketEnd::Broke, 0.0);
        transport.received();
        transport.ended(SocketEnd::Broke, 0.0);
        assert_eq!(transport.wait_ms(0.0), 0, "something came between");
        transport.ended(SocketEnd::Broke, 1_000.0);
        assert_eq!(transport.wait_ms(1_000.0), SOCKET_RETRY_MS);
        assert_eq!(transport.wait_ms(61_000.0), SOCKET_RETRY_MS - 60_000);
        assert_eq!(transport.wait_ms(1_000.0 + f64::from(SOCKET_RETRY_MS)), 0);
    }

    #[test]
    fn after_the_while_it_may_break_once_again() {
        let mut transport = Transport::default();
        transport.ended(SocketEnd::Silent, 0.0);
        transport.ended(SocketEnd::Broke, f64::from(SOCKET_RETRY_MS));
        assert_eq!(transport.wait_ms(f64::from(SOCKET_RETRY_MS)), 0);
    }

    #[test]
    fn one_that_cannot_be_had_or_says_nothing_is_not_tried_again_soon() {
        for end in [SocketEnd::NeverBegan, SocketEnd::Silent] {
            let mut transport = Transport::default();
            transport.ended(end, 0.0);
            assert_eq!(transport.wait_ms(0.0), SOCKET_RETRY_MS, "{end:?}");
        }
    }

    #[test]
    fn letting_go_is_no_break() {
        let mut transport = Transport::default();
        transport.ended(SocketEnd::ClosedHere, 0.0);
        transport.ended(SocketEnd::ClosedHere, 0.0);
        assert_eq!(transport.wait_ms(0.0), 0);
        transport.ended(SocketEnd::Broke, 0.0);
        transport.ended(SocketEnd::ClosedHere, 0.0);
        transport.ended(SocketEnd::Broke, 0.0);
        assert_eq!(transport.wait_ms(0.0), SOCKET_RETRY_MS, "nor does it undo one");
    }

    #[test]
    fn another_network_is_another_chance() {
        let mut transport = Transport::default();
        transport.ended(SocketEnd::NeverBegan, 0.0);
        transport.network_returned();
        assert_eq!(transport.wait_ms(0.0), 0);
    }

    #[test]
    fn a_clock_that_was_set_back_delays_it_no_further() {
        let mut transport = Transport::default();
        transport.ended(SocketEnd::Silent, 1e12);
        assert_eq!(transport.wait_ms(0.0), SOCKET_RETRY_MS);
    }
}
