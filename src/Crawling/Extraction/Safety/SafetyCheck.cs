using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Heuristics;
using static Touchstone.Crawling.Extraction.Facts.SafetyPoint;
using static Touchstone.Crawling.Extraction.Facts.SafetyState;

namespace Touchstone.Crawling.Extraction.Safety;

/// <summary>
/// Asks a page for what a distance seller must state of a product (Regulation (EU) 2023/988, Article 19), point by point. It says what a page states, never whether that is
/// true or enough. Pure; time grows linearly with the page.
/// </summary>
internal static class SafetyCheck
{
    private const int LongestText = 300, LeastWarning = 12, LeastUnderHeading = 30;

    /// <param name="maker">As markup names the maker; null where it does not.</param>
    public static IReadOnlyList<SafetyStatement> Of(PageView view, SafetySubject subject, StatedMaker? maker)
    {
        IReadOnlyList<string> lines = SafetyText.Lines(view);
        SafetyParty? made = SafetyParty.Find(lines, static l => SafetyWords.Responsible().IsMatch(l) ? null : SafetyWords.Maker().Match(l), static l => SafetyWords.Responsible().IsMatch(l));
        SafetyParty? answers = ResponsiblePerson.Find(lines);
        if (made is { IsLoose: true } && subject.Brand is not null) made = null;
        if (maker is not null) made = Joined(made, maker);
        SafetyReason? elsewhere = Elsewhere(view, lines);
        string? named = made?.Name ?? subject.Brand;
        return
        [
            Point(Manufacturer, named, made?.Name is null ? "brand" : made.Label, elsewhere),
            Point(ManufacturerAddress, made?.Address, made?.Label, elsewhere),
            Point(ManufacturerContact, made?.Contact, made?.Label, elsewhere),
            .. Responsible(made, answers, elsewhere),
            Point(Picture, subject.Pictures > 0 ? subject.FirstPicture : null, null, null),
            Point(SafetyPoint.Type, subject.Name, null, null),
            Point(Identifier, subject.Identifier, null, null),
            Warning(view, lines, subject.Language, elsewhere),
        ];
    }

    private static SafetyStatement Point(SafetyPoint point, string? text, string? where, SafetyReason? elsewhere) =>
        text is not null ? new(point, Found, Short(text), where) : elsewhere is { } reason ? new(point, CannotBeTold, Reason: reason) : new(point, Missing);

    private static IEnumerable<SafetyStatement> Responsible(SafetyParty? made, SafetyParty? answers, SafetyReason? elsewhere)
    {
        (SafetyPoint Point, string? Text)[] points = [(SafetyPoint.ResponsiblePerson, answers?.Name), (ResponsibleAddress, answers?.Address), (ResponsibleContact, answers?.Contact)];
        bool? inUnion = made?.IsInUnion;
        foreach ((SafetyPoint point, string? text) in points)
            yield return text is not null ? new(point, Found, Short(text), answers!.Label)
                : answers is null && inUnion is true ? new(point, NotNeeded, Reason: SafetyReason.MakerInUnion)
                : elsewhere is { } reason ? new(point, CannotBeTold, Reason: reason)
                : answers is null && inUnion is null ? new(point, CannotBeTold, Reason: SafetyReason.MakerCountryUnknown)
                : new(point, Missing);
    }

    private static SafetyParty Joined(SafetyParty? made, StatedMaker maker) =>
        made is { Stated: > 1 } ? made with { Name = made.Name ?? maker.Name, Address = made.Address ?? maker.Address, Contact = made.Contact ?? maker.Contact }
            : new(made is { Name: not null } && maker.Address is null && maker.Contact is null ? made.Label : "manufacturer", made?.Name ?? maker.Name, made?.Address ?? maker.Address, made?.Contact ?? maker.Contact);

