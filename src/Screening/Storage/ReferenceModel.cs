using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage;

/// <summary>The tables of registers, references, their pictures and what was read of pictures.</summary>
internal static class ReferenceModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<RegisterRow>().HasIndex(x => x.Name).IsUnique();
        model.Entity<ReferenceRow>(e =>
        {
            e.HasIndex(x => new { x.RegisterId, x.ExternalId }).IsUnique();
            e.HasIndex(x => new { x.RegisterId, x.RetiredAt });
            e.HasIndex(x => new { x.Kind, x.RetiredAt });
            e.Ignore(x => x.RawPayload);
            e.HasOne(x => x.Record).WithOne().HasForeignKey<ReferenceRecordRow>(x => x.ReferenceId);
        });
        model.Entity<ReferenceRecordRow>().HasKey(x => x.ReferenceId);
        model.Entity<ReferenceIdentifierRow>().HasIndex(x => new { x.Scheme, x.Value });
        model.Entity<ReferenceImageRow>().HasIndex(x => x.ImageSha256);
        model.Entity<ReferenceChangeRow>(e =>
        {
            e.HasKey(x => x.Number);
            e.Property(x => x.Number).ValueGeneratedNever();
        });
        model.Entity<RegisterRow>().HasIndex(x => x.NextImportAt);
        model.Entity<ImportRow>(e =>
        {
            e.Property(x => x.State).IsConcurrencyToken();
            e.HasIndex(x => x.State);
            e.HasIndex(x => x.FileSha256);
        });
        model.Entity<ImageJobRow>(e =>
        {
            e.HasIndex(x => new { x.Kind, x.Recipe, x.ImageSha256 }).IsUnique();
            e.HasIndex(x => new { x.Kind, x.Recipe, x.NotBefore });
            e.HasIndex(x => x.LeaseOwner);
            e.HasIndex(x => new { x.Kind, x.Recipe, x.Id }, "IX_ImageJobs_Failed").HasFilter("\"Failure\" IS NOT NULL");
        });
        model.Entity<ReferenceNegativeRow>(e =>
        {
            e.HasIndex(x => new { x.ReferenceId, x.ImageSha256 }).IsUnique();
            e.HasIndex(x => x.ImageSha256);
        });
        model.Entity<ImageRow>(e =>
        {
            e.HasKey(x => x.Sha256);
            e.HasIndex(x => x.StoredAt);
            e.HasIndex(x => x.StoredAt, "IX_Images_Unreadable").HasFilter("\"Failure\" IS NOT NULL");
        });
        model.Entity<ErasureRow>().HasKey(x => x.Sha256);
        model.Entity<ImageFeaturesRow>(e =>
        {
            e.HasIndex(x => new { x.ImageSha256, x.ModelId, x.Format }).IsUnique();
            e.HasIndex(x => x.Format);
        });
        model.Entity<ImageTextRow>().HasIndex(x => new { x.ImageSha256, x.ModelId }).IsUnique();
        model.Entity<LookBackRow>(e =>
        {
            e.HasKey(x => x.ReferenceId);
            e.Property(x => x.ReferenceId).ValueGeneratedNever();
            e.HasOne(x => x.Reference).WithOne().HasForeignKey<LookBackRow>(x => x.ReferenceId);
            e.HasIndex(x => new { x.State, x.ChangeNumber });
            e.HasIndex(x => x.ChangeNumber);
            e.HasIndex(x => x.LeaseOwner);
        });
    }
}
