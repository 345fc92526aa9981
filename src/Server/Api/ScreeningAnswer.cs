using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Scoring;
using Touchstone.Recognition.Text;
using Touchstone.Screening;
using Touchstone.Screening.References;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Api;

/// <summary>A reference found, with whom it concerns.</summary>
public sealed record MatchItem(
    long ReferenceId, string Title, ReferenceKind Kind, string Register, string ExternalId, Relation Relation, double Probability, Verdict Verdict, string? RightHolder, bool HasContact, IReadOnlyList<string> Territory, DateOnly? ExpiresOn,
    [property: Description("Why the right behind it does not count today; null: it counts, or it is no right.")] string? NotInForce,
    string? RiskLevel, string? Danger, string? ImageSha256, string? ReferenceImageSha256, IReadOnlyList<string> For, IReadOnlyList<string> Against, TextAgreement? Text, IReadOnlyList<string> Notes, IReadOnlyList<Rival> Rivals, bool NotExplained);

/// <summary>What a screening concludes. <c>Reason</c> says why it is undetermined.</summary>
public sealed record ScreeningAnswer(Verdict Verdict, UndeterminedReason? Reason, string? Detail, IReadOnlyList<MatchItem> Matches, IReadOnlyList<ScreenedImage> Images, string ModelId, string ProfileId, long GallerySequence);

/// <summary>Adds to the matches of an outcome what the registers say of them.</summary>
internal static class ScreeningAnswers
{
    public static async Task<ScreeningAnswer> OfAsync(TouchstoneDb db, ScreeningOutcome outcome, DateOnly today, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<long, ReferenceRow> references = await ReferencesAsync(db, outcome.Matches.Select(x => x.ReferenceId), cancellationToken);
        MatchItem[] matches = [.. outcome.Matches.Where(x => references.ContainsKey(x.ReferenceId))
            .Select(x => ItemOf(references[x.ReferenceId], x.Relation, x.Probability.Value, x.Verdict, x.ImageSha256, x.ReferenceImageSha256, x.Signals, today))];
        return new ScreeningAnswer(outcome.Verdict, outcome.Reason, outcome.Detail, matches, outcome.Images, outcome.ModelId, outcome.ProfileId, outcome.GallerySequence);
    }

    public static async Task<IReadOnlyDictionary<long, ReferenceRow>> ReferencesAsync(TouchstoneDb db, IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        long[] wanted = [.. ids.Distinct()];
        return await db.References.AsNoTracking().Include(x => x.Register).Where(x => wanted.Contains(x.Id)).ToDictionaryAsync(x => x.Id, cancellationToken);
    }

    public static MatchItem ItemOf(ReferenceRow x, Relation relation, double probability, Verdict verdict, string? image, string? referenceImage, MatchSignals signals, DateOnly today) => new(
        x.Id, x.Title, x.Kind, x.Register?.Name ?? "", x.ExternalId, relation, probability, verdict, x.RightHolder, !string.IsNullOrWhiteSpace(x.RightHolderContact), x.Territory?.Split('\n') ?? [], x.ExpiresOn,
        Rights.Expiry(x.Kind, x.ExpiresOn, today), x.RiskLevel, x.Danger, image, referenceImage, signals.For, signals.Against, signals.Text, signals.Notes, signals.Rivals, signals.NotExplained);
}
