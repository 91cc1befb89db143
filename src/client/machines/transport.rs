//! Decides when to try a WebSocket, and when to stay with long polling. A plain state machine.

/// Number of broken connections in a row that suggest a proxy which cuts every WebSocket.
const BREAKS_MAX: u32 = 2;
/// Time without WebSockets after that, in milliseconds.
pub const SOCKET_RETRY_MS: u32 = 5 * 60_000;

/// The reason why a WebSocket ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketEnd {
    /// It never brought anything: WebSockets are blocked.
    NeverBegan,
    Broke,
    /// It was silent for longer than the server ever is.
    Silent,
    /// This page closed it: the tab rests, loads a snapshot, or has another network.
    ClosedHere,
}

#[derive(Debug, Default)]
pub struct Transport {
    /// Number of breaks in a row.
    breaks: u32,
    not_before_ms: f64,
}

impl Transport {
    /// A WebSocket brought a second batch. The first one proves only that it can be opened.
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

    /// Another network may have another proxy: forgets all failures.
    pub fn network_returned(&mut self) {
        *self = Self::default();
    }

    /// Time until a WebSocket is worth a try, in milliseconds.
    pub fn wait_ms(&self, now_ms: f64) -> u32 {
        // Clamped, because the device's clock may have been set back.
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
    fn two_breaks_in_a_row_lead_to_five_minutes_of_long_polling() {
        let mut transport = Transport::default();
        transport.ended(SocketEnd::Broke, 0.0);
        transport.received();
        transport.ended(SocketEnd::Broke, 0.0);
        assert_eq!(transport.wait_ms(0.0), 0, "a batch between two breaks");
        transport.ended(SocketEnd::Broke, 1_000.0);
        assert_eq!(transport.wait_ms(1_000.0), SOCKET_RETRY_MS);
        assert_eq!(transport.wait_ms(61_000.0), SOCKET_RETRY_MS - 60_000);
        assert_eq!(transport.wait_ms(1_000.0 + f64::from(SOCKET_RETRY_MS)), 0);
    }

    #[test]
    fn after_five_minutes_one_break_is_allowed_again() {
        let mut transport = Transport::default();
        transport.ended(SocketEnd::Silent, 0.0);
        transport.ended(SocketEnd::Broke, f64::from(SOCKET_RETRY_MS));
        assert_eq!(transport.wait_ms(f64::from(SOCKET_RETRY_MS)), 0);
    }

    #[test]
    fn a_blocked_or_silent_websocket_is_not_tried_again_for_five_minutes() {
        for end in [SocketEnd::NeverBegan, SocketEnd::Silent] {
            let mut transport = Transport::default();
            transport.ended(end, 0.0);
            assert_eq!(transport.wait_ms(0.0), SOCKET_RETRY_MS, "{end:?}");
        }
    }

    #[test]
    fn a_websocket_closed_by_this_page_counts_as_no_break() {
        let mut transport = Transport::default();
        transport.ended(SocketEnd::ClosedHere, 0.0);
        transport.ended(SocketEnd::ClosedHere, 0.0);
        assert_eq!(transport.wait_ms(0.0), 0);
        transport.ended(SocketEnd::Broke, 0.0);
        transport.ended(SocketEnd::ClosedHere, 0.0);
        transport.ended(SocketEnd::Broke, 0.0);
        assert_eq!(transport.wait_ms(0.0), SOCKET_RETRY_MS, "and it does not reset the breaks");
    }

    #[test]
    fn a_new_network_allows_a_websocket_at_once() {
        let mut transport = Transport::default();
        transport.ended(SocketEnd::NeverBegan, 0.0);
        transport.network_returned();
        assert_eq!(transport.wait_ms(0.0), 0);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_lengthen_the_wait() {
        let mut transport = Transport::default();
        transport.ended(SocketEnd::Silent, 1e12);
        assert_eq!(transport.wait_ms(0.0), SOCKET_RETRY_MS);
    }
}
