using System.Collections.Concurrent;
using Touchstone.Recognition.Text;

namespace Touchstone.Recognition.Gallery;

/// <summary>
/// The words of a gallery in memory: what the register says of each reference, and what is printed in its images as far as that was read. Finds
/// references by what an image says. Safe for concurrent use.
/// </summary>
public sealed class ReferenceTexts
{
    private readonly TextIndex index = new();
    private readonly ConcurrentDictionary<long, ReferenceFacts> facts = new();

    /// <summary>What words tell among the references' texts.</summary>
    public IdfWeights Rarity => index.Rarity;

    public ReferenceFacts? FactsOf(long referenceId) => facts.GetValueOrDefault(referenceId);

    /// <summary>Sets what the register says of a reference; found by it when this returns.</summary>
    public void Put(ReferenceFacts reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        facts[reference.ReferenceId] = reference;
        index.Put(TextOwner.Facts(reference.ReferenceId), reference.Words);
    }

    public void Remove(long referenceId)
    {
        facts.TryRemove(referenceId, out _);
        index.Remove(TextOwner.Facts(referenceId));
    }

    /// <summary>Sets what is printed in a reference image; found by it when this returns.</summary>
    public void PutImage(long referenceImageId, OcrText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        index.Put(TextOwner.Picture(referenceImageId), text.Words);
    }

    public void RemoveImage(long referenceImageId) => index.Remove(TextOwner.Picture(referenceImageId));

    /// <summary>Whose own text, or whose reference's facts, share telling words with a text, most telling first; at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<TextHit> Find(OcrText query, int limit)
    {
        ArgumentNullException.ThrowIfNull(query);
        // Digits under a bar code stand in groups; the number is looked for as a whole, too.
        TextWord[] words = [.. query.Words, .. TextStatements.Of(query.Words).Gtins.SelectMany(ReferenceFacts.GtinWord)];
        return index.Find(words, limit);
    }
}
