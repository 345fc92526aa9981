using Touchstone.Screening.Notices;
using Touchstone.Screening.Storage.Rows;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Notices;

/// <summary>The words of notices, in the language of the request.</summary>
internal static class NoticeWords
{
    public static string Of(NoticeKind kind) => kind switch
    {
        NoticeKind.DsaNotice => T("DSA notice (article 16)"),
        NoticeKind.AuthorityOrder => T("Order of the authority"),
        NoticeKind.StatementOfReasons => T("Statement of reasons"),
        NoticeKind.SafetyGateDraft => T("Safety Gate draft"),
        NoticeKind.ShopRequest => T("Request to the shop"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(NoticeOutcome outcome) => outcome switch
    {
        NoticeOutcome.Waiting => T("waiting"),
        NoticeOutcome.Removed => T("removed"),
        NoticeOutcome.SaidRemoved => T("said to be removed"),
        NoticeOutcome.Explained => T("explained"),
        NoticeOutcome.Refused => T("refused"),
        NoticeOutcome.NoAnswer => T("no answer"),
        NoticeOutcome.TakenBack => T("taken back"),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static string Of(OutboxState state) => state switch
    {
        OutboxState.Pending => T("waiting"),
        OutboxState.Leased => T("on its way"),
        OutboxState.Delivered => T("delivered"),
        OutboxState.Dead => T("not deliverable"),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Of(SeenOutcome seen) => seen switch
    {
        SeenOutcome.Gone => T("gone"),
        SeenOutcome.NoOffer => T("leads to no offer"),
        SeenOutcome.NotOrderable => T("cannot be ordered"),
        SeenOutcome.StillOffered => T("still offered"),
        SeenOutcome.NotChecked => T("could not be checked"),
        _ => throw new ArgumentOutOfRangeException(nameof(seen)),
    };

    public static string Of(ReplyKind kind) => kind switch
    {
        ReplyKind.Removed => T("Says that it is removed"),
        ReplyKind.Explanation => T("Explains"),
        ReplyKind.Refusal => T("Refuses"),
        ReplyKind.Appeal => T("Appeals"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(BlockKind kind) => kind == BlockKind.Host ? T("host") : T("link");

    public static string Tone(NoticeOutcome outcome) => outcome switch
    {
        NoticeOutcome.Removed => "good",
        NoticeOutcome.Waiting => "info",
        NoticeOutcome.NoAnswer or NoticeOutcome.Refused => "danger",
        _ => "warn",
    };

    public static string Tone(SeenOutcome seen) => seen switch
    {
        SeenOutcome.StillOffered => "danger",
        SeenOutcome.NotChecked => "warn",
        _ => "good",
    };
}
