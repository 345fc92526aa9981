using System.Net;
using System.Net.Sockets;

namespace Touchstone.Crawling.Fetching;

/// <summary>Resolves a host name to its addresses; throws <see cref="SocketException"/> if it cannot.</summary>
public delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);

/// <summary>The guard refused an internal address.</summary>
public sealed class ForbiddenAddressException(string message) : Exception(message);

/// <summary>The name has no address.</summary>
public sealed class NameNotResolvedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Decides where a connection may go and makes it: resolves the name once, checks every address, and connects to a checked address,
/// so that an answer that changes between check and use (rebinding) gains nothing. Safe for concurrent use.
/// </summary>
public sealed class OutboundGuard(OutboundOptions options, HostResolver? resolver = null)
{
    private readonly HostResolver _resolve = resolver ?? ((host, ct) => Dns.GetHostAddressesAsync(host, ct));

    /// <summary>
    /// The addresses of the host, all of them allowed.
    /// Throws <see cref="ForbiddenAddressException"/> if one of them is internal and the operator did not allow the host, and <see cref="NameNotResolvedException"/>.
    /// </summary>
    public async Task<IReadOnlyList<IPAddress>> CheckAsync(string host, int port, CancellationToken cancellationToken)
    {
        string name = host.Trim('[', ']').TrimEnd('.');
        bool literal = IPAddress.TryParse(name, out IPAddress? parsed);
        IPAddress[] addresses = literal ? [parsed!] : await ResolveAsync(name, cancellationToken);
        bool allowed = IsAllowedInternal(host, port);
        foreach (IPAddress address in addresses)
        {
            if (AddressRules.WhyForbidden(address) is not { } kind) continue;
            if (allowed && (literal || !AddressRules.NeedsLiteral(address))) continue;
            throw new ForbiddenAddressException($"{host} has the address {address} ({kind}); an operator can allow the host.");
        }
        return addresses;
    }

    /// <summary>Whether the operator allowed the host to have an internal address.</summary>
    public bool IsAllowedInternal(string host, int port)
    {
        string name = host.Trim('[', ']').TrimEnd('.');
        string bracketed = name.Contains(':', StringComparison.Ordinal) ? $"[{name}]" : name;
        return options.AllowedInternalHosts.Contains(name)
            || options.AllowedInternalHosts.Contains(bracketed)
            || options.AllowedInternalHosts.Contains($"{bracketed}:{port}");
    }

    /// <summary>The connect step of a <see cref="SocketsHttpHandler"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IReadOnlyList<IPAddress> addresses = await CheckAsync(target.Host, target.Port, cancellationToken);
        SocketException? last = null;
        foreach (IPAddress address in addresses)
        {
            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancellationToken);
                context.InitialRequestMessage.Options.Set(RecordedStream.Address, address.ToString());
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private async Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] addresses = await _resolve(name, cancellationToken);
            return addresses.Length > 0 ? addresses : throw new NameNotResolvedException($"{name} has no address.");
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new NameNotResolvedException($"{name} did not resolve: {e.Message}", e);
        }
    }
}
