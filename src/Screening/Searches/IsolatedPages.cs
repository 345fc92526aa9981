using System.Runtime.InteropServices;
using System.Text;
using Touchstone.Crawling;
using Touchstone.Vision.Isolation;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Reading of pages in another process: what is asked, and what is answered, as bytes. A page that takes too much time is read another time or given up; one
/// that takes too much memory, or ends two processes, cannot be read. Safe for concurrent calls.
/// </summary>
public static class IsolatedPages
{
    // Of links and facts as JSON: 5,000 links of at most 10,000 characters are far below.
    private const int MaxAnswer = 64 << 20;

    // The URL and the content type stand in it.
    private const int MaxHead = 64 << 10;

    /// <summary>Processor time for one page: its text, at most 8 million characters, is read in about a second.</summary>
    public static TimeSpan Allowance { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads in these processes, or in this one where none can be started.</summary>
    public static PageReader Reader(IsolatedProcesses processes)
    {
        ArgumentNullException.ThrowIfNull(processes);
        return (html, url, contentType) => processes.Problem is null ? AskAsync(processes, html, url, contentType) : PageReading.Here(html, url, contentType);
    }

    /// <summary>The isolated process's side.</summary>
    public static byte[] Answer(ReadOnlyMemory<byte> payload)
    {
        using MemoryStream stream = new(payload[..Math.Min(payload.Length, MaxHead)].ToArray(), writable: false);
        using BinaryReader reader = new(stream, Encoding.UTF8);
        string url = reader.ReadString();
        string? contentType = reader.ReadBoolean() ? reader.ReadString() : null;
        string html = new(MemoryMarshal.Cast<byte, char>(payload.Span[(int)stream.Position..]));
        return PageReading.Read(html, url, contentType).ToBytes();
    }

    /// <summary>What <see cref="Answer"/> reads.</summary>
    internal static byte[] Request(string html, string url, string? contentType)
    {
        MemoryStream request = new((html.Length * sizeof(char)) + 256);
        using BinaryWriter writer = new(request, Encoding.UTF8);
        writer.Write(url);
        writer.Write(contentType is not null);
        if (contentType is not null) writer.Write(contentType);
        // As they are in memory: half a surrogate stays what it is.
        writer.Write(MemoryMarshal.AsBytes(html.AsSpan()));
        writer.Flush();
        return request.ToArray();
    }

    private static async Task<PageReading> AskAsync(IsolatedProcesses processes, string html, string url, string? contentType)
    {
        IsolatedAnswer answer = await processes.AskAsync(IsolatedTask.Page, Allowance, MaxAnswer, Request(html, url, contentType));
        return answer.End switch
        {
            IsolatedEnd.Answered => PageReading.FromBytes(answer.Payload),
            IsolatedEnd.TookTooLong => PageReading.TookTooLong(answer.Detail!),
            _ => throw new InvalidDataException(answer.Detail),
        };
    }
}
