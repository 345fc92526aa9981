using System.Text.Json;
using System.Text.Json.Serialization;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Screening.Storage.Rows;

/// <summary>One of the forms in which an observed listing offers its product. Never changed.</summary>
public sealed class ObservationVariantRow
{
    public long Id { get; set; }

    public long ObservationId { get; set; }

    public ObservationRow? Observation { get; set; }

    /// <summary>In the order of the page, from 0.</summary>
    public int Position { get; set; }

    /// <summary>What tells it from the others.</summary>
    public string? Name { get; set; }

    public string? Sku { get; set; }

    public string? Gtin { get; set; }

    public string? Mpn { get; set; }

    public decimal? Price { get; set; }

    /// <summary>Null: the listing's.</summary>
    public string? Currency { get; set; }

    public Availability? Availability { get; set; }

    public string? ImageUrl { get; set; }
}

/// <summary>What a page states of Article 19 of Regulation (EU) 2023/988, as a column of an observation: a JSON array of points.</summary>
public static class SafetyColumn
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Null where no page was asked.</summary>
    public static string? Write(IReadOnlyList<SafetyStatement> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return points.Count == 0 ? null : JsonSerializer.Serialize(points, Form);
    }

    /// <summary>Empty where no page was asked.</summary>
    public static IReadOnlyList<SafetyStatement> Read(ObservationRow observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        return observation.Safety is null ? [] : JsonSerializer.Deserialize<List<SafetyStatement>>(observation.Safety, Form) ?? [];
    }

    /// <summary>Whether a page names nobody who answers for the product in the Union although the maker is outside it; null where that cannot be told.</summary>
    public static bool? LacksResponsiblePerson(IReadOnlyList<SafetyStatement> points) => points.FirstOrDefault(static p => p.Point == SafetyPoint.ResponsiblePerson)?.State switch
    {
        SafetyState.Missing => true,
        SafetyState.Found or SafetyState.NotNeeded => false,
        _ => null,
    };
}
