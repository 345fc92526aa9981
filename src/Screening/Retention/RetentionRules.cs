using Touchstone.Recognition.Features;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Retention;

/// <summary>
/// One rule for each table, in the order in which they are applied: what refers to other rows goes before them. What a person decided, what was decided on, and who did
/// what is kept for ever.
/// </summary>
public static class RetentionRules
{
    private const string ForEver = "for ever";

    /// <param name="role">The operator's; it limits how long contacts are kept (<see cref="RoleLimits"/>).</param>
    public static IReadOnlyList<RetentionRule> Of(RetentionOptions options, OperatorRole role = OperatorRole.Authority)
    {
        ArgumentNullException.ThrowIfNull(options);
        return
        [
            .. Registers,
            .. Seen(options, Math.Min(options.ObservationDays, RoleLimits.Of(role, OfferState.Unmatched, options))),
            .. Work(options),
            .. Decided,
            .. Pictures(options),
        ];
    }

    private static IReadOnlyList<RetentionRule> Registers { get; } =
    [
        new Lasting(typeof(RegisterRow), ForEver, "It names the source of every reference."),
        new Lasting(typeof(ReferenceRow), ForEver, "Hits and cases refer to references, also to those that are retired."),
        new Lasting(typeof(ReferenceRecordRow), ForEver, "It is what the register said, word for word: evidence."),
        new Lasting(typeof(ReferenceIdentifierRow), "with the reference", "It is a part of it."),
        new Lasting(typeof(ReferenceImageRow), "with the reference", "It is a part of it."),
        new Lasting(typeof(LookBackRow), "with the reference", "It says when what was seen before was last asked about it, and what that gave."),
        new Lasting(typeof(ReferenceNegativeRow), ForEver, "A person said that this picture is not this reference."),
        new Lasting(typeof(SequenceRow), ForEver, "A counter."),
        new Lasting(typeof(CalibrationProfileRow), ForEver, "Screenings name the profile that decided them."),
    ];

    /// <summary>What belongs to cases, and how an authority works on them.</summary>
    private static IReadOnlyList<RetentionRule> CaseWork { get; } =
    [
        new Lasting(typeof(MentionRow), "with the case", "It is a part of its history."),
        new Lasting(typeof(CaseClockRow), "with the case", "It says whether a deadline was kept."),
        new Lasting(typeof(SampleRow), "with the case", "It says what was bought and found: evidence."),
        new Lasting(typeof(AttachmentRow), "with the case", "It is a part of an authority's file."),
        new Lasting(typeof(ProposalRow), ForEver, "It says what two people decided."),
        new Lasting(typeof(CaseRulesRow), ForEver, "It is one row of settings."),
        new Lasting(typeof(HolidayRow), ForEver, "Deadlines were counted with it."),
        new Lasting(typeof(UpsettingRow), ForEver, "It is a mark on a reference."),
        new Lasting(typeof(ViewPreferenceRow), ForEver, "It is one row an account."),
    ];

    private static IReadOnlyList<RetentionRule> Decided { get; } =
    [
        new Lasting(typeof(HitRow), ForEver, "Somebody decided it, or is to."),
        new Lasting(typeof(HitDecisionRow), ForEver, "A person's decision."),
        .. CaseWork,
        new Lasting(typeof(CaseRow), ForEver, "An authority's file."),
        new Lasting(typeof(CaseEventRow), ForEver, "The history of a case."),
        new Lasting(typeof(NoticeRow), ForEver, "What was sent in the name of the operator, word for word."),
        new Lasting(typeof(NoticeLinkRow), "with the notice", "It is a part of it."),
        new Lasting(typeof(OutcomeCheckRow), "with the notice", "It says what became of a link."),
        new Lasting(typeof(NoticeReplyRow), "with the notice", "It is what the recipient answered."),
        new Lasting(typeof(NoticeTemplateRow), ForEver, "Notices name the version of the template that they were written by."),
        new Lasting(typeof(OperatorRow), ForEver, "It says in whose name notices are sent."),
        new Lasting(typeof(BlockEntryRow), ForEver, "Who follows the block list is told of each removal, however late."),
        new Lasting(typeof(WatchRow), ForEver, "It says which offer was removed, when and how that is known; its returns are told by it."),
        new Lasting(typeof(WatchPictureRow), "with the watch", "It is a part of it."),
        new Lasting(typeof(WatchKeyRow), "with the watch", "It is a part of it."),
        new Lasting(typeof(ReturnRow), ForEver, "It says that a removed offer was there again, and after how long."),
        new Lasting(typeof(EvidenceRow), ForEver, "It names a bundle that was handed out, and what the checks of it found."),
        new Lasting(typeof(CaptureRow), ForEver, "An officer's record of an inspection."),
        new Lasting(typeof(SigningKeyRow), ForEver, "What it signed is checked with it."),
        new Lasting(typeof(DigestRow), "until the person ends it", "A person's wish to be told what came."),
        new Lasting(typeof(MailSettingsRow), "until an administrator removes it", "It is how mail leaves the installation."),
        new Lasting(typeof(MandateRow), ForEver, "Fetches name the mandate that allowed them."),
        new Lasting(typeof(SearchProviderRow), "until an administrator removes it", "It is how the web is searched for shops."),
        new Lasting(typeof(FindingRow), ForEver, "It says who looked for shops, with which words, and what was answered."),
        new Lasting(typeof(FoundShopRow), ForEver, "It says why a shop was searched, or was not."),
        new Lasting(typeof(SearchTermRow), "until it is changed back", "A person's words for a subject."),
        new Lasting(typeof(IgnoredHostRow), "until it is changed back", "A person said that the host is no shop."),
        new Lasting(typeof(AuditRow), ForEver, "Who did what; the chain of hashes allows no gap."),
        new Lasting(typeof(ErasedNameRow), ForEver, "It keeps an erased name from being stored again, and is only a keyed hash of it."),
        new Lasting(typeof(ErasureRow), ForEver, "It says why bytes are missing, and keeps them from being stored again."),
    ];

