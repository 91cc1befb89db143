//! The address of the browser that sent a request, also behind trusted proxies.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::Extensions;
use http::HeaderMap;
use ipnet::IpNet;

/// Returns the address of the browser. Only the part of `X-Forwarded-For` that trusted proxies
/// wrote counts: read from the right, the first address that is not a trusted proxy.
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

    fn address_of(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let mut extensions = Extensions::new();
        let peer: IpAddr = peer.parse().expect("an address");
        extensions.insert(ConnectInfo(SocketAddr::from((peer, 1))));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().expect("a net")).collect();
        of(&extensions, &headers, &trusted).to_string()
    }

    #[test]
    fn untrusted_peers_cannot_forge_an_address() {
        assert_eq!(address_of("203.0.113.9", "1.2.3.4", &[]), "203.0.113.9");
        assert_eq!(address_of("203.0.113.9", "1.2.3.4", &["127.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn trusted_proxies_forward_the_address_of_the_browser() {
        let trusted = ["127.0.0.0/8", "10.0.0.0/8"];
        assert_eq!(address_of("127.0.0.1", "203.0.113.9", &trusted), "203.0.113.9");
        assert_eq!(
            address_of("127.0.0.1", "6.6.6.6, 203.0.113.9, 10.1.1.1", &trusted),
            "203.0.113.9"
        );
        assert_eq!(address_of("127.0.0.1", "nonsense", &trusted), "127.0.0.1");
    }
}
