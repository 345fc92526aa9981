using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Touchstone.Crawling;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Listings;
using Touchstone.Screening.Pipeline;
using Touchstone.Screening.References;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Text;

namespace Touchstone.Screening;

/// <summary>The core as services: one call, shared by the server, the command line, evaluation and tests.</summary>
public static class ScreeningSetup
{
    /// <param name="modelId">The embedding model of models/manifest.json; null: its default.</param>
    public static IServiceCollection AddScreening(this IServiceCollection services, StorageOptions storage, string? modelId = null, Action<CrawlingOptions>? crawling = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddStorage(storage);
        services.AddCrawling(crawling);
        services.AddVision(modelId, Path.Combine(storage.DataFolder, "models"));
        services.TryAddSingleton(new ScreeningOptions());
        services.AddSingleton<ImageLibrary>();
        services.AddSingleton<ReferenceGallery>();
        services.AddSingleton<IdentifierLookup>();
        services.AddSingleton<TextLibrary>();
        services.AddSingleton<ReferenceTexts>();
        services.AddSingleton<TextStage>();
        services.AddSingleton<GalleryFollower>();
        services.AddSingleton<MatchJudge>();
        services.AddSingleton<CalibrationProfiles>();
        services.AddSingleton<RivalFinder>();
        services.AddSingleton<LikenessFinder>();
        services.AddSingleton<ScreeningPipeline>();
        services.AddSingleton<ListingStore>();
        services.AddSingleton<HitStore>();
        services.AddSingleton<ListingScreener>();
        services.AddSingleton<IFrontierStore, FrontierStore>();
        services.AddSingleton<RunLeases>();
        services.AddSingleton<ReferenceImport>();
        services.AddSingleton<SearchPictures>();
        services.AddSingleton<SearchRunner>();
        return services;
    }

    private static void AddVision(this IServiceCollection services, string? modelId, string downloads)
    {
        services.AddSingleton(_ => ModelCatalog.Load(downloads));
        services.AddSingleton(p => p.GetRequiredService<ModelCatalog>().Find(modelId));
        services.AddSingleton<ImageDecoder>();
        services.AddSingleton(p => ImageEmbedder.Load(p.GetRequiredService<ModelCatalog>(), modelId));
        services.AddSingleton<ImageReader>();
        services.AddSingleton(_ => PictureTextReader.Load());
        services.AddSingleton(p => new Lazy<PictureTextReader>(p.GetRequiredService<PictureTextReader>));
    }
}
