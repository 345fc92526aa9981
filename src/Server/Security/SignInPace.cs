using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Caching.Memory;

namespace Touchstone.Server.Security;

/// <summary>
/// Slows down whoever tries passwords: after some wrong ones the same address waits for the same name, twice as long each time. Nobody else waits for that, so that a
/// stranger cannot lock a person out. Counts for this node, for half an hour after the last attempt. Safe for concurrent use.
/// </summary>
internal sealed class SignInPace(TimeProvider clock) : IDisposable
{
    private const int FreeAttempts = 5;
    private const int MostKept = 100_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    private readonly MemoryCache failures = new(new MemoryCacheOptions { SizeLimit = MostKept });
    private readonly Lock gate = new();

    /// <summary>How long this address is to wait before it tries this name again; zero: it may.</summary>
    public TimeSpan Wait(IPAddress? address, string name)
    {
        lock (gate) return failures.TryGetValue(KeyOf(address, name), out Failures? found) && found!.Until - clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void Failed(IPAddress? address, string name)
    {
        string key = KeyOf(address, name);
        lock (gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            int count = failures.TryGetValue(key, out Failures? found) && now - found!.At < Kept ? found.Count + 1 : 1;
            TimeSpan wait = count < FreeAttempts ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, count - FreeAttempts + 1), Longest.TotalSeconds));
            failures.Set(key, new Failures(count, now, now + wait), new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Kept });
        }
    }

    public void Succeeded(IPAddress? address, string name)
    {
        lock (gate) failures.Remove(KeyOf(address, name));
    }

    /// <summary>What counts as one address: of IPv6 the network of a customer, 64 bits.</summary>
    public static string AddressKey(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        byte[] bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes, 0, bytes.Length / 2);
    }

    public void Dispose() => failures.Dispose();

    private static string KeyOf(IPAddress? address, string name) => $"{AddressKey(address)}|{name.Trim().ToUpperInvariant()}";

    private sealed record Failures(int Count, DateTimeOffset At, DateTimeOffset Until);
}
