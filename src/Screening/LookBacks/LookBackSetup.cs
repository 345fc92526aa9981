using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Storage;
using Touchstone.Vision.Embedding;

namespace Touchstone.Screening.LookBacks;

/// <summary>Registers what asks about references what was seen before they came.</summary>
internal static class LookBackSetup
{
    public static void AddLookBacks(this IServiceCollection services, StorageOptions storage)
    {
        services.TryAddSingleton(new LookBackOptions());
        services.AddSingleton(p => OpenSeen(p.GetRequiredService<ModelEntry>(), storage, p.GetRequiredService<GalleryOptions>()));
        services.AddSingleton<SeenPictures>();
        services.AddSingleton(p => new SeenFollower(
            p.GetRequiredService<SeenGallery>(), p.GetRequiredService<SeenPictures>(), p.GetRequiredService<FeatureStore>(), p.GetRequiredService<ImageJobs>(), p.GetRequiredService<ILogger<SeenFollower>>()));
        services.AddSingleton<ObservationScreener>();
        services.AddSingleton<LookBackQueue>();
        services.AddSingleton<LookBackChanges>();
        services.AddSingleton<SeenListings>();
        services.AddSingleton(p => new WatchLookBack(
            p.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), p.GetRequiredService<SeenListings>(), p.GetRequiredService<SeenFollower>(), p.GetRequiredService<SeenGallery>(), p.GetRequiredService<FeatureStore>(),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<WatchLookBack>>()));
        services.AddSingleton(p => new LookBackRunner(
            p.GetRequiredService<LookBackQueue>(),
            p.GetRequiredService<LookBackChanges>(),
            p.GetRequiredService<SeenListings>(),
            p.GetRequiredService<SeenFollower>(),
            p.GetRequiredService<GalleryFollower>(),
            p.GetRequiredService<ReferenceGallery>(),
            SearchOf(p),
            p.GetRequiredService<FeatureStore>(),
            p.GetRequiredService<CalibrationProfiles>(),
            p.GetRequiredService<ObservationScreener>(),
            p.GetRequiredService<LookBackOptions>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<LookBackRunner>>()));
    }

    private static ReverseSearch SearchOf(IServiceProvider p) =>
        new(p.GetRequiredService<Recogniser>(), p.GetRequiredService<SeenGallery>(), p.GetRequiredService<ReferenceGallery>(), p.GetRequiredService<FeatureStore>().Unkept, p.GetRequiredService<LookBackOptions>().Reverse);

    private static SeenGallery OpenSeen(ModelEntry model, StorageOptions storage, GalleryOptions options) => new(model, new GalleryFolder(Path.Combine(storage.DataFolder, "seen", model.Id)), options);
}
