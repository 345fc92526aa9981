using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Touchstone.Screening.Text;

namespace Touchstone.Screening.Pipeline;

/// <summary>How far the references' texts are read. <c>Failed</c>: pictures whose text could not be read.</summary>
public sealed record ReferenceTextStatus(int Read, int Pending, int Failed);

/// <summary>
/// The texts of the gallery in memory: the register's facts at once, and the text of each reference picture as soon as it is read, which
/// goes on in the background and is stored. Finds references by what a picture says. Safe for concurrent use.
/// </summary>
public sealed class ReferenceTexts(ReferenceGallery gallery, TextLibrary library, ILogger<ReferenceTexts> log) : IDisposable
{
    private readonly TextIndex index = new();
    private readonly ConcurrentDictionary<long, ReferenceFacts> facts = new();
    private readonly ConcurrentDictionary<long, string> pending = new();
    private readonly ConcurrentDictionary<long, string> failed = new();
    private readonly ConcurrentDictionary<long, string> read = new();
    private readonly SemaphoreSlim one = new(1, 1);
    private long fingerprint;

    public ReferenceTextStatus Status => new(read.Count, pending.Count, failed.Count);

    /// <summary>Equal where the same pictures' texts are in use, 16 hexadecimal digits.</summary>
    public string Fingerprint => $"{Interlocked.Read(ref fingerprint):x16}";

    /// <summary>What words tell among the references' texts.</summary>
    public TextRarity Rarity => index.Rarity;

    public ReferenceFacts? FactsOf(long referenceId) => facts.GetValueOrDefault(referenceId);

    /// <summary>Sets what the register says of a reference; found by it when this returns.</summary>
    public void Put(ReferenceFacts reference)
    {
        facts[reference.ReferenceId] = reference;
        index.Put(TextOwner.Facts(reference.ReferenceId), reference.Words);
    }

    public void Remove(long referenceId)
    {
        facts.TryRemove(referenceId, out _);
        index.Remove(TextOwner.Facts(referenceId));
    }

    /// <summary>Takes over a reference picture: its text is used once <see cref="ReadPendingAsync"/> came to it.</summary>
    public void PutPicture(long referenceImageId, string sha256)
    {
        if (read.TryGetValue(referenceImageId, out string? known) && known == sha256) return;
        RemovePicture(referenceImageId);
        pending[referenceImageId] = sha256;
    }

    public void RemovePicture(long referenceImageId)
    {
        pending.TryRemove(referenceImageId, out _);
        failed.TryRemove(referenceImageId, out _);
        if (!read.TryRemove(referenceImageId, out string? sha256)) return;
        index.Remove(TextOwner.Picture(referenceImageId));
        Changed(referenceImageId, sha256);
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
            foreach ((long id, string sha256) in pending.ToArray())
            {
                TextOutcome outcome = await library.ReadAsync(sha256, cancellationToken);
                Take(id, sha256, outcome);
                done++;
                progress?.Report(Status);
            }
            return done;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>The reference pictures whose own text, or whose reference's facts, share telling words with a text, most telling first; at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<Candidate> FindCandidates(ReadText query, int limit)
    {
        // Digits under a bar code stand in groups; the number is looked for as a whole, too.
        TextWord[] words = [.. query.Words, .. TextStatements.Of(query.Words).Gtins.SelectMany(ReferenceFacts.GtinWord)];
        return [.. index.Find(words, 2 * limit)
            .SelectMany(hit => hit.Owner.IsPicture ? Of(gallery.Find(hit.Owner.Id)) : gallery.ImagesOf(hit.Owner.Id))
            .DistinctBy(image => image.ReferenceImageId).Take(limit).Select(image => new Candidate(image))];

        static IEnumerable<GalleryImage> Of(GalleryImage? image) => image is null ? [] : [image];
    }

    public void Dispose() => one.Dispose();

    private void Take(long id, string sha256, TextOutcome outcome)
    {
        // The picture may have been exchanged or retired while it was read.
        if (!pending.TryRemove(new KeyValuePair<long, string>(id, sha256))) return;
        if (outcome.Text is not { } text)
        {
            failed[id] = outcome.Failure!;
            log.LogWarning("The text of reference picture {Image} could not be read: {Failure}", id, outcome.Failure);
            return;
        }
        read[id] = sha256;
        index.Put(TextOwner.Picture(id), text.Words);
        Changed(id, sha256);
    }

    private void Changed(long id, string sha256)
    {
        long bits = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{id}:{sha256}")));
        long seen = Interlocked.Read(ref fingerprint);
        while (Interlocked.CompareExchange(ref fingerprint, seen ^ bits, seen) is var now && now != seen) seen = now;
    }
}
