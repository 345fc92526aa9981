namespace Touchstone.Screening.References;

/// <summary>One record of a register, read and typed, before it is stored. A fact that the register does not state is null or an empty list.</summary>
public sealed record ParsedReference
{
    /// <summary>The register's own id, at most 200 characters.</summary>
    public required string ExternalId { get; init; }

    public required ReferenceKind Kind { get; init; }

    /// <summary>What a person calls the thing, at most 500 characters.</summary>
    public required string Title { get; init; }

    /// <summary>Without the words that mean "no brand".</summary>
    public IReadOnlyList<string> Brands { get; init; } = [];

    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The vocabulary's name where <see cref="ProductCategories"/> knows it, else the register's words.</summary>
    public string? Category { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<RiskType> Risks { get; init; } = [];

    /// <summary>Risks outside the vocabulary, in the register's words.</summary>
    public IReadOnlyList<string> OtherRisks { get; init; } = [];

    /// <summary>Nice, Vienna and Locarno classes.</summary>
    public IReadOnlyList<RightClass> Classes { get; init; } = [];

    public RiskLevel? Level { get; init; }

    /// <summary>The level in the register's words where the vocabulary has none.</summary>
    public string? LevelText { get; init; }

    public string? Danger { get; init; }

    public string? Measures { get; init; }

    public string? NotifyingCountry { get; init; }

    public string? CountryOfOrigin { get; init; }

    /// <summary>ISO 3166 codes (or EU) where the right counts.</summary>
    public IReadOnlyList<string> Territory { get; init; } = [];

    /// <summary>The last day on which the right counts.</summary>
    public DateOnly? ExpiresOn { get; init; }

    public string? RightHolder { get; init; }

    /// <summary>An e-mail address.</summary>
    public string? RightHolderContact { get; init; }

    public string? OnlineTrader { get; init; }

    /// <summary>Where the register shows the record.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>Where the maker announces the recall.</summary>
    public string? RecallUrl { get; init; }

    public DateOnly? PublishedOn { get; init; }

    /// <summary>As the register writes them, one period each.</summary>
    public IReadOnlyList<string> ProductionDates { get; init; } = [];

    public IReadOnlyList<ParsedIdentifier> Identifiers { get; init; } = [];

    public IReadOnlyList<PictureSource> Pictures { get; init; } = [];

    /// <summary>The record as received, in the register's format.</summary>
    public required string RawPayload { get; init; }
}

/// <summary>A class of goods or of shape: <c>Nice 9</c>, <c>Vienna 26.4.2</c>, <c>Locarno 21-01</c>.</summary>
public sealed record RightClass(RightClassScheme Scheme, string Code)
{
    public override string ToString() => $"{Scheme} {Code}";
}

/// <summary>What a class classifies: goods and services, figurative elements, designs.</summary>
public enum RightClassScheme { Nice, Vienna, Locarno }

/// <summary>Where a picture of a reference is.</summary>
public abstract record PictureSource
{
    private PictureSource()
    {
    }

    /// <summary>An absolute http or https URL; downloaded through the outbound guard.</summary>
    public sealed record Web(string Url) : PictureSource;

    /// <summary>A file of the import, named relative to its folder or archive with forward slashes.</summary>
    public sealed record File(string Path) : PictureSource;

    /// <summary>Bytes that the record itself carries, with the name under which it carries them.</summary>
    public sealed record Inline(string Name, ReadOnlyMemory<byte> Bytes) : PictureSource;
}
