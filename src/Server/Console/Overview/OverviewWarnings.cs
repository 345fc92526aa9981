using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Installation;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Overview;

/// <summary>What somebody has to see to, with the way there.</summary>
internal static class OverviewWarnings
{
    /// <summary>What the work itself tells: messages that do not arrive, searches that found out nothing, registers that nobody keeps.</summary>
    public static IReadOnlyList<Warning> Of(OverviewReport report)
    {
        var all = new List<Warning>();
        if (report.Breached > 0) all.Add(new("danger", Many(report.Breached, "{0} deadline of a case ran out.", "{0} deadlines of cases ran out."), "/cases?view=overdue", T("To the cases")));
        if (report.AppealNotice is { } appealed) all.Add(new("danger", Many(report.Appeals, "{0} appeal against a notice waits for a decision.", "{0} appeals against notices wait for a decision."), $"/notices/{appealed}", report.Appeals == 1 ? T("Decide it") : T("Decide the oldest")));
        if (report.Proposals > 0) all.Add(new("warn", Many(report.Proposals, "{0} decision on many hits waits for a second person.", "{0} decisions on many hits wait for a second person."), "/hits/proposals", T("Look at them")));
        if (report.DeadMessages > 0) all.Add(new("danger", Many(report.DeadMessages, "{0} message could not be delivered.", "{0} messages could not be delivered."), "/system/messages", T("See why")));
        if (report.MessagesLate > 0) all.Add(new("warn", Many(report.MessagesLate, "{0} message has waited for more than an hour.", "{0} messages have waited for more than an hour."), "/system/messages", T("See why")));
        foreach (SearchRunRow run in report.Troubled)
        {
            string text = run.State == RunState.Failed ? T("The search “{0}” failed.", run.Search?.Name) : T("The search “{0}” read no page, so it says nothing about its shops.", run.Search?.Name);
            all.Add(new("danger", text, $"/searches/{run.SearchId}", T("See why")));
        }
        foreach (StaleRegister register in report.StaleRegisters)
        {
            string text = register.IsEmpty ? T("The register “{0}” holds nothing that is in force.", register.Name) : T("The register “{0}” has not been imported for a month; alerts since then are missing.", register.Name);
            all.Add(new("warn", text, $"/references?register={register.Id}", T("To the register")));
        }
        return all;
    }

    /// <summary>The worst first, each kind in the order it came in.</summary>
    public static IReadOnlyList<Warning> WorstFirst(IEnumerable<Warning> warnings) => [.. warnings.OrderBy(x => x.Tone == "danger" ? 0 : 1)];
}
