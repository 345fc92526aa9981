using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.Storage;
using Touchstone.Vision.Embedding;

namespace Touchstone.Screening.Watches;

/// <summary>Registers what compares what is seen with offers that were removed.</summary>
internal static class WatchSetup
{
    public static void AddWatches(this IServiceCollection services, StorageOptions storage)
    {
        services.AddSingleton<WatchQueue>();
        services.AddSingleton<GoneOffers>();
        services.AddSingleton(p => new WatchGallery(
            OpenPictures(p.GetRequiredService<ModelEntry>(), storage, p.GetRequiredService<GalleryOptions>()), p.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), p.GetRequiredService<FeatureStore>(),
            p.GetRequiredService<ImageJobs>(), p.GetRequiredService<ILogger<WatchGallery>>()));
        services.AddSingleton(p => new WatchRunner(
            p.GetRequiredService<IDbContextFactory<TouchstoneDb>>(),
            p.GetRequiredService<WatchQueue>(),
            p.GetRequiredService<WatchGallery>(),
            ComparisonOf(p),
            new ReturnStore(p.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), p.GetRequiredService<TimeProvider>()),
            p.GetRequiredService<CalibrationProfiles>(),
            p.GetRequiredService<FeatureStore>(),
            p.GetRequiredService<ILogger<WatchRunner>>()));
    }


    private static WatchComparison ComparisonOf(IServiceProvider p) =>
        new(p.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), p.GetRequiredService<WatchGallery>(), p.GetRequiredService<Recogniser>(), p.GetRequiredService<FeatureStore>(), p.GetRequiredService<OcrStore>());

    private static ReferenceGallery OpenPictures(ModelEntry model, StorageOptions storage, GalleryOptions options) => new(model, new GalleryFolder(Path.Combine(storage.DataFolder, "watched", model.Id)), options);
}
