using System.Runtime.InteropServices;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// A connection of which the heads of answers come without what the framework's client refuses and browsers pass over: lines that are no header, such as a message of the server's
/// software or a name with blanks, empty lines before the status line, and a status line in lower case. Everything else passes as it came. Not safe for concurrent reads.
/// </summary>
internal sealed class MendedStream(Stream inner) : ConnectionStream(inner)
{
    // The client itself refuses longer heads.
    private const int MostHead = 64 << 10;

    private const int Step = 4 << 10;

    private ReadOnlyMemory<byte> _ready;
    private volatile bool _awaitsHead;

    public override int Read(byte[] buffer, int offset, int count) => _ready.Length > 0 ? Take(buffer.AsSpan(offset, count)) : Inner.Read(buffer, offset, count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ready.Length == 0)
        {
            bool awaited = _awaitsHead;
            int read = 0;
            if (!awaited || buffer.Length == 0)
            {
                read = await Inner.ReadAsync(buffer, cancellationToken);
                // Who reads nothing only wants to know whether something has come. What was waited for since before the request is the answer's beginning, too.
                if (buffer.Length == 0 || read == 0 || awaited || !_awaitsHead) return read;
            }
            _ready = await HeadAsync(buffer[..read], cancellationToken);
        }
        return Take(buffer.Span);
    }

    protected override void Writes(ReadOnlySpan<byte> bytes) => _awaitsHead = true;

    private int Take(Span<byte> to)
    {
        int count = Math.Min(to.Length, _ready.Length);
        _ready.Span[..count].CopyTo(to);
        _ready = _ready[count..];
        return count;
    }

    /// <summary>The answer's head, mended, with what of the body came with it. What ends early or is too long for a head stays as it came.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> HeadAsync(ReadOnlyMemory<byte> first, CancellationToken cancellationToken)
    {
        List<byte> mended = [], came = [.. first.Span];
        byte[] step = new byte[Step];
        int looked = 0;
        while (_awaitsHead)
        {
            while (_awaitsHead && AnswerHead.End(CollectionsMarshal.AsSpan(came), ref looked) is > 0 and int end)
            {
                ReadOnlySpan<byte> head = CollectionsMarshal.AsSpan(came)[..end];
                // An answer such as "early hints" comes before the real one.
                _awaitsHead = FetchExchange.StatusOf(AnswerHead.Started(head)) is >= 100 and < 200 and not 101;
                AnswerHead.Mend(head, mended);
                came.RemoveRange(0, end);
                looked = 0;
            }
            if (!_awaitsHead) break;
            int read = await Inner.ReadAsync(step, cancellationToken);
            came.AddRange(step.AsSpan(0, read));
            if (read == 0 || came.Count > MostHead) _awaitsHead = false;
        }
        mended.AddRange(came);
        return mended.ToArray();
    }
}
