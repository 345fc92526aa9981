using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Ocr;

namespace Touchstone.Screening.Screenings;

/// <summary>
/// The text of every picture that was asked for, read once and stored under the picture's hash and the model's id. The models are loaded
/// with the first picture. Safe for concurrent use, also by several processes: a picture read twice at the same time ends as one row.
/// </summary>
public sealed class OcrStore(IDbContextFactory<TouchstoneDb> databases, BlobStore blobs, ImageDecoder decoder, Lazy<OcrReader> reader, TimeProvider clock) : IDisposable
{
    private readonly MemoryCache recent = new(new MemoryCacheOptions { SizeLimit = 20_000 });

    /// <summary>The text of a stored picture, read now if that was not done.</summary>
    public async Task<OcrOutcome> ReadAsync(string sha256, CancellationToken cancellationToken)
    {
        if (await FindAsync(sha256, cancellationToken) is { } known) return new OcrOutcome(known, null, ReadNow: false);
        byte[]? bytes = await blobs.GetAsync(sha256, cancellationToken);
        if (bytes is null) return new OcrOutcome(null, "The picture is not in the store.", ReadNow: false);
        DecodeOutcome decoded = decoder.Decode(bytes);
        if (decoded.Image is not { } image) return new OcrOutcome(null, $"{decoded.Failure}: {decoded.Detail}", ReadNow: false);
        OcrText text = OcrText.Of(reader.Value.Read(image), image.Width, image.Height);
        await SaveAsync(sha256, text, cancellationToken);
        Remember(sha256, text);
        return new OcrOutcome(text, null, ReadNow: true);
    }

    /// <summary>The stored text, or null where the picture was not read.</summary>
    public async Task<OcrText?> FindAsync(string sha256, CancellationToken cancellationToken)
    {
        if (recent.TryGetValue(sha256, out OcrText? cached)) return cached;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        string? content = await db.ImageTexts.AsNoTracking().Where(t => t.ImageSha256 == sha256 && t.ModelId == OcrReader.ModelId).Select(t => t.Content).FirstOrDefaultAsync(cancellationToken);
        if (content is null) return null;
        OcrText text = OcrText.FromJson(content);
        Remember(sha256, text);
        return text;
    }

    public void Dispose() => recent.Dispose();

    private void Remember(string sha256, OcrText text) => recent.Set(sha256, text, new MemoryCacheEntryOptions { Size = 1 });

    private async Task SaveAsync(string sha256, OcrText text, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        db.ImageTexts.Add(new ImageTextRow { ImageSha256 = sha256, ModelId = OcrReader.ModelId, Content = text.ToJson(), ReadAt = clock.GetUtcNow() });
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
