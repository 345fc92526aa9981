using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.References;

/// <summary>Writes a parsed record into its row.</summary>
internal static class ReferenceRows
{
    /// <summary>What stands between several brands or models in one column.</summary>
    public const string Separator = "; ";

    private const int LongestTitle = 500;

    public static ReferenceRow New(long registerId, ParsedReference from, string hash, DateTimeOffset now)
    {
        ReferenceRow row = new() { RegisterId = registerId, ExternalId = from.ExternalId, Title = from.Title, RawPayload = "", ContentHash = hash, ImportedAt = now };
        Fill(row, from, hash, now);
        return row;
    }

    /// <summary>Overwrites every fact of the row; retirement stays as it is.</summary>
    public static void Fill(ReferenceRow row, ParsedReference from, string hash, DateTimeOffset now)
    {
        row.Kind = from.Kind;
        row.Title = from.Title.Length <= LongestTitle ? from.Title : string.Concat(from.Title.AsSpan(0, LongestTitle - 1), "…");
        row.Brand = Joined(from.Brands, Separator);
        row.Model = Joined(from.Models, Separator);
        row.Category = from.Category;
        row.Description = from.Description;
        row.Classes = Joined([.. from.Risks.Select(Risks.NameOf), .. from.OtherRisks, .. from.Classes.Select(x => x.ToString())], "\n");
        row.RiskLevel = from.Level?.ToString() ?? from.LevelText;
        row.Danger = from.Danger;
        row.Measures = from.Measures;
        row.NotifyingCountry = from.NotifyingCountry;
        row.CountryOfOrigin = from.CountryOfOrigin;
        row.Territory = Joined(from.Territory, "\n");
        row.ExpiresOn = from.ExpiresOn;
        row.RightHolder = from.RightHolder;
        row.RightHolderContact = from.RightHolderContact;
        row.OnlineTrader = from.OnlineTrader;
        row.SourceUrl = from.SourceUrl;
        row.RecallUrl = from.RecallUrl;
        row.PublishedOn = from.PublishedOn;
        row.ProductionDates = Joined(from.ProductionDates, "\n");
        row.RawPayload = ReferenceText.Storable(from.RawPayload);
        row.ContentHash = hash;
        row.UpdatedAt = now;
        row.Identifiers.Clear();
        foreach (ParsedIdentifier identifier in from.Identifiers.Distinct())
            row.Identifiers.Add(new ReferenceIdentifierRow { Scheme = identifier.Scheme.ToString(), Value = identifier.Value, Valid = identifier.Valid });
    }

    private static string? Joined(IReadOnlyList<string> texts, string separator) => texts.Count == 0 ? null : string.Join(separator, texts);
}
