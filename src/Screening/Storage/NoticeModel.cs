using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage;

/// <summary>The tables of notices, of the operator and of the block list.</summary>
internal static class NoticeModel
{
    public static void Configure(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<NoticeRow>(e =>
        {
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasOne<CaseRow>().WithMany().HasForeignKey(x => x.CaseId).OnDelete(DeleteBehavior.Restrict);
            e.HasIndex(x => x.OutboxId).HasFilter("\"OutboxId\" IS NOT NULL");
            e.HasIndex(x => x.PdfSha256);
        });
        modelBuilder.Entity<NoticeLinkRow>(e =>
        {
            e.HasOne(x => x.Hit).WithMany().HasForeignKey(x => x.HitId).OnDelete(DeleteBehavior.Restrict);
            e.HasIndex(x => x.NextCheckAt).HasFilter("\"NextCheckAt\" IS NOT NULL");
        });
        modelBuilder.Entity<OutcomeCheckRow>(e =>
        {
            e.HasOne(x => x.Link).WithMany(x => x.Checks).HasForeignKey(x => x.LinkId);
            e.HasIndex(x => x.ExchangeSha256);
        });
        modelBuilder.Entity<NoticeReplyRow>().HasIndex(x => x.AttachmentSha256);
        modelBuilder.Entity<OutboxRow>().HasIndex(x => x.AttachmentSha256);
        modelBuilder.Entity<NoticeTemplateRow>().HasIndex(x => new { x.Kind, x.Language, x.Version }).IsUnique();
        modelBuilder.Entity<OperatorRow>(e =>
        {
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<BlockEntryRow>(e =>
        {
            e.HasIndex(x => new { x.Kind, x.Value }).IsUnique();
            e.HasIndex(x => x.Sequence);
            e.HasIndex(x => x.HitId);
        });
    }
}