    /// <summary>Runs and what they saw. A run's numbers stay in its row.</summary>
    private static IReadOnlyList<RetentionRule> Seen(RetentionOptions options, int traitDays) =>
    [
        new Lasting(typeof(ShopRow), ForEver, "It is few, and names who sold what."),
        new Lasting(typeof(MarketSignalRow), ForEver, "One for each kind of thing that a shop says of its countries: why a hit is listed for a market."),
        new Lasting(typeof(ShopMarketRow), ForEver, "What those say together."),
        new Passing<TraitRow>(
            $"{Days(traitDays)} after a page last stated it", "By it shops and sellers are known to be one; it may be personal data.",
            (db, now) => db.Traits.Where(t => t.LastSeenAt < now.AddDays(-traitDays))),
        new Passing<SellerRow>(
            "while a listing names it", "It names who sold what within a shop.",
            (db, now) => db.Sellers.Where(s => s.LastSeenAt < now.AddDays(-1) && !db.Listings.Any(l => l.SellerId == s.Id))),
        new Lasting(typeof(NotSameShopRow), ForEver, "A person's word that two shops are not the same."),
        new Lasting(typeof(ListingRow), ForEver, "It names the place of every observation."),
        new Lasting(typeof(SearchRow), ForEver, "It says what was looked for, by whom."),
        new Lasting(typeof(SearchRunRow), ForEver, "Its numbers tell what was covered, after its URLs are gone."),
        new Passing<FrontierRow>(
            $"{Days(options.RunUrlDays)} after the run's end", "It is only the queue of a run, and the reasons for gaps while people look at them.",
            (db, now) => db.Frontier.Where(f => Ended(db, now.AddDays(-options.RunUrlDays)).Contains(f.RunId))),
        new Passing<RunObservationRow>(
            $"{Days(options.RunObservationDays)} after the run's end", "The hits stay; only which run saw them goes.",
            (db, now) => db.RunObservations.Where(o => Ended(db, now.AddDays(-options.RunObservationDays)).Contains(o.RunId)))
        { InBatches = false },
        new Passing<ScreeningRow>(
            $"{Days(options.ObservationDays)}, where a later one or a later observation tells more", "One with a hit, of a capture or seen by a run is kept.",
            (db, now) => db.Screenings.Where(s => s.ScreenedAt < now.AddDays(-options.ObservationDays) && s.ObservationId != null
                && (db.Screenings.Any(later => later.ObservationId == s.ObservationId && later.Id > s.Id) || db.Observations.Any(later => later.ListingId == s.Observation!.ListingId && later.Number > s.Observation.Number))
                && !db.RunObservations.Any(o => o.ScreeningId == s.Id)
                && !db.Hits.Any(h => h.Match!.ScreeningId == s.Id) && !db.HitDecisions.Any(d => d.Match!.ScreeningId == s.Id))),
        new Lasting(typeof(MatchRow), "with the screening", "It is a part of it."),
        new Passing<ObservationRow>(
            $"{Days(options.ObservationDays)} after it was last seen, where the listing has a later one", "One that led to a hit is kept by its screening, and is evidence.",
            (db, now) => db.Observations.Where(o => o.LastSeenAt < now.AddDays(-options.ObservationDays) && db.Observations.Any(later => later.ListingId == o.ListingId && later.Number > o.Number)
                && !db.Screenings.Any(s => s.ObservationId == o.Id) && !db.RunObservations.Any(r => r.ObservationId == o.Id)
                && !db.Watches.Any(w => w.ObservationId == o.Id) && !db.Returns.Any(r => r.ObservationId == o.Id) && !db.WatchChecks.Any(c => c.ObservationId == o.Id))),
        new Lasting(typeof(ObservationExchangeRow), "with the observation", "It is a part of it."),
        new Lasting(typeof(ObservationImageRow), "with the observation", "It is a part of it."),
        new Lasting(typeof(ObservationVariantRow), "with the observation", "It is a part of it."),
        new Passing<SeenPictureRow>(
            "while an observation shows the picture", "By its number each node takes the picture into its index of what was seen.",
            (db, _) => db.SeenPictures.Where(s => !db.ObservationImages.Any(i => i.ImageSha256 == s.ImageSha256))),
    ];

