using Touchstone.Screening.Following;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Layout;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Overview;

/// <summary>One thing that somebody has to see to, with the way there.</summary>
/// <param name="Tone">danger: something does not work; warn: it works less than it seems to; info: it passes by itself.</param>
internal sealed record Concern(string Tone, string Symbol, string Text, string? Href, string? Link)
{
    /// <summary>What there is to see to, the worst first.</summary>
    public static IReadOnlyList<Concern> Of(OverviewReport report, GalleryStatus? gallery)
    {
        var all = new List<Concern>();
        if (!report.HasReferences) all.Add(new("danger", "library", T("No register is imported yet, so nothing can match."), "/references", T("Import one")));
        else if (gallery is { Ready: false, Why: { } why }) all.Add(new("warn", "hourglass", T("Screenings are undetermined for now: {0}", why), "/system", T("State of the index")));
        else if (gallery is { Load: { } load }) all.Add(new("info", "hourglass", T("A register is being taken in: {0}. What is not described yet matches nothing.", load), "/references", T("References")));
        if (report.DeadMessages > 0) all.Add(new("danger", "mail-x", Many(report.DeadMessages, "{0} message could not be delivered.", "{0} messages could not be delivered."), "/system#queues", T("See why")));
        if (report.MessagesLate > 0) all.Add(new("warn", "mail-warning", Many(report.MessagesLate, "{0} message has waited for more than an hour.", "{0} messages have waited for more than an hour."), "/system#queues", T("See why")));
        foreach (SearchRunRow run in report.Troubled)
        {
            string text = run.State == RunState.Failed ? T("The search “{0}” failed.", run.Search?.Name) : T("The search “{0}” read no page, so it says nothing about its shops.", run.Search?.Name);
            all.Add(new("danger", "circle-x", text, $"/searches/{run.SearchId}", T("See why")));
        }
        foreach (StaleRegister register in report.StaleRegisters)
        {
            string text = register.IsEmpty ? T("The register “{0}” holds nothing that is in force.", register.Name) : T("The register “{0}” has not been imported for a month; alerts since then are missing.", register.Name);
            all.Add(new("warn", "library", text, $"/references?register={register.Id}", T("To the register")));
        }
        return [.. all.OrderBy(x => x.Tone switch { "danger" => 0, "warn" => 1, _ => 2 })];
    }
}
