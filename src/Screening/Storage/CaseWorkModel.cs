using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage;

/// <summary>The tables of the work on cases.</summary>
internal static class CaseWorkModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<CaseClockRow>(e =>
        {
            e.HasOne(x => x.Case).WithMany().HasForeignKey(x => x.CaseId).OnDelete(DeleteBehavior.Restrict);
            // Whoever meets it and whoever tells that it ran out see each other.
            e.Property(x => x.MetAt).IsConcurrencyToken();
            e.HasIndex(x => x.DueAt, "IX_CaseClocks_Running").HasFilter("\"MetAt\" IS NULL");
        });
        model.Entity<SampleRow>(e =>
        {
            e.HasOne(x => x.Case).WithMany().HasForeignKey(x => x.CaseId).OnDelete(DeleteBehavior.Restrict);
            e.Property(x => x.Version).IsConcurrencyToken();
        });
        model.Entity<AttachmentRow>(e =>
        {
            e.HasOne(x => x.Case).WithMany().HasForeignKey(x => x.CaseId).OnDelete(DeleteBehavior.Restrict);
            e.HasIndex(x => x.Sha256);
        });
        model.Entity<MentionRow>(e =>
        {
            e.HasOne(x => x.Case).WithMany().HasForeignKey(x => x.CaseId).OnDelete(DeleteBehavior.Restrict);
            e.HasOne(x => x.Event).WithMany().HasForeignKey(x => x.EventId).OnDelete(DeleteBehavior.Cascade);
            e.HasIndex(x => new { x.Account, x.SeenAt });
        });
        model.Entity<ProposalRow>(e =>
        {
            e.Property(x => x.State).IsConcurrencyToken();
            e.HasIndex(x => x.State);
        });
        model.Entity<CaseRulesRow>(e =>
        {
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
        });
        model.Entity<HolidayRow>().HasIndex(x => new { x.Country, x.Day }).IsUnique();
        model.Entity<UpsettingRow>(e =>
        {
            e.HasKey(x => x.ReferenceId);
            e.Property(x => x.ReferenceId).ValueGeneratedNever();
            e.HasOne<ReferenceRow>().WithOne().HasForeignKey<UpsettingRow>(x => x.ReferenceId);
        });
        model.Entity<ViewPreferenceRow>().HasKey(x => x.Account);
    }
}
