using Touchstone.Screening.Retention;
using Touchstone.Screening.Storage.Rows;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Installation;

/// <summary>Roles of the operator and states of offers in words, in the language of the request.</summary>
internal static class RetentionWords
{
    public static string Of(OperatorRole role) => role switch
    {
        OperatorRole.Authority => T("Authority"),
        OperatorRole.RightHolder => T("Right holder"),
        OperatorRole.Marketplace => T("Marketplace"),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "There is no word for it."),
    };

    public static string Of(OfferState state) => state switch
    {
        OfferState.Unmatched => T("Matched nothing, from when it was last seen"),
        OfferState.Rejected => T("Hits rejected, from the decision"),
        OfferState.Undecided => T("Hit undecided, from when it was found"),
        OfferState.Confirmed => T("Hit confirmed, in no case, from the decision"),
        OfferState.RejectedCase => T("Case rejected, from then"),
        OfferState.ClosedCase => T("Case closed, from then"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "There is no word for it."),
    };
}
