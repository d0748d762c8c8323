//! Tests every known special range, at its edges and in its middle, and every spelling of an address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use url::Url;

use crate::outbound::target::{AllowedTargets, ForbiddenTarget, check, check_address};

/// The IANA registries of special-purpose, multicast and reserved addresses. Some are globally reachable, but no
/// client's receiver uses them.
const SPECIAL: [(&str, u32, &str); 64] = [
    ("0.0.0.0", 8, "this network"),
    ("10.0.0.0", 8, "private use"),
    ("100.64.0.0", 10, "shared address space"),
    ("127.0.0.0", 8, "loopback"),
    ("169.254.0.0", 16, "link local, with the cloud's metadata"),
    ("169.254.169.254", 32, "metadata"),
    ("169.254.170.2", 32, "container credentials"),
    ("172.16.0.0", 12, "private use"),
    ("192.0.0.0", 24, "protocol assignments"),
    ("192.0.0.0", 29, "IPv4 service continuity"),
    ("192.0.0.8", 32, "dummy address"),
    ("192.0.0.9", 32, "port control protocol anycast"),
    ("192.0.0.10", 32, "traversal using relays anycast"),
    ("192.0.0.170", 31, "NAT64 discovery"),
    ("192.0.2.0", 24, "documentation 1"),
    ("192.31.196.0", 24, "AS112"),
    ("192.52.193.0", 24, "AMT"),
    ("192.88.99.0", 24, "6to4 relay anycast"),
    ("192.168.0.0", 16, "private use"),
    ("192.175.48.0", 24, "direct delegation AS112"),
    ("198.18.0.0", 15, "benchmarking"),
    ("198.51.100.0", 24, "documentation 2"),
    ("203.0.113.0", 24, "documentation 3"),
    ("224.0.0.0", 4, "multicast"),
    ("224.0.0.0", 24, "local multicast"),
    ("239.0.0.0", 8, "administratively scoped multicast"),
    ("240.0.0.0", 4, "reserved"),
    ("255.255.255.255", 32, "limited broadcast"),
    ("::", 128, "unspecified"),
    ("::1", 128, "loopback"),
    ("::", 96, "IPv4-compatible"),
    ("::ffff:0:0", 96, "IPv4-mapped"),
    ("::ffff:0:0:0", 96, "IPv4-translated"),
    ("64:ff9b::", 96, "NAT64"),
    ("64:ff9b:1::", 48, "local-use NAT64"),
    ("100::", 64, "discard only"),
    ("100:0:0:1::", 64, "dummy prefix"),
    ("200::", 7, "once NSAP"),
    ("2001::", 23, "protocol assignments"),
    ("2001::", 32, "Teredo"),
    ("2001:1::1", 128, "port control protocol anycast"),
    ("2001:1::2", 128, "traversal using relays anycast"),
    ("2001:1::3", 128, "DNS-SD service registration anycast"),
    ("2001:2::", 48, "benchmarking"),
    ("2001:3::", 32, "AMT"),
    ("2001:4:112::", 48, "AS112"),
    ("2001:10::", 28, "ORCHID"),
    ("2001:20::", 28, "ORCHIDv2"),
    ("2001:30::", 28, "drone remote identification"),
    ("2001:db8::", 32, "documentation"),
    ("2002::", 16, "6to4"),
    ("2002:7f00:1::", 48, "6to4 of loopback"),
    ("2002:a9fe:a9fe::", 48, "6to4 of metadata"),
    ("2620:4f:8000::", 48, "direct delegation AS112"),
    ("3ffe::", 16, "once 6bone"),
    ("3fff::", 20, "documentation"),
    ("5f00::", 16, "segment routing"),
    ("fc00::", 7, "unique local"),
    ("fd00:ec2::254", 128, "metadata"),
    ("fe80::", 10, "link local"),
    ("fec0::", 10, "site local"),
    ("ff00::", 8, "multicast"),
    ("ff02::", 16, "link local multicast"),
    ("ff0e::", 16, "global multicast"),
];

