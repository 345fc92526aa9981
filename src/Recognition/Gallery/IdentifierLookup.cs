using System.Runtime.InteropServices;
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

    private readonly Lock gate = new();
    private readonly Dictionary<string, List<long>> references = new(StringComparer.Ordinal);

    // Of the references that have any: most marks have none.
    private readonly Dictionary<long, string[]> keysOf = [];

    /// <summary>Sets what a reference is known by; replaces what was set before.</summary>
    public void Put(long referenceId, IEnumerable<string> gtins, string? brand, IEnumerable<string> models)
    {
        string[] keys = [.. gtins.Select(GtinKey).OfType<string>().Concat(models.Select(m => ModelKey(brand, m)).OfType<string>()).Distinct(StringComparer.Ordinal)];
        lock (gate)
        {
            Drop(referenceId);
            if (keys.Length > 0) keysOf[referenceId] = keys;
            foreach (string key in keys) (CollectionsMarshal.GetValueRefOrAddDefault(references, key, out _) ??= new List<long>(1)).Add(referenceId);
        }
    }

    public void Remove(long referenceId)
    {
        lock (gate) Drop(referenceId);
    }

    /// <summary>Whether two references are of the same product by an identifier that both have.</summary>
    public bool AreOne(long one, long other)
    {
        lock (gate) return keysOf.TryGetValue(one, out string[]? left) && keysOf.TryGetValue(other, out string[]? right) && left.Intersect(right, StringComparer.Ordinal).Any();
    }

    /// <summary>The references whose identifiers an offer states: by GTIN, or by brand with a model number or a word of its title.</summary>
    public IEnumerable<IdentifierAgreement> Find(StatedOffer offer)
    {
        var named = new HashSet<long>();
        foreach (string stated in offer.VariantGtins.Prepend(offer.Gtin ?? ""))
            if (GtinKey(stated) is { } gtin)
                foreach (long id in Of(gtin).Where(named.Add)) yield return new IdentifierAgreement(id, IdentifierKind.Gtin, $"The GTIN {stated} is the reference's.");
        if (string.IsNullOrWhiteSpace(offer.Brand)) yield break;
        var seen = new HashSet<long>();
        foreach (string model in ModelsStated(offer))
            if (ModelKey(offer.Brand, model) is { } key)
                foreach (long id in Of(key).Where(seen.Add)) yield return new IdentifierAgreement(id, IdentifierKind.BrandAndModel, $"Brand {offer.Brand} and model {model} are the reference's.");
    }

    /// <summary>A brand as it is compared: its letters and digits, in upper case.</summary>
    public static string FoldedBrand(string brand)
    {
        ArgumentNullException.ThrowIfNull(brand);
        return Fold(brand);
    }

    private static IEnumerable<string> ModelsStated(StatedOffer offer)
    {
        if (offer.Mpn is { } mpn) yield return mpn;
        foreach (string variant in offer.VariantMpns) yield return variant;
        foreach (string word in (offer.Title ?? "").Split([' ', ',', ';', '(', ')', '/', '|'], StringSplitOptions.RemoveEmptyEntries))
            if (word.Any(char.IsAsciiDigit)) yield return word;
    }

    private static string? GtinKey(string? gtin) => gtin is { Length: >= 8 and <= 14 } && gtin.All(char.IsAsciiDigit) ? "gtin:" + gtin.PadLeft(14, '0') : null;

    private static string? ModelKey(string? brand, string model)
    {
        if (string.IsNullOrEmpty(brand) || model.Length < ShortestModel) return null;
        string b = Fold(brand), m = Fold(model);
        return b.Length > 0 && m.Length >= ShortestModel ? $"model:{b}|{m}" : null;
    }

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (char c in text)
            if (char.IsLetterOrDigit(c)) folded.Append(char.ToUpperInvariant(c));
        return folded.ToString();
    }

    private long[] Of(string key)
    {
        lock (gate) return references.TryGetValue(key, out List<long>? ids) ? [.. ids.Order()] : [];
    }

    private void Drop(long referenceId)
    {
        if (!keysOf.Remove(referenceId, out string[]? keys)) return;
        foreach (string key in keys)
        {
            references[key].Remove(referenceId);
            if (references[key].Count == 0) references.Remove(key);
        }
    }
}
