using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage;

/// <summary>The tables of who sells.</summary>
internal static class SellerModel
{
    public static void Add(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SellerRow>().HasIndex(x => new { x.ShopId, x.Key }).IsUnique();
        modelBuilder.Entity<ListingRow>().HasOne(x => x.Seller).WithMany().HasForeignKey(x => x.SellerId).OnDelete(DeleteBehavior.SetNull);
        modelBuilder.Entity<TraitRow>(e =>
        {
            e.HasOne(x => x.Seller).WithMany().HasForeignKey(x => x.SellerId).OnDelete(DeleteBehavior.Cascade);
            e.HasIndex(x => new { x.ShopId, x.SellerId, x.Kind, x.Value }).IsUnique();
            e.HasIndex(x => new { x.Kind, x.Value });
            e.HasIndex(x => x.LastSeenAt);
        });
        modelBuilder.Entity<NotSameShopRow>(e =>
        {
            e.ToTable("NotSameShops");
            e.HasKey(x => new { x.ShopId, x.OtherShopId });
            e.HasOne<ShopRow>().WithMany().HasForeignKey(x => x.ShopId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne<ShopRow>().WithMany().HasForeignKey(x => x.OtherShopId).OnDelete(DeleteBehavior.Cascade);
            e.HasIndex(x => x.OtherShopId);
        });
    }
}
