using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Touchstone.Tests.Crawling;

/// <summary>A server on loopback that sends, for each path, exactly the bytes that a test wants, and keeps what it was sent.</summary>
public sealed class RawSite : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Func<string, byte[]?> _answer;

    /// <param name="answer">The bytes for a path; null breaks the connection off.</param>
    public RawSite(Func<string, byte[]?> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Host => _listener.LocalEndpoint.ToString()!;

    /// <summary>The head of each request, as it came.</summary>
    public List<string> Heads { get; } = [];

    /// <summary>Whether each answer ends its connection.</summary>
    public bool Closes { get; init; }

    public int Connections { get; private set; }

    public string Url(string path) => $"http://{Host}{path}";

    public void Dispose()
    {
        _ending.Cancel();
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_ending.Token);
                Connections++;
                _ = ServeAsync(client, _ending.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                using StreamReader reader = new(stream, Encoding.Latin1, false, 1, leaveOpen: true);
                StringBuilder head = new();
                while (await reader.ReadLineAsync(cancellationToken) is { } line)
                {
                    head.Append(line).Append("\r\n");
                    if (line.Length > 0) continue;
                    Heads.Add(head.ToString());
                    if (_answer(head.ToString().Split(' ')[1]) is not { } bytes) return;
                    await stream.WriteAsync(bytes, cancellationToken);
                    if (Closes) return;
                    head.Clear();
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The client or the test ended first.
            }
        }
    }
}
