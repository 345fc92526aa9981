using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage;

/// <summary>
/// The state of an installation. Runs on SQLite and on PostgreSQL with the same migrations and the same queries:
/// instants are stored as Unix milliseconds and enums by name. Not safe for concurrent use; take one per unit of work
/// from <see cref="IDbContextFactory{TContext}"/>.
/// </summary>
public sealed class TouchstoneDb(DbContextOptions<TouchstoneDb> options) : DbContext(options)
{
    public DbSet<RegisterRow> Registers => Set<RegisterRow>();

    public DbSet<ReferenceRow> References => Set<ReferenceRow>();

    public DbSet<ReferenceRecordRow> ReferenceRecords => Set<ReferenceRecordRow>();

    public DbSet<ReferenceIdentifierRow> ReferenceIdentifiers => Set<ReferenceIdentifierRow>();

    public DbSet<ReferenceImageRow> ReferenceImages => Set<ReferenceImageRow>();

    public DbSet<ReferenceChangeRow> ReferenceChanges => Set<ReferenceChangeRow>();

    public DbSet<ImportRow> Imports => Set<ImportRow>();

    public DbSet<SequenceRow> Sequences => Set<SequenceRow>();

    public DbSet<ImageJobRow> ImageJobs => Set<ImageJobRow>();

    public DbSet<ReferenceNegativeRow> ReferenceNegatives => Set<ReferenceNegativeRow>();

    public DbSet<ImageRow> Images => Set<ImageRow>();

    public DbSet<ImageFeaturesRow> ImageFeatures => Set<ImageFeaturesRow>();

    public DbSet<ImageTextRow> ImageTexts => Set<ImageTextRow>();

    public DbSet<ErasureRow> Erasures => Set<ErasureRow>();

    public DbSet<ErasedNameRow> ErasedNames => Set<ErasedNameRow>();

    public DbSet<ShopRow> Shops => Set<ShopRow>();

    public DbSet<ListingRow> Listings => Set<ListingRow>();

    public DbSet<ObservationRow> Observations => Set<ObservationRow>();

    public DbSet<ObservationExchangeRow> ObservationExchanges => Set<ObservationExchangeRow>();

    public DbSet<ObservationImageRow> ObservationImages => Set<ObservationImageRow>();

    public DbSet<ObservationVariantRow> ObservationVariants => Set<ObservationVariantRow>();

    public DbSet<SeenPictureRow> SeenPictures => Set<SeenPictureRow>();

    public DbSet<LookBackRow> LookBacks => Set<LookBackRow>();

    public DbSet<DigestRow> Digests => Set<DigestRow>();

    public DbSet<SellerRow> Sellers => Set<SellerRow>();

    public DbSet<TraitRow> Traits => Set<TraitRow>();

    public DbSet<NotSameShopRow> NotSameShops => Set<NotSameShopRow>();

    public DbSet<WatchRow> Watches => Set<WatchRow>();

    public DbSet<WatchPictureRow> WatchPictures => Set<WatchPictureRow>();

    public DbSet<WatchKeyRow> WatchKeys => Set<WatchKeyRow>();

    public DbSet<WatchCheckRow> WatchChecks => Set<WatchCheckRow>();

    public DbSet<GateSightingRow> GateSightings => Set<GateSightingRow>();

    public DbSet<ReturnRow> Returns => Set<ReturnRow>();

    public DbSet<SearchRow> Searches => Set<SearchRow>();

    public DbSet<SearchRunRow> SearchRuns => Set<SearchRunRow>();

    public DbSet<RunObservationRow> RunObservations => Set<RunObservationRow>();

    public DbSet<FrontierRow> Frontier => Set<FrontierRow>();

    public DbSet<HostLeaseRow> HostLeases => Set<HostLeaseRow>();

    public DbSet<RememberedUrlRow> RememberedUrls => Set<RememberedUrlRow>();

    public DbSet<ScreeningRow> Screenings => Set<ScreeningRow>();

    public DbSet<MatchRow> Matches => Set<MatchRow>();

    public DbSet<HitRow> Hits => Set<HitRow>();

    public DbSet<HitDecisionRow> HitDecisions => Set<HitDecisionRow>();

    public DbSet<CalibrationProfileRow> CalibrationProfiles => Set<CalibrationProfileRow>();

    public DbSet<CaseRow> Cases => Set<CaseRow>();

    public DbSet<CaseEventRow> CaseEvents => Set<CaseEventRow>();

