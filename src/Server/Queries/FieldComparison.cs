using Touchstone.Recognition.Text;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>What is compared between an offer and a reference.</summary>
public enum ComparedName { Title, Brand, Model, Gtin, Seller }

/// <summary>How two values stand to each other.</summary>
public enum FieldAgreement
{
    Equal,

    /// <summary>One holds the other, or they share the telling part.</summary>
    Similar,

    Different,

    /// <summary>One side, or both, does not state it.</summary>
    NotStated,
}

/// <summary>One field of both sides as stated.</summary>
public sealed record ComparedField(ComparedName Name, string? Offer, string? Reference, FieldAgreement Agreement);

/// <summary>
/// Compares an offer with a reference field by field, for people: what is stated is shown as stated, and letters and digits decide, without regard to case, accents and look-alike letters. It takes no
/// part in the probability. Pure.
/// </summary>
internal static class FieldComparison
{
    /// <param name="hit">With its reference, the reference's identifiers, and the match's screening and observation.</param>
    public static IReadOnlyList<ComparedField> Of(HitRow hit)
    {
        if (hit.Match?.Screening?.Observation is not { } seen || hit.Reference is not { } reference) return [];
        string? gtins = Joined(reference, nameof(IdentifierScheme.Gtin));
        string? models = Joined(reference.Model, Joined(reference, nameof(IdentifierScheme.Model)), Joined(reference, nameof(IdentifierScheme.Mpn)));
        return
        [
            new(ComparedName.Title, seen.Name, reference.Title, Words(seen.Name, reference.Title)),
            new(ComparedName.Brand, seen.Brand, reference.Brand, OneOf(seen.Brand, reference.Brand)),
            Model(seen, models),
            new(ComparedName.Gtin, seen.Gtin, gtins, Gtin(seen.Gtin, gtins)),
            new(ComparedName.Seller, seen.Seller, reference.RightHolder ?? reference.OnlineTrader, OneOf(seen.Seller, reference.RightHolder ?? reference.OnlineTrader)),
        ];
    }

    /// <summary>The offer's part number, or the model that its name holds. A SKU is the shop's own number: it may be the reference's model, and where it is not it says nothing.</summary>
    private static ComparedField Model(ObservationRow seen, string? reference)
    {
        FieldAgreement agreement = OneOf(seen.Mpn, reference);
        if (agreement is FieldAgreement.Equal or FieldAgreement.Similar) return new(ComparedName.Model, seen.Mpn, reference, agreement);
        if (OneOf(seen.Sku, reference) == FieldAgreement.Equal) return new(ComparedName.Model, seen.Sku, reference, FieldAgreement.Equal);
        if (string.IsNullOrWhiteSpace(seen.Mpn) && reference is not null && Names(seen.Name, reference) is { } named) return new(ComparedName.Model, named, reference, FieldAgreement.Equal);
        return new(ComparedName.Model, Joined(seen.Mpn), reference, agreement);
    }

    private static string? Joined(ReferenceRow reference, string name) =>
        Joined([.. reference.Identifiers.Where(x => x.Valid && x.Scheme == name).Select(x => x.Value)]);

    private static string? Joined(params string?[] values)
    {
        string[] stated = [.. values.Where(x => !string.IsNullOrWhiteSpace(x)).SelectMany(x => Parts(x!)).Distinct(StringComparer.OrdinalIgnoreCase)];
        return stated.Length == 0 ? null : string.Join("; ", stated);
    }

    private static string[] Parts(string text) => text.Split("; ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether one of several values is the other side's.</summary>
    private static FieldAgreement OneOf(string? offer, string? reference)
    {
        if (string.IsNullOrWhiteSpace(offer) || string.IsNullOrWhiteSpace(reference)) return FieldAgreement.NotStated;
        string[] left = [.. Parts(offer).Select(Folded).Where(x => x.Length > 0)], right = [.. Parts(reference).Select(Folded).Where(x => x.Length > 0)];
        if (left.Intersect(right, StringComparer.Ordinal).Any()) return FieldAgreement.Equal;
        return left.Any(l => right.Any(r => Math.Min(l.Length, r.Length) > 2 && (l.Contains(r, StringComparison.Ordinal) || r.Contains(l, StringComparison.Ordinal)))) ? FieldAgreement.Similar : FieldAgreement.Different;
    }

    private static FieldAgreement Gtin(string? offer, string? reference)
    {
        if (string.IsNullOrWhiteSpace(offer) || string.IsNullOrWhiteSpace(reference)) return FieldAgreement.NotStated;
        return Parts(reference).Any(x => Folded(x).TrimStart('0') == Folded(offer).TrimStart('0')) ? FieldAgreement.Equal : FieldAgreement.Different;
    }

    /// <summary>Titles agree where they have the same words, in whatever order, and are similar where they share some: a word that only one has may be what tells two things apart.</summary>
    private static FieldAgreement Words(string? offer, string? reference)
    {
        HashSet<string> left = WordsOf(offer), right = WordsOf(reference);
        if (left.Count == 0 || right.Count == 0) return FieldAgreement.NotStated;
        int shared = left.Count(right.Contains);
        return shared == left.Count && shared == right.Count ? FieldAgreement.Equal : shared > 0 ? FieldAgreement.Similar : FieldAgreement.Different;
    }

    private static HashSet<string> WordsOf(string? text) =>
        [.. (text ?? "").Split([' ', ',', '-', '/', '(', ')', '.', ':', ';', '|'], StringSplitOptions.RemoveEmptyEntries).Select(Folded).Where(x => x.Length > 1)];

    /// <summary>The model that the offer's name holds as a word of its own; null where it names none.</summary>
    private static string? Names(string? name, string models)
    {
        HashSet<string> words = WordsOf(name);
        return Parts(models).FirstOrDefault(x => Folded(x) is { Length: > 2 } folded && words.Contains(folded));
    }

    // As the score folds them: accents and look-alike letters tell no two names apart.
    private static string Folded(string text) => TextFolding.Fold(text).Replace(" ", "", StringComparison.Ordinal);
}
