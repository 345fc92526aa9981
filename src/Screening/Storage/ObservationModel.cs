using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage;

/// <summary>The tables of shops, listings and what was seen of them.</summary>
internal static class ObservationModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<ShopRow>().HasIndex(x => x.Host).IsUnique();
        model.Entity<ListingRow>().HasIndex(x => x.Url).IsUnique();
        model.Entity<ObservationRow>(e =>
        {
            e.HasIndex(x => new { x.ListingId, x.Number }).IsUnique();
            e.HasIndex(x => x.PageSha256);
            e.HasIndex(x => x.LastSeenAt);
            // By these a look back finds the listings that state a reference's numbers.
            e.HasIndex(x => x.Gtin).HasFilter("\"Gtin\" IS NOT NULL");
            e.HasIndex(x => x.Brand).HasFilter("\"Brand\" IS NOT NULL");
        });
        model.Entity<SeenPictureRow>(e =>
        {
            e.HasKey(x => x.Number);
            e.Property(x => x.Number).ValueGeneratedNever();
            e.HasIndex(x => x.ImageSha256).IsUnique();
        });
        model.Entity<ObservationExchangeRow>().HasIndex(x => x.BodySha256);
        model.Entity<ObservationImageRow>().HasIndex(x => x.ImageSha256);
        model.Entity<ObservationVariantRow>().HasIndex(x => x.Gtin).HasFilter("\"Gtin\" IS NOT NULL");
    }
}
