using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage;

/// <summary>The tables of hits, decisions, cases and their evidence.</summary>
internal static class CaseModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<HitRow>(e =>
        {
            // A crawl that finds the hit again while somebody decides it must see the decision.
            e.Property(x => x.State).IsConcurrencyToken();
            // Of two people who claim it at once one has it.
            e.Property(x => x.ClaimedUntil).IsConcurrencyToken();
            e.HasIndex(x => new { x.State, x.Probability });
            e.HasIndex(x => x.DecidedAt);
            e.HasIndex(x => x.FoundAt);
            e.HasIndex(x => new { x.ListingId, x.ReferenceId }).IsUnique();
            e.HasIndex(x => new { x.CaptureId, x.ReferenceId }).IsUnique();
        });
        model.Entity<HitDecisionRow>(e =>
        {
            e.HasIndex(x => new { x.DecidedBy, x.DecidedAt });
            e.HasIndex(x => x.Batch);
        });
        model.Entity<CaseRow>(e =>
        {
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasMany(x => x.Hits).WithOne().HasForeignKey(x => x.CaseId);
            e.HasIndex(x => new { x.State, x.DueAt });
            e.HasIndex(x => new { x.Market, x.Category });
        });
        model.Entity<EvidenceRow>(e =>
        {
            e.HasOne<CaseRow>().WithMany().HasForeignKey(x => x.CaseId).OnDelete(DeleteBehavior.Restrict);
            e.HasIndex(x => x.Sha256).IsUnique();
            e.HasIndex(x => x.CheckedAt);
            e.HasIndex(x => x.Id, "IX_Evidence_Broken").HasFilter("\"Problem\" IS NOT NULL");
        });
        model.Entity<CaptureRow>(e =>
        {
            e.HasIndex(x => x.ClientKey).IsUnique();
            e.HasIndex(x => x.ImageSha256);
            e.HasIndex(x => x.ThingId);
        });
    }
}
