using System.Globalization;
using System.Text;
using Touchstone.Crawling.Text;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Field;

/// <summary>Writes the mail to a right holder: plain text that says what matches, how sure that is, and how to answer.</summary>
internal static class OwnerMail
{
    private const int LongestTitle = 120;

    public static OutboxMessage Write(CaptureRow capture, ReferenceRow reference, MatchRow match, string? note, string key)
    {
        string title = OneLine(reference.Title);
        string capturedAs = $"capture {capture.Id.ToString(CultureInfo.InvariantCulture)}";
        var body = new StringBuilder();
        body.Append(reference.RightHolder is { Length: > 0 } holder ? $"To {OneLine(holder)}\r\n\r\n" : "");
        string matches = match.Verdict == Verdict.Match ? "matches" : "may match";
        body.Append($"A photo taken at an inspection {matches} {KindOf(reference.Kind)} that names you as the contact.\r\n\r\n");
        body.Append($"Reference:    {title} ({reference.Register?.Name ?? "register"} {OneLine(reference.ExternalId)})\r\n");
        if (reference.SourceUrl is { Length: > 0 } source) body.Append($"              {OneLine(source)}\r\n");
        body.Append($"The match:    {RelationOf(match.Relation)}, probability {new Probability(match.Probability)}\r\n");
        body.Append($"Photo:        {capturedAs}, SHA-256 {match.ImageSha256 ?? capture.ImageSha256}\r\n");
        body.Append(CultureInfo.InvariantCulture, $"Taken:        {capture.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC by {OneLine(capture.TakenBy)}\r\n");
        body.Append($"Place:        {(capture.Place is { Length: > 0 } place ? OneLine(place) : "not stated")}\r\n");
        if (!string.IsNullOrWhiteSpace(note)) body.Append($"\r\nThe officer writes:\r\n{note.ReplaceLineEndings("\r\n").Trim()}\r\n");
        body.Append("\r\nA picture can only match; what the item is, you and the officer decide.\r\n");
        body.Append($"To answer, reply to this message and leave \"{capturedAs}\" in its subject: say whether the item is yours or made with your\r\n");
        body.Append("consent, and by what you can tell.\r\n");
        return new(OutboxKind.Email, reference.RightHolderContact!, $"A photo {matches} {title} ({capturedAs})", body.ToString(), key);
    }

    private static string KindOf(ReferenceKind kind) => kind switch
    {
        ReferenceKind.Alert => "an alert",
        ReferenceKind.Design => "a registered design",
        ReferenceKind.Mark => "a mark",
        ReferenceKind.GenuineProduct => "a genuine product",
        _ => "an entry of a register",
    };

    private static string RelationOf(Relation relation) => relation switch
    {
        Relation.SameImage => "a copy of the same image",
        Relation.SameProduct => "the same product",
        Relation.SameDesign => "the same design",
        Relation.MarkPresent => "the mark is present",
        _ => "the same identifier",
    };

    private static string OneLine(string text)
    {
        string line = new([.. text.Select(x => char.IsControl(x) ? ' ' : x)]);
        return line.Length <= LongestTitle ? line.Trim() : $"{WholeCharacters.Cut(line, LongestTitle).Trim()}…";
    }
}
