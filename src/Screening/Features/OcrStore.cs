using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Ocr;

namespace Touchstone.Screening.Features;

/// <summary>
/// The text of every picture that was asked for, read once and stored under the picture's hash and the model's id. The models are loaded
/// with the first picture. Safe for concurrent use, also by several processes: a picture read twice at the same time ends as one row.
/// </summary>
public sealed class OcrStore(IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, ImageDecoder decoder, Lazy<OcrReader> reader, TimeProvider clock) : IDisposable
{
    private const long CacheBytes = 16L << 20;

    private readonly MemoryCache recent = new(new MemoryCacheOptions { SizeLimit = CacheBytes });

    /// <summary>The text of a stored picture, read now if that was not done.</summary>
    public async Task<OcrOutcome> ReadAsync(string sha256, CancellationToken cancellationToken)
    {
        if (await FindAsync(sha256, cancellationToken) is { } known) return new OcrOutcome(known, null, ReadNow: false);
        byte[]? bytes = await blobs.GetAsync(sha256, cancellationToken);
        if (bytes is null)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            return new OcrOutcome(null, await ErasedBlobs.WhyAsync(db, sha256, cancellationToken) ?? "The picture is not in the store.", ReadNow: false);
        }
        DecodeOutcome decoded = decoder.Decode(bytes);
        if (decoded.Image is not { } image) return new OcrOutcome(null, $"{decoded.Failure}: {decoded.Detail}", ReadNow: false);
        OcrText text = OcrText.Of(reader.Value.Read(image), image.Width, image.Height);
        string content = text.ToJson();
        await SaveAsync(sha256, content, cancellationToken);
        Remember(sha256, text, content);
        return new OcrOutcome(text, null, ReadNow: true);
    }

    /// <summary>The stored text, or null where the picture was not read.</summary>
    public async Task<OcrText?> FindAsync(string sha256, CancellationToken cancellationToken) => (await FindAsync([sha256], cancellationToken)).GetValueOrDefault(sha256);

    /// <summary>The stored texts of these pictures; one that was not read is left out.</summary>
    public async Task<IReadOnlyDictionary<string, OcrText>> FindAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sha256s);
        var found = new Dictionary<string, OcrText>(StringComparer.Ordinal);
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        foreach (string sha256 in sha256s)
        {
            if (recent.TryGetValue(sha256, out OcrText? cached)) found[sha256] = cached!;
            else unknown.Add(sha256);
        }
        foreach ((string sha256, string content) in await ContentsAsync(unknown, cancellationToken))
        {
            OcrText text = OcrText.FromJson(content);
            found[sha256] = text;
            Remember(sha256, text, content);
        }
        return found;
    }

    /// <summary>The same, with nothing kept for later: for those who take over many.</summary>
    public async Task<IReadOnlyDictionary<string, OcrText>> FindUnkeptAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) =>
        (await ContentsAsync(new HashSet<string>(sha256s, StringComparer.Ordinal), cancellationToken)).ToDictionary(c => c.Key, c => OcrText.FromJson(c.Value), StringComparer.Ordinal);

    public void Dispose() => recent.Dispose();

    // A line of 20 letters and its corners takes about 190 letters of JSON, and in memory twice the bytes of those.
    private void Remember(string sha256, OcrText text, string content) => recent.Set(sha256, text, new MemoryCacheEntryOptions { Size = 256 + (2L * sizeof(char) * content.Length) });

    private async Task<Dictionary<string, string>> ContentsAsync(HashSet<string> sha256s, CancellationToken cancellationToken)
    {
        var contents = new Dictionary<string, string>(StringComparer.Ordinal);
        if (sha256s.Count == 0) return contents;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (string[] part in sha256s.Chunk(FeatureRows.MostAtOnce))
        {
            var rows = await db.ImageTexts.Where(t => EF.Parameter(part).Contains(t.ImageSha256) && t.ModelId == OcrReader.ModelId).Select(t => new { t.ImageSha256, t.Content }).ToListAsync(cancellationToken);
            foreach (var row in rows) contents[row.ImageSha256] = row.Content;
        }
        return contents;
    }

    private async Task SaveAsync(string sha256, string content, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        db.ImageTexts.Add(new ImageTextRow { ImageSha256 = sha256, ModelId = OcrReader.ModelId, Content = content, ReadAt = clock.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another worker read it at the same moment; its row is as good.
            await using TouchstoneDb check = await databases.CreateDbContextAsync(cancellationToken);
            if (!await check.ImageTexts.AnyAsync(t => t.ImageSha256 == sha256 && t.ModelId == OcrReader.ModelId, cancellationToken)) throw;
        }
    }
}