/// Public addresses next to those ranges, and far from them.
const PUBLIC: [&str; 40] = [
    "1.0.0.0",
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.1.0",
    "192.0.3.0",
    "192.31.195.255",
    "192.31.197.0",
    "192.52.192.255",
    "192.52.194.0",
    "192.88.98.255",
    "192.88.100.0",
    "192.167.255.255",
    "192.169.0.0",
    "192.175.47.255",
    "192.175.49.0",
    "198.17.255.255",
    "198.20.0.0",
    "198.51.99.255",
    "198.51.101.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
    "2001:200::",
    "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db9::",
    "2003::",
    "2404:6800:4009::200e",
    "2606:4700:4700::1111",
    "2a00:1450::",
];

/// The first, the middle and the last address of a range.
fn samples(first: IpAddr, length: u32) -> [IpAddr; 3] {
    match first {
        IpAddr::V4(first) => {
            let rest = u32::MAX.checked_shr(length).unwrap_or(0);
            let bits = first.to_bits();
            assert_eq!(bits & rest, 0, "{first}/{length} is not a range");
            [0, rest / 2, rest].map(|offset| Ipv4Addr::from_bits(bits | offset).into())
        }
        IpAddr::V6(first) => {
            let rest = u128::MAX.checked_shr(length).unwrap_or(0);
            let bits = first.to_bits();
            assert_eq!(bits & rest, 0, "{first}/{length} is not a range");
            [0, rest / 2, rest].map(|offset| Ipv6Addr::from_bits(bits | offset).into())
        }
    }
}

fn in_url(address: IpAddr) -> Url {
    let host = match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    };
    format!("https://{host}/").parse().unwrap()
}

fn refusal(url: &str) -> Option<ForbiddenTarget> {
    check(&url.parse().unwrap(), &AllowedTargets::default()).err()
}

#[test]
fn no_special_address_is_public() {
    for (first, length, what) in SPECIAL {
        for address in samples(first.parse().unwrap(), length) {
            let refused = Err(ForbiddenTarget::NotPublic(address));
            assert_eq!(check_address(address), refused, "{what}");
            let checked = check(&in_url(address), &AllowedTargets::default());
            assert_eq!(checked, refused, "{what}");
        }
    }
}

#[test]
fn the_neighbours_of_special_ranges_are_public() {
    for address in PUBLIC {
        let address = address.parse().unwrap();
        assert_eq!(check_address(address), Ok(()), "{address}");
        let checked = check(&in_url(address), &AllowedTargets::default());
        assert_eq!(checked, Ok(()), "{address}");
    }
}

#[test]
fn a_special_address_is_refused_in_every_spelling() {
    for host in [
        // Decimal, octal, hexadecimal, mixed and shortened.
        "2130706433",
        "017700000001",
        "0x7f000001",
        "0X7F000001",
        "0177.0.0.1",
        "0177.0.0.01",
        "0x7f.0x0.0x0.0x1",
        "0x7F.1",
        "127.1",
        "127.0.1",
        "0",
        "0x",
        "2852039166",
        "0xA9FEA9FE",
        "0251.0376.0251.0376",
        "169.254.43518",
        "3232235521",
        // A trailing dot.
        "127.0.0.1.",
        "2130706433.",
        "0x7f.1.",
        // Fully or partly percent-encoded.
        "%31%32%37%2e%30%2e%30%2e%31",
        "127%2E0.0.1",
        // Characters that IDNA maps to digits and dots.
        "\u{ff11}\u{ff12}\u{ff17}.0.0.1",
        "127\u{3002}0\u{3002}0\u{3002}1",
        "\u{2460}\u{2461}\u{2466}.0.0.1",
        "\u{1d7cf}\u{1d7d0}\u{1d7d5}.0.0.1",
        "127.0.0\u{ad}.1",
        // In brackets.
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[0000:0000:0000:0000:0000:0000:0000:0001]",
        "[::ffff:127.0.0.1]",
        "[::FFFF:7F00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::169.254.169.254]",
        "[64:ff9b:1::10.0.0.1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
    ] {
        let refused = refusal(&format!("https://{host}/latest/meta-data"));
        let is_refused = matches!(refused, Some(ForbiddenTarget::NotPublic(_)));
        assert!(is_refused, "{host}: {refused:?}");
        let refused = refusal(&format!("HTTPS:\\\\{host}:443\\"));
        let is_refused = matches!(refused, Some(ForbiddenTarget::NotPublic(_)));
        assert!(is_refused, "{host}: {refused:?}");
    }
}

