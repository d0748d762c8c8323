//! Which URLs may be called: only https, and only public addresses.
//!
//! On Lambda the runtime API listens on loopback and would expose events, and a link-local address exposes credentials:
//! an untrusted URL must reach neither. The ranges are those of the IANA registries of special-purpose addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Exceptions, as `host:port` with a literal address: the local stack's simulators and sink.
#[derive(Debug, Clone, Default)]
pub struct AllowedTargets(Vec<String>);

impl AllowedTargets {
    /// Parses a comma-separated list.
    pub fn parse(list: &str) -> Self {
        Self(
            list.split(',')
                .map(str::trim)
                .filter(|entry| !entry.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    }

    fn contains(&self, url: &Url) -> bool {
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return false;
        };
        let target = format!("{host}:{port}");
        self.0.contains(&target)
    }
}

/// Why a URL may not be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForbiddenTarget {
    /// It is not https.
    #[error("the URL must begin with https://")]
    NotHttps,
    /// It contains a user name or a password.
    #[error("the URL must not contain a user name or a password; use headers")]
    UserInfo,
    /// It has no host.
    #[error("the URL has no host")]
    NoHost,
    /// Its address, or one that its name resolves to, is not public.
    #[error("the address {0} is not public")]
    NotPublic(IpAddr),
}

/// Checks a URL without resolving its name; the addresses of a name are checked when it is resolved.
pub fn check(url: &Url, allowed: &AllowedTargets) -> Result<(), ForbiddenTarget> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ForbiddenTarget::UserInfo);
    }
    if matches!(url.scheme(), "http" | "https") && allowed.contains(url) {
        return Ok(());
    }
    if url.scheme() != "https" {
        return Err(ForbiddenTarget::NotHttps);
    }
    match url.host() {
        None => Err(ForbiddenTarget::NoHost),
        Some(Host::Domain(_)) => Ok(()),
        Some(Host::Ipv4(address)) => check_address(address.into()),
        Some(Host::Ipv6(address)) => check_address(address.into()),
    }
}

/// Checks an address.
pub fn check_address(address: IpAddr) -> Result<(), ForbiddenTarget> {
    let public = match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    };
    if public {
        Ok(())
    } else {
        Err(ForbiddenTarget::NotPublic(address))
    }
}

/// IPv4 ranges that are not public: first address and prefix length.
const SPECIAL_V4: [(Ipv4Addr, u32); 17] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    SPECIAL_V4
        .iter()
        .all(|(first, length)| (address.to_bits() ^ first.to_bits()) >> (32 - length) != 0)
}

/// Public IPv6 is global unicast (`2000::/3`) except these; ranges that embed IPv4 addresses are refused completely.
const SPECIAL_V6: [(Ipv6Addr, u32); 6] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

fn is_public_v6(address: Ipv6Addr) -> bool {
    let global_unicast = address.to_bits() >> 125 == 1;
    global_unicast
        && SPECIAL_V6
            .iter()
            .all(|(first, length)| (address.to_bits() ^ first.to_bits()) >> (128 - length) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_covers_exactly_one_host_and_port() {
        let allowed = AllowedTargets::parse("127.0.0.1:4000");
        assert!(check(&"http://127.0.0.1:4000/x".parse().unwrap(), &allowed).is_ok());
        assert!(check(&"http://127.0.0.1:4001/x".parse().unwrap(), &allowed).is_err());
        assert!(check(&"http://localhost:4000/x".parse().unwrap(), &allowed).is_err());
    }
}
