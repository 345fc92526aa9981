using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>What each kind of notice must hold before it may be sent, by the law that shapes it. Pure.</summary>
public static class NoticeRequirements
{
    /// <summary>A sentence for each thing that is missing; empty: it can be sent.</summary>
    /// <param name="links">With their hits.</param>
    public static IReadOnlyList<string> Missing(NoticeRow notice, OperatorRow? from, IReadOnlyCollection<NoticeLinkRow> links)
    {
        List<string> missing = [];
        if (from is null) missing.Add("It is not said in whose name notices are sent: an administrator fills in System, Operator.");
        if (from is { Role: not OperatorRole.Authority } && notice.Kind is (NoticeKind.AuthorityOrder or NoticeKind.SafetyGateDraft)) missing.Add("Only an authority sends it, and the operator is none: take another kind, or an administrator changes System, Operator.");
        if (RecipientProblem(notice) is { } recipient) missing.Add(recipient);
        if (links.Count == 0) missing.Add("It names no link: confirm a hit of the case first.");
        foreach (NoticeLinkRow link in links)
            if (link.Hit is { State: not HitState.Confirmed }) missing.Add($"Hit {link.HitId} is not confirmed any more; take its link out of the notice.");
        missing.AddRange(notice.Kind switch
        {
            NoticeKind.DsaNotice => Dsa(notice),
            NoticeKind.AuthorityOrder => Order(notice),
            NoticeKind.StatementOfReasons => Statement(notice),
            NoticeKind.SafetyGateDraft => SafetyGate(notice, links),
            _ => Request(notice),
        });
        return missing;
    }

    // Regulation (EU) 2022/2065, article 16(2): explanation, exact links, name and address of whoever notifies, good faith.
    private static IEnumerable<string> Dsa(NoticeRow notice)
    {
        if (Blank(notice.Reasons)) yield return "It does not say why the content is illegal (article 16(2)(a)).";
        if (!notice.GoodFaith) yield return "It lacks the statement of good faith (article 16(2)(d)).";
    }

    // Article 9(2): legal basis, reasons, issuer, links, redress, who is told of the effect; scope; language.
    private static IEnumerable<string> Order(NoticeRow notice)
    {
        if (Blank(notice.LegalBasis)) yield return "It names no legal basis (article 9(2)(a)(i)).";
        if (Blank(notice.Reasons)) yield return "It gives no reasons why the content is illegal (article 9(2)(a)(ii)).";
        if (Blank(notice.Measure)) yield return "It does not say what is to be done.";
        if (Blank(notice.Redress)) yield return "It does not say how to have it reviewed (article 9(2)(a)(v)).";
        if (Blank(notice.Territory)) yield return "It does not say where it holds (article 9(2)(b)).";
        if (notice.RespondBy is null) yield return "It sets no day to answer by.";
    }

    // Article 17(3): the restriction and its reach, the facts, the ground, redress. That pictures were compared by a program stands in the template.
    private static IEnumerable<string> Statement(NoticeRow notice)
    {
        if (Blank(notice.Measure)) yield return "It does not say what was restricted (article 17(3)(a)).";
        if (Blank(notice.Territory)) yield return "It does not say where the restriction holds (article 17(3)(a)).";
        if (Blank(notice.Reasons)) yield return "It does not state the facts that it relies on (article 17(3)(b)).";
        if (Blank(notice.LegalBasis)) yield return "It names no legal ground (article 17(3)(d)).";
        if (Blank(notice.Redress)) yield return "It does not say how to have it reviewed (article 17(3)(f)).";
    }

    private static IEnumerable<string> SafetyGate(NoticeRow notice, IReadOnlyCollection<NoticeLinkRow> links)
    {
        if (Blank(notice.Measure)) yield return "It names no measure that was taken.";
        if (Blank(notice.Territory)) yield return "It does not say on which market the measure holds.";
        if (Blank(notice.Reasons) && links.All(x => Blank(x.Hit?.Reference?.Danger))) yield return "It does not describe the risk.";
    }

    private static IEnumerable<string> Request(NoticeRow notice)
    {
        if (Blank(notice.Measure)) yield return "It does not say what the shop is asked to do.";
        if (notice.RespondBy is null) yield return "It sets no day to answer by.";
    }

    private static string? RecipientProblem(NoticeRow notice)
    {
        if (Blank(notice.Recipient)) return "It has no recipient.";
        return notice.Way switch
        {
            NoticeWay.Email when EmailAddress.TryParse(notice.Recipient) is null => $"“{notice.Recipient}” is no e-mail address.",
            NoticeWay.Webhook when !Uri.TryCreate(notice.Recipient, UriKind.Absolute, out Uri? url) || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)) || url.UserInfo.Length > 0 => $"“{notice.Recipient}” is no https URL.",
            _ => null,
        };
    }

    private static bool Blank(string? text) => string.IsNullOrWhiteSpace(text);
}
