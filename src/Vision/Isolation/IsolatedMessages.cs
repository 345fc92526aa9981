using System.Buffers.Binary;

namespace Touchstone.Vision.Isolation;

/// <summary>What an isolated process is asked to read.</summary>
public enum IsolatedTask
{
    /// <summary>A picture: its pixels.</summary>
    Picture,

    /// <summary>An animation: what it shows besides its first frame.</summary>
    Animation,

    /// <summary>A page of a shop: its offer and its links.</summary>
    Page,

    /// <summary>A workbook of a spreadsheet program: its sheets.</summary>
    Workbook,
}

/// <summary>How an isolated reading ended. Closed: a new end needs a new name here.</summary>
public enum IsolatedEnd
{
    /// <summary>The answer is there.</summary>
    Answered,

    /// <summary>It used up its processor time, and with it the process.</summary>
    TookTooLong,

    /// <summary>It used up its memory, and with it the process.</summary>
    TooMuchMemory,

    /// <summary>The reader threw what it does not catch; the process goes on.</summary>
    Broke,

    /// <summary>Two processes ended over it.</summary>
    EndedProcesses,
}

/// <param name="Payload">Empty unless <see cref="IsolatedEnd.Answered"/>. Not trusted: whoever took over a process may send anything.</param>
/// <param name="Detail">A sentence for people where there is no answer.</param>
public sealed record IsolatedAnswer(IsolatedEnd End, byte[] Payload, string? Detail);

/// <summary>
/// What goes over the pipes between this process and an isolated one: a head of fixed length, then the payload; little-endian. Throws
/// <see cref="EndOfStreamException"/> where the other end breaks off and <see cref="InvalidDataException"/> where it does not keep to these rules.
/// </summary>
internal static class IsolatedMessages
{
    /// <summary>The first byte of a process: it is ready.</summary>
    internal const byte Ready = 0x54;

    private const int RequestHead = 1 + 8 + 4, AnswerHead = 1 + 4;

    internal static void WriteRequest(Stream to, IsolatedTask task, TimeSpan allowance, ReadOnlySpan<ReadOnlyMemory<byte>> payload)
    {
        int length = 0;
        foreach (ReadOnlyMemory<byte> part in payload) length += part.Length;
        to.Write(HeadOf(task, allowance, length));
        foreach (ReadOnlyMemory<byte> part in payload) to.Write(part.Span);
        to.Flush();
    }

    internal static async Task WriteRequestAsync(Stream to, IsolatedTask task, TimeSpan allowance, ReadOnlyMemory<byte> payload)
    {
        await to.WriteAsync(HeadOf(task, allowance, payload.Length));
        await to.WriteAsync(payload);
        await to.FlushAsync();
    }

    /// <summary>The next request; null where the other end was closed.</summary>
    internal static (IsolatedTask Task, TimeSpan Allowance, byte[] Payload)? ReadRequest(Stream from)
    {
        byte[] head = new byte[RequestHead];
        if (from.ReadAtLeast(head, RequestHead, throwOnEndOfStream: false) < RequestHead) return null;
        byte[] payload = new byte[BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(9))];
        from.ReadExactly(payload);
        return ((IsolatedTask)head[0], TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(1))), payload);
    }

    internal static void WriteAnswer(Stream to, IsolatedEnd end, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[AnswerHead];
        head[0] = (byte)end;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], payload.Length);
        to.Write(head);
        to.Write(payload);
        to.Flush();
    }

    internal static (IsolatedEnd End, byte[] Payload) ReadAnswer(Stream from, int most)
    {
        byte[] head = new byte[AnswerHead];
        from.ReadExactly(head);
        byte[] payload = new byte[LengthIn(head, most)];
        from.ReadExactly(payload);
        return ((IsolatedEnd)head[0], payload);
    }

    internal static async Task<(IsolatedEnd End, byte[] Payload)> ReadAnswerAsync(Stream from, int most)
    {
        byte[] head = new byte[AnswerHead];
        await from.ReadExactlyAsync(head);
        byte[] payload = new byte[LengthIn(head, most)];
        await from.ReadExactlyAsync(payload);
        return ((IsolatedEnd)head[0], payload);
    }

    private static byte[] HeadOf(IsolatedTask task, TimeSpan allowance, int length)
    {
        byte[] head = new byte[RequestHead];
        head[0] = (byte)task;
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(1), allowance.Ticks);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(9), length);
        return head;
    }

    private static int LengthIn(byte[] head, int most)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(1));
        return head[0] <= (byte)IsolatedEnd.Broke && length >= 0 && length <= most ? length : throw new InvalidDataException($"The process answers {head[0]} with {length} bytes; at most {most} are expected.");
    }
}
