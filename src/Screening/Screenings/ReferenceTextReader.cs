using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Text;

namespace Touchstone.Screening.Screenings;

/// <summary>How far the references' texts are read. <c>Failed</c>: pictures whose text could not be read.</summary>
public sealed record ReferenceTextStatus(int Read, int Pending, int Failed);

/// <summary>
/// Reads what is printed in the reference pictures, in the background and once: each is stored, and the gallery finds references by it as soon as
/// it is read. Safe for concurrent use.
/// </summary>
public sealed class ReferenceTextReader(ReferenceGallery gallery, OcrStore store, ILogger<ReferenceTextReader> log) : IDisposable
{
    private readonly ConcurrentDictionary<long, string> pending = new();
    private readonly ConcurrentDictionary<long, string> failed = new();
    // What the fingerprint holds of each picture whose text is in use.
    private readonly ConcurrentDictionary<long, long> read = new();
    private readonly SemaphoreSlim one = new(1, 1);
    private long fingerprint;

    public ReferenceTextStatus Status => new(read.Count, pending.Count, failed.Count);

    /// <summary>Equal where the same pictures' texts are in use, 16 hexadecimal digits.</summary>
    public string Fingerprint => $"{Interlocked.Read(ref fingerprint):x16}";

    /// <summary>Takes over a reference picture: its text is used once <see cref="ReadPendingAsync"/> came to it.</summary>
    public void Put(long referenceImageId, string sha256)
    {
        if (read.TryGetValue(referenceImageId, out long known) && known == BitsOf(referenceImageId, sha256)) return;
        Remove(referenceImageId);
        pending[referenceImageId] = sha256;
    }

    public void Remove(long referenceImageId)
    {
        pending.TryRemove(referenceImageId, out _);
        failed.TryRemove(referenceImageId, out _);
        if (!read.TryRemove(referenceImageId, out long bits)) return;
        gallery.Texts.RemoveImage(referenceImageId);
        Changed(bits);
    }

    /// <summary>
    /// Reads the texts of the reference pictures that wait; what is stored is taken from there, so that work broken off goes on where it
    /// stopped. One call works at a time, another waits for it. Returns the number of pictures done.
    /// </summary>
    public async Task<int> ReadPendingAsync(IProgress<ReferenceTextStatus>? progress, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            int done = 0;
            foreach (KeyValuePair<long, string>[] part in pending.ToArray().Chunk(FeatureRows.MostAtOnce))
            {
                IReadOnlyDictionary<string, OcrText> stored = await store.FindUnkeptAsync([.. part.Select(p => p.Value)], cancellationToken);
                foreach ((long id, string sha256) in part)
                {
                    Take(id, sha256, stored.TryGetValue(sha256, out OcrText? text) ? new OcrOutcome(text, null, ReadNow: false) : await store.ReadAsync(sha256, cancellationToken));
                    done++;
                    progress?.Report(Status);
                }
            }
            return done;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private void Take(long id, string sha256, OcrOutcome outcome)
    {
        // The picture may have been exchanged or retired while it was read.
        if (!pending.TryRemove(new KeyValuePair<long, string>(id, sha256))) return;
        if (outcome.Text is not { } text)
        {
            failed[id] = outcome.Failure!;
            log.LogWarning("The text of reference picture {Image} could not be read: {Failure}", id, outcome.Failure);
            return;
        }
        long bits = BitsOf(id, sha256);
        read[id] = bits;
        gallery.Texts.PutImage(id, text);
        Changed(bits);
    }

    private static long BitsOf(long id, string sha256) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{id}:{sha256}")));

    private void Changed(long bits)
    {
        long seen = Interlocked.Read(ref fingerprint);
        while (Interlocked.CompareExchange(ref fingerprint, seen ^ bits, seen) is var now && now != seen) seen = now;
    }
}
