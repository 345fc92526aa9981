using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Recognition.Calibration;
using Touchstone.Screening;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Storage;
using Touchstone.Vision.Embedding;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone profile</c>: what people's verdicts make of the calibration profile; seen first, then applied, and taken back.</summary>
public static class ProfileCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The id that the preview names" };

    public static Command Create() => new Command("profile", "Learns from confirmed and rejected hits")
    {
        new Command("preview", "Shows what the verdicts would change").Runs(PreviewAsync),
        new Command("apply", "Applies the previewed profile") { Id }.Runs((context, token) => ChangeAsync(context, (model, id) => verb => new ApplyProfile(model, id).RunAsync(verb, token), token)),
        new Command("undo", "Takes the adjusted profile in use back") { Id }.Runs((context, token) => ChangeAsync(context, (model, id) => verb => new UndoProfile(model, id).RunAsync(verb, token), token)),
    }.OnInstallation();

    private static async Task<int> PreviewAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        string model = ModelCatalog.Load().Find(null).Id;
        ProfilePreview preview = await VerdictLearning.PreviewAsync(db, model, cancellationToken) ?? throw new CommandFailedException($"No profile fits the model {model}.");
        if (context.Json) context.WriteJson(preview);
        else Print(context.Output, preview);
        return ExitCode.Done;
    }

    private static async Task<int> ChangeAsync(CommandContext context, Func<string, string, Func<VerbContext, Task<VerbOutcome<CalibrationProfile>>>> verb, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        VerbOutcome<CalibrationProfile> outcome = await verb(ModelCatalog.Load().Find(null).Id, context.Arguments.GetValue(Id)!)(new VerbContext(db, Installation.Actor, TimeProvider.System));
        if (!outcome.Done) throw new CommandFailedException(outcome.Detail!);
        context.Output.WriteLine($"In use: {outcome.Value!.Id}");
        return ExitCode.Done;
    }

    private static void Print(TextWriter output, ProfilePreview preview)
    {
        output.WriteLine($"in use: {preview.ProfileId}{(preview.NotMeasured > 0 ? $"; {preview.NotMeasured} hits of older versions could not be measured" : "")}");
        foreach (RelationChange change in preview.Relations)
        {
            output.WriteLine($"{change.Relation}: {change.Confirmed} confirmed, {change.Rejected} rejected; {(change.Kept is { } kept ? $"unchanged: {kept}" : $"match {From(change.MatchBefore)} → {From(change.MatchAfter)} ({change.MatchReason}), review {From(change.ReviewBefore)} → {From(change.ReviewAfter)}")}");
            if (change.Kept is null) output.WriteLine($"  past hits: {change.ToMatch} would become matches, {change.ToReview} reviews, {change.ToNoMatch} none");
            foreach (HitChange hit in change.Examples)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  hit {hit.HitId} {hit.Name}: {hit.Before} {hit.ProbabilityBefore:0.000} → {hit.After} {hit.ProbabilityAfter:0.000}"));
        }
        output.WriteLine(preview.Changes ? $"To apply it: touchstone profile apply {preview.Proposed.Id}" : "Applying it would change nothing.");
    }

    private static string From(OperatingPoint? point) => point is { } at ? at.Probability.ToString("0.000", CultureInfo.InvariantCulture) : "abstains";
}
