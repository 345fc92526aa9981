using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Features;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Ocr;

namespace Touchstone.Screening.Following;

/// <summary>Registers the follower of the registers and the jobs that describe their pictures.</summary>
internal static class FollowingSetup
{
    public static void AddFollowing(this IServiceCollection services)
    {
        services.TryAddSingleton(new FollowingOptions());
        services.AddSingleton(p => new ImageRecipes(new Dictionary<ImageJobKind, string>
        {
            [ImageJobKind.Describe] = $"{p.GetRequiredService<FeatureStore>().ModelId}/{FeatureFormat.Version}",
            [ImageJobKind.ReadText] = OcrReader.ModelId,
        }));
        services.AddSingleton<ImageJobs>();
        services.AddSingleton(p => new ImageJobRunner(
            p.GetRequiredService<ImageJobs>(), p.GetRequiredService<FeatureStore>(), p.GetRequiredService<OcrStore>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<ImageJobRunner>>()));
        services.AddSingleton(p => new GalleryFollower(
            p.GetRequiredService<IDbContextFactory<TouchstoneDb>>(),
            p.GetRequiredService<ReferenceGallery>(),
            p.GetRequiredService<FeatureStore>(),
            p.GetRequiredService<OcrStore>(),
            p.GetRequiredService<ImageJobs>(),
            p.GetRequiredService<ImageJobRunner>(),
            p.GetRequiredService<FollowingOptions>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<GalleryFollower>>()));
        services.AddSingleton<ReferenceSignal>();
        services.AddSingleton<GalleryMetrics>();
    }
}
