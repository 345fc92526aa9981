using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage;

/// <summary>The tables of removed offers and their returns.</summary>
internal static class WatchModel
{
    public static void Add(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ListingRow>().HasIndex(x => x.FirstSeenAt);
        modelBuilder.Entity<WatchRow>(e =>
        {
            e.HasOne(x => x.Hit).WithMany().HasForeignKey(x => x.HitId).OnDelete(DeleteBehavior.Restrict);
            e.HasOne(x => x.Listing).WithMany().HasForeignKey(x => x.ListingId).OnDelete(DeleteBehavior.Restrict);
            e.HasOne<ObservationRow>().WithMany().HasForeignKey(x => x.ObservationId).OnDelete(DeleteBehavior.Restrict);
            e.HasIndex(x => x.HitId);
            // Of two people who start one at once one does.
            e.HasIndex(x => x.HitId, "IX_Watches_Standing").IsUnique().HasFilter("\"EndedAt\" IS NULL");
            e.HasIndex(x => x.RemovedAt);
            e.HasIndex(x => x.ReferenceId);
            e.HasIndex(x => x.Id, "IX_Watches_ToAsk").HasFilter("\"SeenAskedAt\" IS NULL AND \"EndedAt\" IS NULL");
        });
        modelBuilder.Entity<GateSightingRow>(e =>
        {
            e.HasIndex(x => x.LeaseOwner);
            e.HasIndex(x => new { x.Attempts, x.SeenAt });
        });
        modelBuilder.Entity<WatchPictureRow>(e =>
        {
            e.HasIndex(x => x.Number);
            e.HasIndex(x => x.ImageSha256);
        });
        modelBuilder.Entity<WatchKeyRow>().HasIndex(x => x.Value);
        modelBuilder.Entity<WatchCheckRow>(e =>
        {
            e.HasKey(x => x.ObservationId);
            e.Property(x => x.ObservationId).ValueGeneratedNever();
            e.HasOne(x => x.Observation).WithOne().HasForeignKey<WatchCheckRow>(x => x.ObservationId);
            e.HasIndex(x => x.LeaseOwner);
            e.HasIndex(x => new { x.Attempts, x.QueuedAt });
        });
        modelBuilder.Entity<ReturnRow>(e =>
        {
            e.HasOne(x => x.Listing).WithMany().HasForeignKey(x => x.ListingId).OnDelete(DeleteBehavior.Restrict);
            e.HasOne(x => x.Hit).WithMany().HasForeignKey(x => x.HitId).OnDelete(DeleteBehavior.Restrict);
            e.HasOne<ObservationRow>().WithMany().HasForeignKey(x => x.ObservationId).OnDelete(DeleteBehavior.Restrict);
            e.HasIndex(x => new { x.WatchId, x.ListingId }).IsUnique();
            e.HasIndex(x => x.ReturnedAt);
        });
    }
}
