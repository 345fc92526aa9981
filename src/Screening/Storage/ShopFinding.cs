using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage;

/// <summary>The tables of mandates, of finding shops and of the markets that shops target.</summary>
internal static class ShopFinding
{
    public static void Configure(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<MandateRow>().HasIndex(x => x.Expires);
        modelBuilder.Entity<SearchProviderRow>().HasKey(x => x.Kind);
        modelBuilder.Entity<FindingRow>(e =>
        {
            e.HasIndex(x => x.State);
            e.HasIndex(x => x.SearchId);
            e.HasMany(x => x.Shops).WithOne(x => x.Finding).HasForeignKey(x => x.FindingId);
        });
        modelBuilder.Entity<FoundShopRow>(e =>
        {
            e.HasIndex(x => new { x.FindingId, x.Host }).IsUnique();
            e.HasIndex(x => x.SearchId);
        });
        modelBuilder.Entity<SearchTermRow>().HasIndex(x => new { x.Language, x.Subject }).IsUnique();
        modelBuilder.Entity<IgnoredHostRow>().HasKey(x => x.Host);
        modelBuilder.Entity<MarketSignalRow>().HasIndex(x => new { x.Host, x.Kind, x.Countries }).IsUnique();
        modelBuilder.Entity<ShopMarketRow>(e =>
        {
            e.HasKey(x => new { x.Host, x.Country });
            e.HasIndex(x => x.Country);
        });
    }
}
