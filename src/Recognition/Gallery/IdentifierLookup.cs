using System.Collections.Concurrent;
using System.Text;

namespace Touchstone.Recognition.Gallery;

/// <summary>What an offer's identifiers share with a reference, for people.</summary>
public sealed record IdentifierAgreement(long ReferenceId, IdentifierKind Kind, string Text);

public enum IdentifierKind { Gtin, BrandAndModel }

/// <summary>
/// The references' identifiers in memory: GTINs, and brand with model. Compared in a folded form (letters and digits, upper case; GTINs
/// as 14 digits). Safe for concurrent use.
/// </summary>
public sealed class IdentifierLookup
{
    // Shorter model names ("A1", "Pro") stand in too many titles to identify anything.
    private const int ShortestModel = 4;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<long, byte>> references = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, string[]> keysOf = new();

    /// <summary>Sets what a reference is known by; replaces what was set before.</summary>
    public void Put(long referenceId, IEnumerable<string> gtins, string? brand, IEnumerable<string> models)
    {
        Remove(referenceId);
        string[] keys = [.. gtins.Select(GtinKey).OfType<string>().Concat(models.Select(m => ModelKey(brand, m)).OfType<string>()).Distinct(StringComparer.Ordinal)];
        if (keys.Length == 0) return;
        keysOf[referenceId] = keys;
        foreach (string key in keys) references.GetOrAdd(key, _ => new()).TryAdd(referenceId, 0);
    }

    public void Remove(long referenceId)
    {
        if (!keysOf.TryRemove(referenceId, out string[]? keys)) return;
        foreach (string key in keys)
            if (references.TryGetValue(key, out var ids)) ids.TryRemove(referenceId, out _);
    }

    /// <summary>Whether two references are of the same product by an identifier that both have.</summary>
    public bool AreOne(long one, long other) => keysOf.TryGetValue(one, out string[]? left) && keysOf.TryGetValue(other, out string[]? right) && left.Intersect(right, StringComparer.Ordinal).Any();

    /// <summary>The references whose identifiers an offer states: by GTIN, or by brand with a model number or a word of its title.</summary>
    public IEnumerable<IdentifierAgreement> Find(StatedOffer offer)
    {
        if (GtinKey(offer.Gtin) is { } gtin)
            foreach (long id in Of(gtin)) yield return new IdentifierAgreement(id, IdentifierKind.Gtin, $"The GTIN {offer.Gtin} is the reference's.");
        if (string.IsNullOrWhiteSpace(offer.Brand)) yield break;
        var seen = new HashSet<long>();
        foreach (string model in ModelsStated(offer))
            if (ModelKey(offer.Brand, model) is { } key)
                foreach (long id in Of(key).Where(seen.Add)) yield return new IdentifierAgreement(id, IdentifierKind.BrandAndModel, $"Brand {offer.Brand} and model {model} are the reference's.");
    }

    private static IEnumerable<string> ModelsStated(StatedOffer offer)
    {
        if (offer.Mpn is { } mpn) yield return mpn;
        foreach (string word in (offer.Title ?? "").Split([' ', ',', ';', '(', ')', '/', '|'], StringSplitOptions.RemoveEmptyEntries))
            if (word.Any(char.IsAsciiDigit)) yield return word;
    }

    private static string? GtinKey(string? gtin) => gtin is { Length: >= 8 and <= 14 } && gtin.All(char.IsAsciiDigit) ? "gtin:" + gtin.PadLeft(14, '0') : null;

    private static string? ModelKey(string? brand, string model)
    {
        string b = Fold(brand ?? ""), m = Fold(model);
        return b.Length > 0 && m.Length >= ShortestModel ? $"model:{b}|{m}" : null;
    }

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (char c in text)
            if (char.IsLetterOrDigit(c)) folded.Append(char.ToUpperInvariant(c));
        return folded.ToString();
    }

    private IEnumerable<long> Of(string key) => references.TryGetValue(key, out var ids) ? ids.Keys.Order() : [];
}
