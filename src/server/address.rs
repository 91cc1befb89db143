//! Who is at the other end: the browser's address, also behind proxies that are trusted.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::Extensions;
use http::HeaderMap;
use ipnet::IpNet;

/// Returns the address that a request comes from. `X-Forwarded-For` counts only as far as
/// trusted proxies wrote it: from the right, the first address that is none of them.
pub fn of(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip().to_canonical());
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    if !is_trusted(peer) {
        return peer;
    }
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut nearest = peer;
    for text in forwarded.iter().rev() {
        let Ok(address) = text.trim().parse::<IpAddr>() else { break };
        nearest = address.to_canonical();
        if !is_trusted(nearest) {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let mut extensions = Extensions::new();
        let peer: IpAddr = peer.parse().expect("an address");
        extensions.insert(ConnectInfo(SocketAddr::from((peer, 1))));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().expect("a net")).collect();
        of(&extensions, &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(seen("203.0.113.9", "1.2.3.4", &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", "1.2.3.4", &["127.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_says_who_it_speaks_for() {
        let trusted = ["127.0.0.0/8", "10.0.0.0/8"];
        assert_eq!(seen("127.0.0.1", "203.0.113.9", &trusted), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", "6.6.6.6, 203.0.113.9, 10.1.1.1", &trusted), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", "nonsense", &trusted), "127.0.0.1");
    }
}
