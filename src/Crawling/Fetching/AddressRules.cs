using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// Says which addresses are on the public internet. Source: the IANA special-purpose address registries (RFC 6890),
/// the transition formats that carry an IPv4 address (RFC 3056, 4291, 5214, 6052), and the metadata addresses of cloud platforms.
/// </summary>
public static class AddressRules
{
    private static readonly (IPNetwork Network, string Kind)[] V4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "this network"),
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "carrier-grade NAT"),
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("168.63.129.16/32"), "metadata"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local or metadata"),
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.0.0.0/24"), "protocol assignments"),
        (IPNetwork.Parse("192.0.2.0/24"), "documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "6to4 relay"),
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("198.18.0.0/15"), "benchmarking"),
        (IPNetwork.Parse("198.51.100.0/24"), "documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
    ];

    private static readonly (IPNetwork Network, string Kind)[] V6 =
    [
        (IPNetwork.Parse("::1/128"), "loopback"),
        (IPNetwork.Parse("::/96"), "IPv4-compatible or unspecified"),
        (IPNetwork.Parse("64:ff9b:1::/48"), "local NAT64"),
        (IPNetwork.Parse("fc00::/7"), "unique local"),
        (IPNetwork.Parse("fe80::/10"), "link-local or metadata"),
        (IPNetwork.Parse("fec0::/10"), "site-local"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
        (IPNetwork.Parse("2001::/23"), "protocol assignments or Teredo"),
        (IPNetwork.Parse("2001:db8::/32"), "documentation"),
        (IPNetwork.Parse("3fff::/20"), "documentation"),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPAddress AwsMetadataV6 = IPAddress.Parse("fd00:ec2::254");

    /// <summary>Null if the address is public; else what it is, for people. An IPv6 address that carries an IPv4 address is judged by that as well.</summary>
    public static string? WhyForbidden(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork) return Match(V4, address);
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return "not an internet address";
        if (address.IsIPv4MappedToIPv6) return WhyForbidden(address.MapToIPv4());
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        // The scope would hide a link-local address from a comparison; only the bytes are judged.
        IPAddress plain = new(bytes);
        if (Nat64.Contains(plain)) return WhyForbidden(new IPAddress(bytes[12..]));
        if (Match(V6, plain) is { } kind) return kind;
        if (!GlobalUnicast.Contains(plain)) return "not global unicast";
        if (SixToFour.Contains(plain)) return WhyForbidden(new IPAddress(bytes[2..6]));
        bool isatap = (BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) & 0xFDFF_FFFF) == 0x0000_5EFE;
        return isatap ? WhyForbidden(new IPAddress(bytes[12..])) : null;
    }

    /// <summary>Whether the address is link-local or serves a platform's metadata: only its literal opens it, never a name.</summary>
    public static bool NeedsLiteral(IPAddress address) =>
        WhyForbidden(address) is { } kind && (kind.Contains("metadata", StringComparison.Ordinal) || address.Equals(AwsMetadataV6) || kind == "protocol assignments");

    private static string? Match((IPNetwork Network, string Kind)[] table, IPAddress address)
    {
        foreach ((IPNetwork network, string kind) in table)
            if (network.Contains(address)) return kind;
        return null;
    }
}
