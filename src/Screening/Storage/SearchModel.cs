using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage;

/// <summary>The tables of searches, their runs and screenings.</summary>
internal static class SearchModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<SearchRow>(e =>
        {
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasIndex(x => x.ImageSha256);
        });
        model.Entity<SearchRunRow>().HasIndex(x => x.State);
        model.Entity<FrontierRow>(e =>
        {
            e.HasIndex(x => new { x.RunId, x.Url }).IsUnique();
            e.HasIndex(x => new { x.RunId, x.State, x.NotBefore });
        });
        model.Entity<HostLeaseRow>().HasKey(x => x.Host);
        model.Entity<RememberedUrlRow>(e =>
        {
            e.HasIndex(x => x.Url).IsUnique();
            e.HasIndex(x => x.BodySha256);
            e.HasIndex(x => x.CheckedAt);
        });
        model.Entity<ScreeningRow>(e =>
        {
            e.HasIndex(x => new { x.ObservationId, x.InputHash });
            e.HasIndex(x => x.CaptureId);
            e.HasIndex(x => x.ScreenedAt);
            // The overview counts those of a week that came to no verdict.
            e.HasIndex(x => new { x.ScreenedAt, x.Reason }).HasFilter("\"Reason\" IS NOT NULL");
        });
        model.Entity<MatchRow>(e =>
        {
            e.HasIndex(x => x.ImageSha256);
            e.HasIndex(x => x.ReferenceImageSha256);
        });
        model.Entity<RunObservationRow>().HasKey(x => new { x.RunId, x.ObservationId });
    }
}
