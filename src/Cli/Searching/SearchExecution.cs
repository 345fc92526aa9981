using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Touchstone.Cli.Frame;
using Touchstone.Screening.Following;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Cli.Searching;

/// <summary>Runs a search through the product's own runner and shows how far it is.</summary>
internal static class SearchExecution
{
    private const int MostShown = 200;

    private static readonly TimeSpan LookForHits = TimeSpan.FromSeconds(3);

    /// <exception cref="CommandFailedException">The search is refused, or another worker runs it.</exception>
    public static async Task<SearchReport> RunAsync(CommandContext context, IServiceProvider services, CreateSearch.Request request, CancellationToken cancellationToken)
    {
        long started = context.Clock.GetTimestamp();
        var databases = services.GetRequiredService<IDbContextFactory<TouchstoneDb>>();
        SearchRunRow queued = await CreateAsync(context, databases, request, cancellationToken);
        await ShowAsync(context, "Loading the gallery", tell => services.GetRequiredService<GalleryFollower>().RefreshAsync(
            new Told<GalleryStatus>(x => tell(x.Why ?? $"{x.Images} reference pictures")), cancellationToken));
        SearchRunRow? run = null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watching = ShowHitsAsync(context, databases, queued.Id, ended.Token);
        try
        {
            await ShowAsync(context, "Searching", async tell => run = await services.GetRequiredService<SearchRunner>().RunNextAsync(
                $"cli-{Environment.ProcessId}", queued.Id, new Told<SearchProgress>(x => tell(Line(x))), cancellationToken));
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
        if (run is null) throw new CommandFailedException($"The run {queued.Id} is held by another worker.");
        return await SearchReport.ReadAsync(databases, queued.Id, context.Clock.GetElapsedTime(started).TotalSeconds, cancellationToken);
    }

    /// <summary>Names each hit to whoever watches when it is found, while the crawl goes on.</summary>
    private static async Task ShowHitsAsync(CommandContext context, IDbContextFactory<TouchstoneDb> databases, long runId, CancellationToken cancellationToken)
    {
        HashSet<long> shown = [];
        using var timer = new PeriodicTimer(LookForHits, context.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
                foreach (HitRow hit in await SearchQueries.HitsOfRunAsync(db, runId, MostShown, cancellationToken))
                    if (shown.Add(hit.Id)) context.People.MarkupLineInterpolated($"[yellow]{hit.Verdict}[/] {new Probability(hit.Probability)}  {hit.Reference!.ExternalId}  {hit.Listing!.Url}");
            }
        }
        catch (Exception e) when (e is OperationCanceledException || DatabaseAway.Explains(e))
        {
            // The run ended, or waits for its database; what it found is printed as a whole.
        }
    }

    /// <summary>Runs a step with a line that tells how far it is; where no person watches, the last line is printed once.</summary>
    public static async Task ShowAsync(CommandContext context, string step, Func<Action<string>, Task> action)
    {
        string last = "";
        long started = context.Clock.GetTimestamp();
        if (context.People.Profile.Capabilities.Interactive)
            await context.People.Status().StartAsync(Markup.Escape(step), status => action(x => status.Status(Markup.Escape($"{step}: {last = x}"))));
        else
            await action(x => last = x);
        context.People.MarkupLineInterpolated($"[green]✓[/] {step} [grey]{last} ({context.Clock.GetElapsedTime(started).TotalSeconds:0.0} s)[/]");
    }

    public static void Print(CommandContext context, SearchReport report)
    {
        if (report.Error is not null) context.People.MarkupLineInterpolated($"[red]The run failed: {report.Error}[/]");
        foreach (ReportedHit hit in report.Hits.Concat(report.Review))
            context.Output.WriteLine($"{hit.Verdict,-6} {new Probability(hit.Probability),6}  {hit.Relation,-14} {hit.Reference,-20} {hit.Url}");
        foreach (ReportedGap gap in report.Undetermined) context.Output.WriteLine($"undetermined  {gap.Reason,-18} {gap.Url}");
        foreach (CoverageGap gap in report.Coverage.Where(x => x.What == CoverageGap.LostUrls)) context.Output.WriteLine($"lost          {gap.Count} URLs: {gap.Meaning} (such as {gap.Example})");
        foreach (CoverageGap gap in report.Coverage.Where(x => x.What is not ("Undetermined listings" or CoverageGap.LostUrls or CoverageGap.UnsearchedShops)))
            context.People.MarkupLineInterpolated($"[grey]{gap.What.ToLowerInvariant()}: {gap.Count}, {gap.Meaning} ({gap.Example})[/]");
        foreach (UnsearchedShop shop in report.NotSearched) context.Output.WriteLine($"not searched  {shop.Host}: {shop.Remedy}");
        context.Output.WriteLine(
            $"{report.Hits.Count} hits, {report.Review.Count} to review, {report.Undetermined.Count} undetermined{(report.Lost > 0 ? $", {report.Lost} URLs LOST to limits" : "")}; {report.Shops} shops, {report.Pages} pages ({report.NotModified} not modified, {report.Rendered} rendered), {report.Listings} listings ({report.ListingsUnchanged} unchanged), {report.Images} images ({report.ImagesDescribed} looked at now) in {report.Seconds:0.0} s");
    }

    private static async Task<SearchRunRow> CreateAsync(CommandContext context, IDbContextFactory<TouchstoneDb> databases, CreateSearch.Request request, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        VerbOutcome<SearchRunRow> created = await CreateSearch.RunAsync(new VerbContext(db, Installation.Actor, context.Clock), request, cancellationToken);
        return created.Value ?? throw new CommandFailedException(created.Detail!, created.Refusal == Refusal.Invalid ? ExitCode.Usage : ExitCode.Failed);
    }

    private static string Line(SearchProgress x) =>
        $"{x.Pages} pages ({x.NotModified} not modified), {x.Listings} listings, {x.Images} images ({x.ImagesDescribed} looked at), {x.Hits} matches, {x.Undetermined} undetermined, {x.Skipped} skipped";

    /// <summary>Tells at once, on the caller's thread.</summary>
    internal sealed class Told<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
