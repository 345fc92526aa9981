using System.Runtime.InteropServices;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// What one request sends and the head of what comes back, written down by the connection that carries it. Safe for concurrent use: a connection may still
/// read when a request has timed out.
/// </summary>
internal sealed class WireRecord(string url, DateTimeOffset askedAt)
{
    // The client itself refuses heads of more than 64 KiB.
    private const int MostHead = 128 << 10;

    private static readonly AsyncLocal<WireRecord?> Asking = new();
    private readonly Lock _gate = new();
    private readonly List<byte> _sent = [];
    private readonly List<byte> _received = [];
    private string? _address;
    private bool _hasHead;

    // What was looked through for the end of the head: one that comes byte by byte is not looked through again and again.
    private int _looked;

    /// <summary>The record of the request that this flow of control is sending.</summary>
    public static WireRecord? Current => Asking.Value;

    /// <summary>From here on, what this flow of control sends and receives is written down here.</summary>
    public void Begin() => Asking.Value = this;

    /// <summary>A connection takes the request on; what another one wrote, which broke, no longer counts.</summary>
    public void TakenBy(string? address)
    {
        lock (_gate)
        {
            _sent.Clear();
            _received.Clear();
            (_address, _hasHead, _looked) = (address, false, 0);
        }
    }

    public void Sent(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_sent.Count + bytes.Length <= MostHead) _sent.AddRange(bytes);
        }
    }

    public void Received(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_hasHead || _received.Count > MostHead) return;
            _received.AddRange(bytes);
            while (!_hasHead && AnswerHead.End(CollectionsMarshal.AsSpan(_received), ref _looked) is > 0 and int end)
            {
                int status = FetchExchange.StatusOf(AnswerHead.Started([.. _received[..end]]));
                // An answer such as "early hints" comes before the real one.
                if (status is >= 100 and < 200 and not 101)
                {
                    _received.RemoveRange(0, end);
                    _looked = 0;
                }
                else
                {
                    _received.RemoveRange(end, _received.Count - end);
                    _hasHead = true;
                }
            }
        }
    }

    /// <summary>The exchange so far; null if nothing was sent.</summary>
    public FetchExchange? Exchange(ReadOnlyMemory<byte> body, bool whole, DateTimeOffset endedAt)
    {
        lock (_gate)
        {
            if (_sent.Count == 0) return null;
            return new FetchExchange { Url = url, RequestHead = _sent.ToArray(), ResponseHead = _hasHead ? _received.ToArray() : default, Body = body, IsWhole = whole, Address = _address, AskedAt = askedAt, EndedAt = endedAt };
        }
    }
}

/// <summary>A connection, in the clear, that writes down what passes for the request that it carries at the time.</summary>
internal sealed class RecordedStream(Stream inner, string? address) : ConnectionStream(inner)
{
    /// <summary>By which the step that connects tells this stream where to.</summary>
    public static readonly HttpRequestOptionsKey<string> Address = new("Touchstone.Address");

    private WireRecord? _record;

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = Inner.Read(buffer, offset, count);
        _record?.Received(buffer.AsSpan(offset, read));
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await Inner.ReadAsync(buffer, cancellationToken);
        if (read > 0) _record?.Received(buffer.Span[..read]);
        return read;
    }

    protected override void Writes(ReadOnlySpan<byte> bytes)
    {
        if (WireRecord.Current is { } now && now != _record)
        {
            now.TakenBy(address);
            _record = now;
        }
        _record?.Sent(bytes);
    }
}