#[test]
fn an_invalid_host_is_an_invalid_url() {
    for host in [
        "",
        "[fe80::1%25eth0]",
        "[fe80::1%eth0]",
        "[::1",
        "127.0.0.1.5.6",
        "256.0.0.1",
        "4294967296",
        "127.0.0.0x100",
        "a b",
        "exa\u{0}mple.com",
        "example.com%00.internal",
        "xn--",
    ] {
        let url = format!("https://{host}/").parse::<Url>();
        assert!(url.is_err(), "{host}: {url:?}");
    }
}

#[test]
fn a_user_name_does_not_hide_the_host() {
    for url in [
        "https://example.com@127.0.0.1/",
        "https://127.0.0.1@example.com/",
        "https://user:password@example.com/",
        "https://:password@example.com/",
        "https://example.com%40@127.0.0.1/",
    ] {
        assert_eq!(refusal(url), Some(ForbiddenTarget::UserInfo), "{url}");
    }
    // Neither a fragment nor a path is a user name.
    for url in [
        "https://127.0.0.1#@example.com/",
        "https://127.0.0.1/@example.com",
        "https://127.0.0.1\\@example.com/",
        "https://127.0.0.1?@example.com/",
    ] {
        let refused = refusal(url);
        let is_refused = matches!(refused, Some(ForbiddenTarget::NotPublic(_)));
        assert!(is_refused, "{url}: {refused:?}");
    }
}

#[test]
fn only_https_is_called() {
    for url in [
        "http://example.com/",
        "HTTP://example.com/",
        "ftp://example.com/",
        "ws://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "data:text/plain,x",
        "javascript:alert(1)",
        "http+unix://%2Frun%2Fsocket/",
    ] {
        assert_eq!(refusal(url), Some(ForbiddenTarget::NotHttps), "{url}");
    }
    assert_eq!(refusal("HTTPS://EXAMPLE.COM/"), None);
    assert_eq!(refusal("\n ht\ntps://exa\tmple.com/ "), None);
}

proptest! {
    #[test]
    fn no_address_is_public_because_of_what_it_embeds(embedded: u32) {
        let embedded = u128::from(embedded);
        let bits = |prefix: &str| prefix.parse::<Ipv6Addr>().unwrap().to_bits();
        for address in [
            bits("::") | embedded,
            bits("::ffff:0:0") | embedded,
            bits("::ffff:0:0:0") | embedded,
            bits("64:ff9b::") | embedded,
            bits("64:ff9b:1::") | embedded,
            bits("2002::") | embedded << 80,
            bits("2001::") | embedded << 64,
            bits("2001::") | (embedded ^ 0xffff_ffff),
        ] {
            let address = IpAddr::from(Ipv6Addr::from_bits(address));
            prop_assert_eq!(check_address(address), Err(ForbiddenTarget::NotPublic(address)));
        }
    }

    #[test]
    fn outside_global_unicast_nothing_is_public(bits: u128) {
        let address = Ipv6Addr::from_bits(bits);
        let first = address.segments()[0];
        let checked = check_address(address.into());
        prop_assert!((0x2000..0x4000).contains(&first) || checked.is_err());
    }
}
