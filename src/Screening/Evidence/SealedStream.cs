namespace Touchstone.Screening.Evidence;

/// <summary>Passes a ZIP on but for its last two bytes, the length of its comment, and keeps the hashes of what it passed. Write-only; not safe for concurrent use.</summary>
internal sealed class SealedStream(Stream output) : Stream
{
    private const int Held = 2;

    private readonly BlockHashes.Builder blocks = new();
    private byte[] last = [];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The hashes of all but the two bytes, once everything was written.</summary>
    public BlockHashes Blocks() => blocks.End();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await output.WriteAsync(Pass(buffer.Span), cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        output.Write(Pass(buffer.AsSpan(offset, count)).Span);
    }

    /// <summary>What goes on now: all that came but for the last two bytes.</summary>
    private ReadOnlyMemory<byte> Pass(ReadOnlySpan<byte> came)
    {
        byte[] all = [.. last, .. came];
        int pass = Math.Max(0, all.Length - Held);
        blocks.Add(all.AsSpan(0, pass));
        last = all[pass..];
        return all.AsMemory(0, pass);
    }

    public override void Flush() => output.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
