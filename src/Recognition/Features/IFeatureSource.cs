using Touchstone.Recognition.Text;

namespace Touchstone.Recognition.Features;

/// <summary>Where the features of reference images are found. Implementations are safe for concurrent use.</summary>
public interface IFeatureSource
{
    /// <summary>The features of these images by the gallery's model; an image that has none is left out.</summary>
    Task<IReadOnlyDictionary<string, ImageFeatures>> FindAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken);

    /// <summary>The text of each of these images, as far as it was read.</summary>
    Task<IReadOnlyDictionary<string, OcrText>> FindTextsAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken);
}

/// <summary>Features kept in memory. Safe for concurrent reads once filled.</summary>
public sealed class FeatureTable : IFeatureSource
{
    private readonly Dictionary<string, ImageFeatures> features = new(StringComparer.Ordinal);

    public void Add(ImageFeatures image)
    {
        ArgumentNullException.ThrowIfNull(image);
        features[image.Sha256] = image;
    }

    public Task<IReadOnlyDictionary<string, ImageFeatures>> FindAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, ImageFeatures>>(sha256s.Distinct(StringComparer.Ordinal).Where(features.ContainsKey).ToDictionary(s => s, s => features[s], StringComparer.Ordinal));

    public Task<IReadOnlyDictionary<string, OcrText>> FindTextsAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, OcrText>>(sha256s.Distinct(StringComparer.Ordinal).Where(s => features.TryGetValue(s, out ImageFeatures? f) && f.Text is not null).ToDictionary(s => s, s => features[s].Text!, StringComparer.Ordinal));
}
