namespace Touchstone.Evaluation.Calibration;

/// <summary>What a calibration is fitted on.</summary>
public sealed record CalibrationRunOptions
{
    /// <summary>The folder with <c>catalogue_products</c>, <c>clothing_photos</c>, <c>train_pool</c> and, where it is there, <c>package_photos</c>, each with its manifest.</summary>
    public required string ImageFolder { get; init; }

    /// <summary>The folder of SVG marks.</summary>
    public required string MarkFolder { get; init; }

    /// <summary>Products in the gallery that are asked for, at least 20. Default 800.</summary>
    public int Products { get; init; } = 800;

    /// <summary>Further products in the gallery. Default 400.</summary>
    public int Distractors { get; init; } = 400;

    /// <summary>Products that are not in the gallery and are asked for all the same. Default 360.</summary>
    public int Strangers { get; init; } = 360;

    /// <summary>Marks in the gallery that are asked for. Default 400.</summary>
    public int Marks { get; init; } = 400;

    /// <summary>Further marks in the gallery. Default 60.</summary>
    public int MarkDistractors { get; init; } = 60;

    /// <summary>Pictures of the background set, at least 32. Default 256.</summary>
    public int Background { get; init; } = 256;

    /// <summary>A folder that keeps the catalogue's features between calibrations; null extracts them anew.</summary>
    public string? CacheFolder { get; init; }

    public int Seed { get; init; } = 11;
}
