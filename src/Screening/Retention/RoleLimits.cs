using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Retention;

/// <summary>How far an offer got; the strongest of its hits and cases counts.</summary>
public enum OfferState
{
    /// <summary>It matched nothing: counted from when it was last seen.</summary>
    Unmatched,

    /// <summary>Every hit was rejected: from the decision.</summary>
    Rejected,

    /// <summary>Nobody decided a hit: from when it was found.</summary>
    Undecided,

    /// <summary>A hit was confirmed, and is in no case: from the decision.</summary>
    Confirmed,

    /// <summary>Its case was rejected: from then.</summary>
    RejectedCase,

    /// <summary>Its case was closed: from then.</summary>
    ClosedCase,
}

/// <summary>
/// For how many days what names a person is kept with an offer (the seller's name, contacts, the page), by the operator's role and how far the offer got. These are most: settings shorten them, none
/// lengthens them. While a case goes on, or a removed offer is watched for, all stays. One table; the documents and the retention page show it.
/// </summary>
public static class RoleLimits
{
    private static readonly Dictionary<OfferState, (int Authority, int RightHolder, int Marketplace)> Days = new()
    {
        // An authority acts under a duty of its own; a right holder needs what supports a claim; a marketplace needs of other shops only what protects its own.
        [OfferState.Unmatched] = (365, 30, 7),
        [OfferState.Rejected] = (180, 30, 7),
        [OfferState.Undecided] = (365, 30, 30),
        [OfferState.Confirmed] = (1825, 1095, 365),
        [OfferState.RejectedCase] = (730, 180, 90),
        [OfferState.ClosedCase] = (3650, 1825, 1095),
    };

    /// <summary>The most days that the role allows.</summary>
    public static int Of(OperatorRole role, OfferState state) => role switch
    {
        OperatorRole.Authority => Days[state].Authority,
        OperatorRole.RightHolder => Days[state].RightHolder,
        OperatorRole.Marketplace => Days[state].Marketplace,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "There is no limit for it."),
    };

    /// <summary>The days that hold: the setting, where it is shorter than the role's.</summary>
    public static int Of(OperatorRole role, OfferState state, RetentionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Math.Min(Of(role, state), options.DaysOf(state) ?? int.MaxValue);
    }
}
