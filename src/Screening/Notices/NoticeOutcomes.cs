using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>What became of a notice.</summary>
public enum NoticeOutcome
{
    /// <summary>Nothing yet, and there is time left or no answer is asked for.</summary>
    Waiting,

    /// <summary>Every link was seen to be gone, to offer nothing or to take no order.</summary>
    Removed,

    /// <summary>The recipient says so, and it was not seen yet.</summary>
    SaidRemoved,

    Explained,

    Refused,

    /// <summary>The day to answer by is over.</summary>
    NoAnswer,

    /// <summary>An appeal against it succeeded.</summary>
    TakenBack,
}

/// <summary>The outcome of a notice, computed of what was seen and what was answered. What was seen counts before what was said, and what could not be checked says nothing. Pure.</summary>
public static class NoticeOutcomes
{
    /// <summary>What a link shows that ends the offer.</summary>
    internal static SeenOutcome[] Ends { get; } = [SeenOutcome.Gone, SeenOutcome.NoOffer, SeenOutcome.NotOrderable];

    /// <param name="notice">With its links, their checks, and its replies.</param>
    public static NoticeOutcome Of(NoticeRow notice, DateTimeOffset now)
    {
        if (notice.State == NoticeState.Draft) return NoticeOutcome.Waiting;
        if (notice.Replies.Any(x => x.Upheld == false)) return NoticeOutcome.TakenBack;
        if (notice.Links.Count > 0 && notice.Links.All(x => LastSeen(x) is { } last && Ends.Contains(last.Seen))) return NoticeOutcome.Removed;
        NoticeReplyRow? reply = notice.Replies.OrderBy(x => x.Id).LastOrDefault();
        bool stillThere = reply is not null && notice.Links.Any(x => LastSeen(x) is { Seen: SeenOutcome.StillOffered } seen && seen.At > reply.At);
        return reply?.Kind switch
        {
            ReplyKind.Refusal or ReplyKind.Appeal => NoticeOutcome.Refused,
            ReplyKind.Explanation => NoticeOutcome.Explained,
            ReplyKind.Removed when !stillThere => NoticeOutcome.SaidRemoved,
            _ => notice.RespondBy is { } by && SendNotice.EndOf(by) <= now ? NoticeOutcome.NoAnswer : NoticeOutcome.Waiting,
        };
    }

    /// <summary>The last check that says something; null: there is none.</summary>
    public static OutcomeCheckRow? LastSeen(NoticeLinkRow link) => link.Checks.Where(x => x.Seen != SeenOutcome.NotChecked).OrderBy(x => x.Id).LastOrDefault();
}