    public DbSet<CaseClockRow> CaseClocks => Set<CaseClockRow>();

    public DbSet<SampleRow> Samples => Set<SampleRow>();

    public DbSet<AttachmentRow> Attachments => Set<AttachmentRow>();

    public DbSet<MentionRow> Mentions => Set<MentionRow>();

    public DbSet<ProposalRow> Proposals => Set<ProposalRow>();

    public DbSet<CaseRulesRow> CaseRules => Set<CaseRulesRow>();

    public DbSet<HolidayRow> Holidays => Set<HolidayRow>();

    public DbSet<UpsettingRow> Upsetting => Set<UpsettingRow>();

    public DbSet<ViewPreferenceRow> ViewPreferences => Set<ViewPreferenceRow>();

    public DbSet<CaptureRow> Captures => Set<CaptureRow>();

    public DbSet<EvidenceRow> Evidence => Set<EvidenceRow>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<NoticeRow> Notices => Set<NoticeRow>();

    public DbSet<NoticeLinkRow> NoticeLinks => Set<NoticeLinkRow>();

    public DbSet<OutcomeCheckRow> OutcomeChecks => Set<OutcomeCheckRow>();

    public DbSet<NoticeReplyRow> NoticeReplies => Set<NoticeReplyRow>();

    public DbSet<NoticeTemplateRow> NoticeTemplates => Set<NoticeTemplateRow>();

    public DbSet<OperatorRow> Operators => Set<OperatorRow>();

    public DbSet<BlockEntryRow> BlockEntries => Set<BlockEntryRow>();

    public DbSet<MailSettingsRow> MailSettings => Set<MailSettingsRow>();

    public DbSet<MandateRow> Mandates => Set<MandateRow>();

    public DbSet<SearchProviderRow> SearchProviders => Set<SearchProviderRow>();

    public DbSet<FindingRow> Findings => Set<FindingRow>();

    public DbSet<FoundShopRow> FoundShops => Set<FoundShopRow>();

    public DbSet<SearchTermRow> SearchTerms => Set<SearchTermRow>();

    public DbSet<IgnoredHostRow> IgnoredHosts => Set<IgnoredHostRow>();

    public DbSet<MarketSignalRow> MarketSignals => Set<MarketSignalRow>();