    private static SafetyStatement Warning(PageView view, IReadOnlyList<string> lines, string? language, SafetyReason? elsewhere)
    {
        string? own = language?.Split('-', '_')[0].ToLowerInvariant();
        (string Language, string Text)? other = null;
        foreach ((string spoken, System.Text.RegularExpressions.Regex words) in SafetyWords.Warnings)
            for (int i = 0; i < lines.Count; i++)
            {
                if (words.Match(lines[i]) is not { Success: true } match) continue;
                // A heading has its text in the next line.
                bool heading = lines[i].Length - match.Length < 8;
                if (heading && IsPhrase(match.Value) && (i + 1 >= lines.Count || lines[i + 1].Length < LeastUnderHeading)) continue;
                string text = heading && i + 1 < lines.Count ? $"{lines[i]} {lines[i + 1]}" : lines[i];
                // A link to a page of warnings, and a heading with nothing under it, are none.
                if (text.Length - match.Length < LeastWarning) continue;
                if (spoken == own || own is null) return new(Warnings, Found, Short(text[Math.Max(0, Math.Min(match.Index, text.Length - 20))..]), null);
                other ??= (spoken, text);
            }
        if (other is { } foreign) return new(Warnings, SafetyWords.Warnings.Any(w => w.Language == own) ? Missing : CannotBeTold, Short(foreign.Text), null, SafetyReason.OtherLanguage);
        if (ShowsText(view)) return new(Warnings, CannotBeTold, Reason: SafetyReason.OnlyInPicture);
        return elsewhere is { } reason ? new(Warnings, CannotBeTold, Reason: reason) : new(Warnings, Missing, Reason: SafetyReason.NoneStated);
    }

    // "Safety information" heads a text; "Choking hazard" and "Warning!" are one.
    private static bool IsPhrase(string found) => found.AsSpan().IndexOfAny('!', ':', '.') < 0 && (!found.Contains(' ', StringComparison.Ordinal) || found.Contains("information", StringComparison.OrdinalIgnoreCase) || found.Contains("instruct", StringComparison.OrdinalIgnoreCase));

    /// <summary>Why what must be stated may be where this page does not show it: a heading of that name with nothing under it, or a link of that name.</summary>
    private static SafetyReason? Elsewhere(PageView view, IReadOnlyList<string> lines)
    {
        foreach (PageNode node in view.Nodes)
        {
            if (node.Is(Place.Chrome | Place.Related | Place.Reviews) || node.Tag is not ("a" or "button" or "summary" or "h2" or "h3" or "h4" or "h5") || view.ShortTextOf(node, 120) is not { Length: > 3 and < 80 } text || !SafetyWords.Heading().IsMatch(text)) continue;
            if (view.Links.LeadsElsewhere(node.Element)) return SafetyReason.OnAnotherPage;
            if (!HasTextAfter(lines, text)) return SafetyReason.BroughtByScript;
        }
        return ShowsText(view) && view.Nodes.Any(static n => n.Tag == "img" && n.Element.GetAttribute("alt") is { } alt && SafetyWords.Heading().IsMatch(alt)) ? SafetyReason.OnlyInPicture : null;
    }

    // A tab's name is said again above its text: one of the two has text behind it.
    private static bool HasTextAfter(IReadOnlyList<string> lines, string heading)
    {
        for (int i = 0; i < lines.Count; i++)
            if (lines[i].StartsWith(heading, StringComparison.OrdinalIgnoreCase) && (lines[i].Length > heading.Length + 20 || (i + 1 < lines.Count && (lines[i + 1].Length > 40 || SafetyWords.Maker().IsMatch(lines[i + 1]) || SafetyWords.Responsible().IsMatch(lines[i + 1])))))
                return true;
        return false;
    }

    private static bool ShowsText(PageView view) =>
        view.Nodes.Any(static n => n.Tag == "img" && !n.Is(Place.Chrome | Place.Related | Place.Reviews) && (Says(n.Element, "alt") || Says(n.Element, "src") || Says(n.Element, "title")));

    private static bool Says(IElement picture, string attribute) => picture.GetAttribute(attribute) is { Length: > 3 and < 1_000 } text && SafetyWords.PictureOfText().IsMatch(attribute == "src" ? text[(text.LastIndexOf('/') + 1)..] : text);

    private static string Short(string text) => text.Length > LongestText ? text[..LongestText].TrimEnd() + "…" : text;
}

/// <summary>What of a listing the check asks.</summary>
internal sealed record SafetySubject(string? Name, string? Brand, string? Identifier, int Pictures, string? FirstPicture, string? Language);
