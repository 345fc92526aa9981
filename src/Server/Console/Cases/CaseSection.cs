using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Console.Layout;
using Touchstone.Server.Security;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Cases;

/// <summary>A part of a case's page, with forms of its own: each is answered by a redirect to the page, also where it is refused.</summary>
public abstract class CaseSection : ComponentBase
{
    [Parameter, EditorRequired] public required CaseRow Case { get; set; }

    [CascadingParameter] public required HttpContext Http { get; set; }

    [Inject] public required IDbContextFactory<TouchstoneDb> Databases { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Inject] public required TimeProvider Clock { get; set; }

    [Inject] internal Handover Handover { get; set; } = null!;

    [Inject] public required Acting Acting { get; set; }

    /// <summary>Why the form was refused that the page answers at once, because more was typed than is handed over; null: none was.</summary>
    protected string? Error { get; private set; }

    /// <summary>The form that the page before refused; null: none was.</summary>
    private protected Refused<TypedFields>? Refused { get; private set; }

    protected bool MayAct => Http.User.MayAct();

    protected override void OnInitialized() => Refused = Handover.TakeRefused<TypedFields>(Http);

    /// <summary>What was typed into a field of a form that was refused.</summary>
    protected string? Typed(string field) => Refused is null && Error is null ? null : Handover.Typed(Http, Refused, field);

    protected static string? Day(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether words such as "in 2 days" say more of a day than its date does.</summary>
    protected bool IsNear(DateTimeOffset at) => (at - Clock.GetUtcNow()).Duration().TotalDays < 14;

    /// <summary>Runs a verb and goes to the case that it gives, or says why it was refused.</summary>
    protected Task DoAsync(Func<VerbContext, Task<VerbOutcome<CaseRow>>> verb, string done, string? href = null, string? link = null) => DoAsync(verb, x => x.Id, done, href, link);

    /// <summary>Runs a verb and goes back to this case, or says why it was refused.</summary>
    protected Task DoHereAsync<TRow>(Func<VerbContext, Task<VerbOutcome<TRow>>> verb, string done)
        where TRow : class => DoAsync(verb, _ => Case.Id, done, null, null);

    protected async Task RefuseAsync(string error)
    {
        Error = error;
        if (await Handover.RefuseFormAsync(Http, error) is { } back) Navigation.NavigateTo(back);
    }

    private async Task DoAsync<TRow>(Func<VerbContext, Task<VerbOutcome<TRow>>> verb, Func<TRow, long> to, string done, string? href, string? link)
        where TRow : class
    {
        if (!MayAct)
        {
            await RefuseAsync(T("Your account may not change cases."));
            return;
        }
        VerbOutcome<TRow> outcome = await Acting.AsAsync(Http.User, verb, Http.RequestAborted);
        if (!outcome.Done)
        {
            await RefuseAsync(CoreSentences.Say(outcome.Detail));
            return;
        }
        Toast.Say(Http, done, href: href, link: link);
        Navigation.NavigateTo($"/cases/{to(outcome.Value!)}");
    }
}