    public DbSet<ShopMarketRow> ShopMarkets => Set<ShopMarketRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    public DbSet<SigningKeyRow> SigningKeys => Set<SigningKeyRow>();

    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    /// <summary>Saves, and numbers the changes of references with it (<see cref="Storage.ReferenceChanges"/>), in one transaction.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        (HashSet<ReferenceRow> rows, HashSet<long> ids) = Storage.ReferenceChanges.Changed(ChangeTracker);
        if (rows.Count + ids.Count == 0) return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        await using IDbContextTransaction? own = Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(cancellationToken) : null;
        IReadOnlyList<ReferenceChangeRow> numbered = await Storage.ReferenceChanges.AppendAsync(this, rows, ids, cancellationToken);
        try
        {
            int saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
            if (own is not null) await own.CommitAsync(cancellationToken);
            return saved;
        }
        catch
        {
            // Who tries again numbers anew.
            foreach (ReferenceChangeRow row in numbered) Entry(row).State = EntityState.Detached;
            throw;
        }
    }

    /// <exception cref="NotSupportedException">References changed: their changes are numbered asynchronously.</exception>
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        (HashSet<ReferenceRow> rows, HashSet<long> ids) = Storage.ReferenceChanges.Changed(ChangeTracker);
        return rows.Count + ids.Count == 0 ? base.SaveChanges(acceptAllChangesOnSuccess) : throw new NotSupportedException("Changes of references are saved with SaveChangesAsync.");
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
        configurationBuilder.Properties<decimal>().HaveConversion<double>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RegisterRow>().HasIndex(x => x.Name).IsUnique();
        modelBuilder.Entity<ReferenceRow>(e =>
        {
            e.HasIndex(x => new { x.RegisterId, x.ExternalId }).IsUnique();
            e.HasIndex(x => new { x.RegisterId, x.RetiredAt });
            e.HasIndex(x => new { x.Kind, x.RetiredAt });
            e.Ignore(x => x.RawPayload);
            e.HasOne(x => x.Record).WithOne().HasForeignKey<ReferenceRecordRow>(x => x.ReferenceId);
        });
        modelBuilder.Entity<ReferenceRecordRow>().HasKey(x => x.ReferenceId);
        modelBuilder.Entity<ReferenceIdentifierRow>().HasIndex(x => new { x.Scheme, x.Value });
        modelBuilder.Entity<ReferenceImageRow>().HasIndex(x => x.ImageSha256);
        modelBuilder.Entity<ReferenceChangeRow>(e =>
        {
            e.HasKey(x => x.Number);
            e.Property(x => x.Number).ValueGeneratedNever();
        });
        modelBuilder.Entity<RegisterRow>().HasIndex(x => x.NextImportAt);
        modelBuilder.Entity<ImportRow>(e =>
        {
            e.Property(x => x.State).IsConcurrencyToken();
            e.HasIndex(x => x.State);
            e.HasIndex(x => x.FileSha256);
        });
        modelBuilder.Entity<MailSettingsRow>().Property(x => x.Id).ValueGeneratedNever();
        modelBuilder.Entity<SequenceRow>(e =>
        {
            e.HasKey(x => x.Name);
            e.HasData(new SequenceRow { Name = Storage.ReferenceChanges.Sequence }, new SequenceRow { Name = SequenceRow.SeenPictures }, new SequenceRow { Name = SequenceRow.LookBacks }, new SequenceRow { Name = SequenceRow.BlockList }, new SequenceRow { Name = SequenceRow.Watches });
        });
        modelBuilder.Entity<ImageJobRow>(e =>
        {
            e.HasIndex(x => new { x.Kind, x.Recipe, x.ImageSha256 }).IsUnique();
            e.HasIndex(x => new { x.Kind, x.Recipe, x.NotBefore });
            e.HasIndex(x => x.LeaseOwner);
            e.HasIndex(x => new { x.Kind, x.Recipe, x.Id }, "IX_ImageJobs_Failed").HasFilter("\"Failure\" IS NOT NULL");
        });
        modelBuilder.Entity<SigningKeyRow>().Property(x => x.Id).ValueGeneratedNever();
        modelBuilder.Entity<ReferenceNegativeRow>(e =>
        {
            e.HasIndex(x => new { x.ReferenceId, x.ImageSha256 }).IsUnique();
            e.HasIndex(x => x.ImageSha256);
        });
        modelBuilder.Entity<ImageRow>(e =>
        {
            e.HasKey(x => x.Sha256);
            e.HasIndex(x => x.StoredAt);
            e.HasIndex(x => x.StoredAt, "IX_Images_Unreadable").HasFilter("\"Failure\" IS NOT NULL");
        });
        modelBuilder.Entity<ErasureRow>().HasKey(x => x.Sha256);
        modelBuilder.Entity<ErasedNameRow>().HasKey(x => x.Token);
        modelBuilder.Entity<ImageFeaturesRow>(e =>
        {
            e.HasIndex(x => new { x.ImageSha256, x.ModelId, x.Format }).IsUnique();
            e.HasIndex(x => x.Format);
        });
        modelBuilder.Entity<ImageTextRow>().HasIndex(x => new { x.ImageSha256, x.ModelId }).IsUnique();
        modelBuilder.Entity<ShopRow>().HasIndex(x => x.Host).IsUnique();
        modelBuilder.Entity<ListingRow>().HasIndex(x => x.Url).IsUnique();
        modelBuilder.Entity<ObservationRow>(e =>
        {
            e.HasIndex(x => new { x.ListingId, x.Number }).IsUnique();
            e.HasIndex(x => x.PageSha256);
            e.HasIndex(x => x.LastSeenAt);
            // By these a look back finds the listings that state a reference's numbers.
            e.HasIndex(x => x.Gtin).HasFilter("\"Gtin\" IS NOT NULL");
            e.HasIndex(x => x.Brand).HasFilter("\"Brand\" IS NOT NULL");
        });
        modelBuilder.Entity<SeenPictureRow>(e =>
        {
            e.HasKey(x => x.Number);
            e.Property(x => x.Number).ValueGeneratedNever();
            e.HasIndex(x => x.ImageSha256).IsUnique();
        });
        modelBuilder.Entity<LookBackRow>(e =>
        {
            e.HasKey(x => x.ReferenceId);
            e.Property(x => x.ReferenceId).ValueGeneratedNever();
            e.HasOne(x => x.Reference).WithOne().HasForeignKey<LookBackRow>(x => x.ReferenceId);
            e.HasIndex(x => new { x.State, x.ChangeNumber });
            e.HasIndex(x => x.ChangeNumber);
            e.HasIndex(x => x.LeaseOwner);
        });
        WatchModel.Add(modelBuilder);
        SellerModel.Add(modelBuilder);
        modelBuilder.Entity<DigestRow>().HasKey(x => x.Account);
        modelBuilder.Entity<ObservationExchangeRow>().HasIndex(x => x.BodySha256);
        modelBuilder.Entity<ObservationImageRow>().HasIndex(x => x.ImageSha256);
        modelBuilder.Entity<ObservationVariantRow>().HasIndex(x => x.Gtin).HasFilter("\"Gtin\" IS NOT NULL");
        modelBuilder.Entity<SearchRow>(e =>
        {
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasIndex(x => x.ImageSha256);
        });
        modelBuilder.Entity<SearchRunRow>().HasIndex(x => x.State);
        modelBuilder.Entity<FrontierRow>(e =>
        {
            e.HasIndex(x => new { x.RunId, x.Url }).IsUnique();
            e.HasIndex(x => new { x.RunId, x.State, x.NotBefore });
        });
        modelBuilder.Entity<HostLeaseRow>().HasKey(x => x.Host);
        modelBuilder.Entity<RememberedUrlRow>(e =>
        {
            e.HasIndex(x => x.Url).IsUnique();
            e.HasIndex(x => x.BodySha256);
            e.HasIndex(x => x.CheckedAt);
        });
        modelBuilder.Entity<ScreeningRow>(e =>
        {
            e.HasIndex(x => new { x.ObservationId, x.InputHash });
            e.HasIndex(x => x.CaptureId);
            e.HasIndex(x => x.ScreenedAt);
            // The overview counts those of a week that came to no verdict.
            e.HasIndex(x => new { x.ScreenedAt, x.Reason }).HasFilter("\"Reason\" IS NOT NULL");
        });
        modelBuilder.Entity<MatchRow>(e =>
        {
            e.HasIndex(x => x.ImageSha256);
            e.HasIndex(x => x.ReferenceImageSha256);
        });
        modelBuilder.Entity<RunObservationRow>().HasKey(x => new { x.RunId, x.ObservationId });
        modelBuilder.Entity<HitRow>(e =>
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
        modelBuilder.Entity<HitDecisionRow>(e =>
        {
            e.HasIndex(x => new { x.DecidedBy, x.DecidedAt });
            e.HasIndex(x => x.Batch);
        });
        modelBuilder.Entity<CaseRow>(e =>
        {
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasMany(x => x.Hits).WithOne().HasForeignKey(x => x.CaseId);
            e.HasIndex(x => new { x.State, x.DueAt });
            e.HasIndex(x => new { x.Market, x.Category });
        });
        CaseWorkModel.Configure(modelBuilder);
        modelBuilder.Entity<EvidenceRow>(e =>
        {
            e.HasOne<CaseRow>().WithMany().HasForeignKey(x => x.CaseId).OnDelete(DeleteBehavior.Restrict);
            e.HasIndex(x => x.Sha256).IsUnique();
            e.HasIndex(x => x.CheckedAt);
            e.HasIndex(x => x.Id, "IX_Evidence_Broken").HasFilter("\"Problem\" IS NOT NULL");
        });
        modelBuilder.Entity<CaptureRow>(e =>
        {
            e.HasIndex(x => x.ClientKey).IsUnique();
            e.HasIndex(x => x.ImageSha256);
            e.HasIndex(x => x.ThingId);
        });
        modelBuilder.Entity<OutboxRow>(e =>
        {
            e.HasIndex(x => x.Key).IsUnique();
            e.HasIndex(x => new { x.State, x.NotBefore });
        });
        NoticeModel.Configure(modelBuilder);
        modelBuilder.Entity<AuditRow>(e =>
        {
            e.HasIndex(x => x.Subject);
            e.HasIndex(x => new { x.Action, x.Id });
            e.HasIndex(x => x.PreviousHash).IsUnique();
        });
        modelBuilder.Entity<IdempotencyRow>(e =>
        {
            e.HasKey(x => new { x.Actor, x.Key });
            e.HasIndex(x => x.At);
        });
        ShopFinding.Configure(modelBuilder);
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(v => v.ToUnixTimeMilliseconds(), v => DateTimeOffset.FromUnixTimeMilliseconds(v));
}
