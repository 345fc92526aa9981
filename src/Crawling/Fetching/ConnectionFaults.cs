using System.Net.Sockets;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// Gives a connection that its other end broke off at once as what every other broken connection is, a <see cref="HttpRequestException"/>: the framework's pool asks a new connection for its address and lets
/// what the socket says to that through. Safe for concurrent use.
/// </summary>
public sealed class ConnectionFaults(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"The connection was broken off at once: {e.Message}", e);
        }
    }
}
