namespace Touchstone.Screening.Retention;

/// <summary>How long rows are kept, in days each, 1..36,500. <see cref="RetentionRules"/> says of what.</summary>
public sealed record RetentionOptions
{
    /// <summary>The last answer of a URL that nobody asked again. Default 90.</summary>
    public int RememberedUrlDays { get; init; } = 90;

    /// <summary>The last answer of a URL whose server cannot be asked if it still holds: other runs of the same time share it, and pictures rest for a week. Default 8.</summary>
    public int UnaskableUrlDays { get; init; } = 8;

    /// <summary>The URLs of a run, from its end. Default 30.</summary>
    public int RunUrlDays { get; init; } = 30;

    /// <summary>Which observations a run saw, from its end. Default 90.</summary>
    public int RunObservationDays { get; init; } = 90;

    /// <summary>An observation that is not its listing's latest and led to no hit, and screenings that told nothing that a later one does not tell. Default 365.</summary>
    public int ObservationDays { get; init; } = 365;

    /// <summary>A delivered message. Default 90.</summary>
    public int DeliveredMessageDays { get; init; } = 90;

    /// <summary>An answer that is given again to the same Idempotency-Key. Default 7.</summary>
    public int IdempotencyKeyDays { get; init; } = 7;

    /// <summary>A change of a reference that changed again later. Default 7.</summary>
    public int SupersededChangeDays { get; init; } = 7;

    /// <summary>A file that was looked at before an import, and that nobody had taken in or discarded. Default 1.</summary>
    public int PreviewedImportDays { get; init; } = 1;

    /// <summary>A job that no node does: its model or picture is not in use any more. Default 30.</summary>
    public int IdleJobDays { get; init; } = 30;

    /// <summary>A lease of a host that ran out. Default 1.</summary>
    public int HostLeaseDays { get; init; } = 1;

    /// <summary>A picture, page or body that nothing refers to, with what was read of it. What is just being stored has no row yet, so not below 1. Default 30.</summary>
    public int UnusedPictureDays { get; init; } = 30;

    /// <summary>Features in the format of an earlier version, which may still run on some nodes. Default 30.</summary>
    public int OldFormatDays { get; init; } = 30;

    /// <summary>What names a person, of an offer that matched nothing, from when it was last seen. Default: as long as the operator's role allows (<see cref="RoleLimits"/>), which is also the most.</summary>
    public int? UnmatchedOfferDays { get; init; }

    /// <summary>Of an offer whose hits were rejected, from the decision. Default and most: the role's.</summary>
    public int? RejectedHitDays { get; init; }

    /// <summary>Of an offer with a hit that nobody decided, from when it was found. Default and most: the role's.</summary>
    public int? UndecidedHitDays { get; init; }

    /// <summary>Of an offer with a confirmed hit in no case, from the decision. Default and most: the role's.</summary>
    public int? ConfirmedHitDays { get; init; }

    /// <summary>Of an offer in a case that was rejected, from then. Default and most: the role's.</summary>
    public int? RejectedCaseDays { get; init; }

    /// <summary>Of an offer in a case that was closed, from then. Default and most: the role's.</summary>
    public int? ClosedCaseDays { get; init; }

    /// <summary>How often the server's job runs. Default 1 h; at least 1 min.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The setting for offers of a state; null: none, so that the role's limit holds.</summary>
    public int? DaysOf(OfferState state) => state switch
    {
        OfferState.Unmatched => UnmatchedOfferDays,
        OfferState.Rejected => RejectedHitDays,
        OfferState.Undecided => UndecidedHitDays,
        OfferState.Confirmed => ConfirmedHitDays,
        OfferState.RejectedCase => RejectedCaseDays,
        OfferState.ClosedCase => ClosedCaseDays,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "There is no setting for it."),
    };

    /// <summary>Everything that is wrong with these options; empty: nothing.</summary>
    public IEnumerable<string> Problems()
    {
        foreach ((string name, int days) in new[]
        {
            (nameof(RememberedUrlDays), RememberedUrlDays), (nameof(UnaskableUrlDays), UnaskableUrlDays), (nameof(RunUrlDays), RunUrlDays), (nameof(RunObservationDays), RunObservationDays), (nameof(ObservationDays), ObservationDays),
            (nameof(DeliveredMessageDays), DeliveredMessageDays), (nameof(IdempotencyKeyDays), IdempotencyKeyDays), (nameof(HostLeaseDays), HostLeaseDays), (nameof(UnusedPictureDays), UnusedPictureDays),
            (nameof(OldFormatDays), OldFormatDays), (nameof(SupersededChangeDays), SupersededChangeDays), (nameof(IdleJobDays), IdleJobDays), (nameof(PreviewedImportDays), PreviewedImportDays),
            (nameof(UnmatchedOfferDays), UnmatchedOfferDays ?? 1), (nameof(RejectedHitDays), RejectedHitDays ?? 1), (nameof(UndecidedHitDays), UndecidedHitDays ?? 1), (nameof(ConfirmedHitDays), ConfirmedHitDays ?? 1),
            (nameof(RejectedCaseDays), RejectedCaseDays ?? 1), (nameof(ClosedCaseDays), ClosedCaseDays ?? 1),
        })
            if (days is < 1 or > 36_500) yield return $"Retention:{name} is {days}; it is within 1 and 36,500 days.";
        if (Every < TimeSpan.FromMinutes(1)) yield return $"Retention:Every is {Every}; it is at least 1 minute.";
    }
}