    private static IReadOnlyList<RetentionRule> Work(RetentionOptions options) =>
    [
        new Passing<RememberedUrlRow>(
            $"{Days(options.RememberedUrlDays)} after the last answer; {Days(options.UnaskableUrlDays)} where the server cannot be asked if it still holds", "A URL that nobody asks any more is asked whole, once, if somebody does.",
            (db, now) => db.RememberedUrls.Where(u => u.CheckedAt < now.AddDays(-options.RememberedUrlDays) || (!u.HasValidator && u.CheckedAt < now.AddDays(-options.UnaskableUrlDays)))),
        new Passing<WatchCheckRow>(
            $"until it is compared with the watches; {Days(options.IdleJobDays)} where that failed", "What was seen and waits; one over which workers were lost is given up.",
            (db, now) => db.WatchChecks.Where(c => c.Attempts >= WatchCheckRow.MostAttempts && c.QueuedAt < now.AddDays(-options.IdleJobDays) && (c.LeaseUntil == null || c.LeaseUntil < now))),
        new Passing<GateSightingRow>(
            $"until it is compared with the watches; {Days(options.IdleJobDays)} where that failed", "A marketplace's listing that waits; what is no return leaves nothing.",
            (db, now) => db.GateSightings.Where(c => c.Attempts >= WatchCheckRow.MostAttempts && c.SeenAt < now.AddDays(-options.IdleJobDays) && (c.LeaseUntil == null || c.LeaseUntil < now))),
        new Passing<ReferenceChangeRow>(
            $"{Days(options.SupersededChangeDays)} after a later change of the same reference", "Who follows needs the newest change of each reference only.",
            (db, now) => db.ReferenceChanges.Where(c => c.At < now.AddDays(-options.SupersededChangeDays) && db.ReferenceChanges.Any(later => later.ReferenceId == c.ReferenceId && later.Number > c.Number))),
        new Passing<ImportRow>(
            $"{ForEver}; {Days(options.PreviewedImportDays)} where nobody decided what was looked at", "It says what was taken in, from where and by whom, and what was rejected; what was only looked at says nothing.",
            (db, now) => db.Imports.Where(x => x.State == ImportState.Previewed && x.CreatedAt < now.AddDays(-options.PreviewedImportDays))),
        new Passing<ImageJobRow>(
            $"{Days(options.IdleJobDays)} after nobody took it", "It is of a picture or a model that is not in use any more; whoever needs it queues it again.",
            (db, now) => db.ImageJobs.Where(j => j.NotBefore < now.AddDays(-options.IdleJobDays) && (j.LeaseUntil == null || j.LeaseUntil < now))),
        new Passing<HostLeaseRow>(
            $"{Days(options.HostLeaseDays)} after it ran out", "Whoever asks the host takes a new one.",
            (db, now) => db.HostLeases.Where(l => l.LeaseUntil < now.AddDays(-options.HostLeaseDays))),
        new Passing<OutboxRow>(
            $"{Days(options.DeliveredMessageDays)} after delivery; for ever if not delivered, or if it carried a notice", "A dead message waits for a person; that one was sent is in the audit log. What carried a notice is its receipt.",
            (db, now) => db.Outbox.Where(m => m.State == OutboxState.Delivered && m.DeliveredAt < now.AddDays(-options.DeliveredMessageDays) && !db.Notices.Any(n => n.OutboxId == m.Id))),
        new Passing<IdempotencyRow>(
            $"{Days(options.IdempotencyKeyDays)}", "Callers repeat a request within minutes, not weeks.",
            (db, now) => db.IdempotencyKeys.Where(k => k.At < now.AddDays(-options.IdempotencyKeyDays)))
        { InBatches = false },
    ];

    /// <summary>What is stored of pictures. Those that nothing refers to go with their bytes (<see cref="PictureSweep"/>).</summary>
    private static IReadOnlyList<RetentionRule> Pictures(RetentionOptions options) =>
    [
        new Passing<ImageFeaturesRow>(
            $"with the picture; {Days(options.OldFormatDays)} in an earlier format", "This version extracts its own; an earlier one may run beside it for a while.",
            (db, now) => db.ImageFeatures.Where(f => f.Format < FeatureFormat.Version && f.ExtractedAt < now.AddDays(-options.OldFormatDays))),
        new Lasting(typeof(ImageTextRow), "with the picture", "It is read again should the picture come again."),
        new Lasting(typeof(ImageRow), $"{Days(options.UnusedPictureDays)}, where nothing refers to it", "The gate's pictures of listings that matched nothing, for the most part."),
    ];

    private static string Days(int days) => days == 1 ? "1 day" : FormattableString.Invariant($"{days} days");

    private static IQueryable<long> Ended(TouchstoneDb db, DateTimeOffset until) =>
        db.SearchRuns.Where(r => !RunStates.Unfinished.Contains(r.State) && r.FinishedAt < until).Select(r => r.Id);
}
