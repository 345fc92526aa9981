using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Touchstone.Crawling;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Politeness;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Alike;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Features;
using Touchstone.Screening.Finding;
using Touchstone.Screening.Following;
using Touchstone.Screening.Hits;
using Touchstone.Screening.LookBacks;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Mandates;
using Touchstone.Screening.Observations;
using Touchstone.Screening.References;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Targeting;
using Touchstone.Screening.Watches;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Isolation;
using Touchstone.Vision.Ocr;

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
        services.AddSingleton<MandateBook>();
        services.TryAddSingleton<MandateLookup>(p => p.GetRequiredService<MandateBook>().FindAsync);
        services.TryAddSingleton<PageReader>(p => IsolatedPages.Reader(p.GetRequiredService<IsolatedProcesses>()));
        services.AddCrawling(crawling);
        services.AddVision(modelId, Path.Combine(storage.DataFolder, "models"));
        services.TryAddSingleton(new ScreeningOptions());
        services.AddSingleton<FeatureStore>();
        services.TryAddSingleton(new GalleryOptions());
        services.AddSingleton(p => OpenGallery(p.GetRequiredService<ModelEntry>(), storage, p.GetRequiredService<GalleryOptions>()));
        services.AddSingleton<IFeatureSource>(p => p.GetRequiredService<FeatureStore>());
        services.AddSingleton<OcrStore>();
        services.AddFollowing();
        services.AddSingleton<PairScorer>();
        services.TryAddSingleton(new RecogniserOptions());
        services.AddSingleton<Recogniser>();
        services.AddSingleton<CalibrationProfiles>();
        services.AddSingleton<SimilarityMapFinder>();
        services.AddSingleton<ScreeningPipeline>();
        services.AddSingleton<ObservationStore>();
        services.AddSingleton<HitStore>();
        services.AddSingleton<ObservationTurns>();
        services.AddSingleton<KeptEvidence>();
        services.AddSingleton<OutcomeChecks>();
        services.AddLookBacks(storage);
        services.AddSingleton<AlikeFinder>();
        services.AddWatches(storage);
        services.AddSingleton<ListingScreener>();
        services.AddSingleton<IFrontierStore, FrontierStore>();
        services.AddSingleton<IUrlMemory, UrlMemory>();
        services.AddSingleton<IHostLeases>(p => new HostLeases(
            p.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), p.GetRequiredService<TimeProvider>(), $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}"));
        services.AddSingleton<RunLeases>();
        services.AddSingleton<ReferenceImport>();
        services.AddSingleton<ImportJobs>();
        services.AddSingleton<SearchPictures>();
        services.AddFinding();
        services.AddSingleton<ShopMarkets>();
        services.AddSingleton<FoundShopsOfSearch>();
        services.AddSingleton<SearchRunner>();
        return services;
    }

    private static ReferenceGallery OpenGallery(ModelEntry model, StorageOptions storage, GalleryOptions options) =>
        new(model, new GalleryFolder(Path.Combine(storage.DataFolder, "gallery", model.Id)), options);

    private static void AddVision(this IServiceCollection services, string? modelId, string downloads)
    {
        services.AddSingleton(_ => ModelCatalog.Load(downloads));
        services.AddSingleton(p => p.GetRequiredService<ModelCatalog>().Find(modelId));
        services.TryAddSingleton(IsolatedProcesses.Shared);
        services.AddSingleton(p => new ImageDecoder(p.GetRequiredService<IsolatedProcesses>()));
        services.AddSingleton(p => ImageEmbedder.Load(p.GetRequiredService<ModelCatalog>(), modelId));
        services.AddSingleton<FeatureExtractor>();
        services.AddSingleton(_ => OcrReader.Load());
        services.AddSingleton(p => new Lazy<OcrReader>(p.GetRequiredService<OcrReader>));
    }
}
