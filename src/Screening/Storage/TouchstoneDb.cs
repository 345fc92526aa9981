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

    /// <summary>Each listing's observation that was made last, untracked.</summary>
    public IQueryable<ObservationRow> LatestObservations() => Observations.AsNoTracking().Where(o => !Observations.Any(later => later.ListingId == o.ListingId && later.Number > o.Number));

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
        ReferenceModel.Configure(modelBuilder);
        ObservationModel.Configure(modelBuilder);
        SearchModel.Configure(modelBuilder);
        CaseModel.Configure(modelBuilder);
        modelBuilder.Entity<MailSettingsRow>().Property(x => x.Id).ValueGeneratedNever();
        modelBuilder.Entity<SequenceRow>(e =>
        {
            e.HasKey(x => x.Name);
            e.HasData(new SequenceRow { Name = Storage.ReferenceChanges.Sequence }, new SequenceRow { Name = SequenceRow.SeenPictures }, new SequenceRow { Name = SequenceRow.LookBacks }, new SequenceRow { Name = SequenceRow.BlockList }, new SequenceRow { Name = SequenceRow.Watches });
        });
        modelBuilder.Entity<SigningKeyRow>().Property(x => x.Id).ValueGeneratedNever();
        modelBuilder.Entity<ErasedNameRow>().HasKey(x => x.Token);
        WatchModel.Add(modelBuilder);
        SellerModel.Add(modelBuilder);
        modelBuilder.Entity<DigestRow>().HasKey(x => x.Account);
        CaseWorkModel.Configure(modelBuilder);
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
