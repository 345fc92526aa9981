using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.BlockLists;

public enum BlockFeedFormat
{
    /// <summary>Links and hosts with reasons, and removals.</summary>
    Json,

    /// <summary>Hosts alone, as a response policy zone for resolvers.</summary>
    Rpz,

    /// <summary>As JSON, for a spreadsheet.</summary>
    Csv,
}

/// <summary>The block list as bytes that are the same for the same state.</summary>
/// <param name="Sequence">The number of the last change.</param>
public sealed record BlockFeed(long Sequence, byte[] Content, string MediaType)
{
    /// <summary>Most entries of one feed; the oldest changes first.</summary>
    public const int MostEntries = 200_000;

    /// <summary>Refresh, retry, expiry and the life of "no such name" of the zone, in seconds.</summary>
    private const string Times = "300 60 86400 60";

    private static readonly JsonWriterOptions Written = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The list as it stands, brought in line with the confirmed hits.</summary>
    /// <param name="since">Only changes with a greater number, removals among them; 0: what is on the list now, without what was removed. A zone is always whole.</param>
    public static async Task<BlockFeed> ReadAsync(TouchstoneDb db, TimeProvider clock, BlockFeedFormat format, long since, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(since);
        long last = await BlockList.ReconcileAsync(db, clock, cancellationToken);
        // What is changed while this reads has a greater number and belongs to the next feed.
        IQueryable<BlockEntryRow> rows = db.BlockEntries.AsNoTracking().Where(x => x.Sequence <= last);
        rows = format == BlockFeedFormat.Rpz ? rows.Where(x => x.Kind == BlockKind.Host && x.RemovedAt == null) : since > 0 ? rows.Where(x => x.Sequence > since) : rows.Where(x => x.RemovedAt == null);
        List<BlockEntryRow> entries = await rows.OrderBy(x => x.Sequence).ThenBy(x => x.Id).Take(MostEntries).ToListAsync(cancellationToken);
        // Whoever was given a part asks for the rest by the number of the last entry that it holds.
        if (entries.Count == MostEntries) last = entries[^1].Sequence;
        return format switch
        {
            BlockFeedFormat.Json => new(last, Json(last, since, entries), "application/json"),
            BlockFeedFormat.Csv => new(last, Csv(entries), "text/csv; charset=utf-8"),
            _ => new(last, Zone(last, entries), "text/dns; charset=utf-8"),
        };
    }

    /// <summary>The installation's signature of the content, as a file of its own.</summary>
    public async Task<byte[]> SignAsync(TouchstoneDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        using SigningKey key = await SigningKey.OpenAsync(db, clock, cancellationToken);
        return Encoding.ASCII.GetBytes(key.Sign(SHA256.HashData(Content)) + "\n");
    }

    /// <summary>Whether a file is what the key signed.</summary>
    /// <param name="publicKey">As <see cref="SigningKey.PublicKey"/> gives it, or PEM.</param>
    public static bool IsSigned(ReadOnlySpan<byte> content, string signature, string publicKey)
    {
        string key = string.Concat(publicKey.Split('\n').Select(x => x.Trim()).Where(x => !x.StartsWith("-----", StringComparison.Ordinal)));
        return SigningKey.IsValid(key, SHA256.HashData(content), signature.Trim());
    }

    private static byte[] Json(long last, long since, IReadOnlyList<BlockEntryRow> entries)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Written))
        {
            json.WriteStartObject();
            json.WriteString("format", "touchstone-block-list-1");
            json.WriteNumber("sequence", last);
            json.WriteNumber("since", since);
            json.WriteStartArray("entries");
            foreach (BlockEntryRow row in entries.Where(x => x.RemovedAt is null)) Write(json, row);
            json.WriteEndArray();
            json.WriteStartArray("removed");
            foreach (BlockEntryRow row in entries.Where(x => x.RemovedAt is not null)) Write(json, row);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, BlockEntryRow row)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", row.Sequence);
        json.WriteString("kind", row.Kind == BlockKind.Host ? "host" : "link");
        json.WriteString("value", row.Value);
        json.WriteString("reason", row.RemovedAt is null ? row.Reason : row.RemovedReason);
        json.WriteString(row.RemovedAt is null ? "listedAt" : "removedAt", Instant(row.RemovedAt ?? row.ListedAt));
        json.WriteEndObject();
    }

    private static byte[] Csv(IReadOnlyList<BlockEntryRow> entries)
    {
        var csv = new StringBuilder("sequence,change,kind,value,reason,at\r\n");
        foreach (BlockEntryRow row in entries)
        {
            bool removed = row.RemovedAt is not null;
            csv.Append(row.Sequence.ToString(CultureInfo.InvariantCulture)).Append(removed ? ",removed," : ",listed,").Append(row.Kind == BlockKind.Host ? "host" : "link").Append(',')
                .Append(Cell(row.Value)).Append(',').Append(Cell(removed ? row.RemovedReason! : row.Reason)).Append(',').Append(Instant(row.RemovedAt ?? row.ListedAt)).Append("\r\n");
        }
        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    /// <summary>A text as one cell (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe before it.</summary>
    private static string Cell(string text)
    {
        string line = new([.. text.Select(x => char.IsControl(x) ? ' ' : x)]);
        string safe = line.TrimStart() is [var first, ..] && first is '=' or '+' or '-' or '@' ? $"'{line}" : line;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A response policy zone that answers "no such name" for each host and what is under it. Serial numbers grow with each change of the list.</summary>
    private static byte[] Zone(long last, IReadOnlyList<BlockEntryRow> hosts)
    {
        // RFC 1982: serials are of 32 bits, and 0 is kept for "none yet".
        uint serial = (uint)(Math.Max(1, last) % uint.MaxValue);
        var zone = new StringBuilder("$TTL 300\n").Append(CultureInfo.InvariantCulture, $"@ IN SOA localhost. hostmaster.localhost. {serial} {Times}\n@ IN NS localhost.\n");
        foreach (string host in hosts.Select(x => x.Value))
        {
            if (IPAddress.TryParse(host, out IPAddress? address)) zone.Append(AddressName(address)).Append(" CNAME .\n");
            else zone.Append(host).Append(" CNAME .\n*.").Append(host).Append(" CNAME .\n");
        }
        return Encoding.ASCII.GetBytes(zone.ToString());
    }

    /// <summary>The name by which a zone means an address: its length and its parts from the last to the first.</summary>
    private static string AddressName(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork) return string.Create(CultureInfo.InvariantCulture, $"32.{bytes[3]}.{bytes[2]}.{bytes[1]}.{bytes[0]}.rpz-ip");
        IEnumerable<string> groups = Enumerable.Range(0, 8).Reverse().Select(i => ((bytes[2 * i] << 8) | bytes[(2 * i) + 1]).ToString("x", CultureInfo.InvariantCulture));
        return $"128.{string.Join('.', groups)}.rpz-ip";
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
