using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Health;
using Touchstone.Server.Queries;
using Touchstone.Server.Security;
using static Touchstone.Server.Console.Language.Text;
using ReferenceQueries = Touchstone.Screening.References.ReferenceQueries;

namespace Touchstone.Server.Console.Installation;

/// <summary>What may hinder somebody who is about to act.</summary>
[Flags]
public enum Concerns
{
    None = 0,

    /// <summary>The registers hold nothing, or nothing to compare with, so nothing can match.</summary>
    Registers = 1,

    /// <summary>The index is not ready, or behind the registers.</summary>
    Index = 2,

    /// <summary>No browser shows pages that need one.</summary>
    Browser = 4,

    /// <summary>No mail server takes mail.</summary>
    Mail = 8,

    /// <summary>Nothing can be stored.</summary>
    Storage = 16,

    /// <summary>A bundle of evidence that was handed out no longer has the bytes that were.</summary>
    Evidence = 32,

    /// <summary>Whoever searches shops.</summary>
    Search = Registers | Index | Browser | Storage,

    /// <summary>Whoever writes to owners and authorities.</summary>
    Write = Mail | Storage,
}

/// <summary>A hindrance, said before anybody runs into it.</summary>
/// <param name="Tone">A colour class: danger where the act would fail, warn where it would do less than it seems to.</param>
/// <param name="Href">The page that mends it; null: none does.</param>
internal sealed record Warning(string Tone, string Text, string? Href, string? Link)
{
    /// <summary>The same without a way to a page that the person may not open.</summary>
    public Warning For(ClaimsPrincipal person) => Href switch
    {
        "/system/mail" when !person.MayAdminister() => this with { Href = null },
        "/references/import" when !person.MayAct() => this with { Href = null },
        _ => this,
    };
}

/// <summary>Looks what hinders at this moment, on this node. Safe for concurrent use.</summary>
internal sealed class InstallationWarnings(IDbContextFactory<TouchstoneDb> databases, ServerOptions options, SystemFacts facts, ChromiumRenderer renderer, MailSettings mail, HealthSetup.BlobCheck blobs)
{
    private const int MostNamed = 5;

    public async Task<IReadOnlyList<Warning>> ReadAsync(Concerns of, CancellationToken cancellationToken)
    {
        var warnings = new List<Warning?>();
        if (of.HasFlag(Concerns.Storage)) warnings.Add(await StorageAsync(cancellationToken));
        if (of.HasFlag(Concerns.Registers)) warnings.Add(await RegistersAsync(cancellationToken));
        if (of.HasFlag(Concerns.Index)) warnings.Add(Index());
        if (of.HasFlag(Concerns.Browser)) warnings.Add(Browser());
        if (of.HasFlag(Concerns.Mail)) warnings.Add(await MailAsync(cancellationToken));
        if (of.HasFlag(Concerns.Evidence)) warnings.AddRange(await EvidenceAsync(cancellationToken));
        return [.. warnings.OfType<Warning>()];
    }

    private async Task<Warning?> StorageAsync(CancellationToken cancellationToken)
    {
        HealthCheckResult stored = await blobs.CheckHealthAsync(new HealthCheckContext(), cancellationToken);
        return stored.Status == HealthStatus.Healthy ? null : new Warning("danger", T("Nothing can be stored at the moment: {0}", CoreSentences.Say(stored.Description)), null, null);
    }

    private async Task<Warning?> RegistersAsync(CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<ReferenceRow> inForce = ReferenceQueries.OfRegisters(db).Where(x => x.RetiredAt == null);
        if (!await inForce.AnyAsync(cancellationToken)) return new Warning("danger", T("No reference is in the registers, so nothing can match."), "/references/import", T("Import a register"));
        return await inForce.AnyAsync(x => x.Images.Any(i => i.Failure == null) || x.Identifiers.Any() || (x.Brand != null && x.Model != null), cancellationToken)
            ? null
            : new Warning("danger", T("No reference in the registers has a picture, a trade number or a brand and model, so nothing can match."), "/references/import", T("Import a register"));
    }

    private Warning? Index() => facts.Gallery() switch
    {
        null or { Ready: true, Load: null } => null,
        { Ready: true } behind => new Warning("warn", T("References are still being taken in: {0}. What is screened now is not compared with them.", behind.Load), "/system", T("State of the index")),
        { } status => new Warning("danger", T("The index is not ready, so what is screened now stays undetermined: {0}", status.Why), "/system", T("State of the index")),
    };

    private Warning? Browser() => !options.Roles.HasFlag(ServerRoles.Crawl) || renderer.IsAvailable
        ? null
        : new Warning("warn", T("Shops whose pages need a browser are not read: {0}.", RenderRemedy.Of(RenderFailure.BrowserMissing)), null, null);

    private async Task<IEnumerable<Warning>> EvidenceAsync(CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<EvidenceRow> broken = await KeptEvidence.BrokenAsync(db, cancellationToken);
        return broken.DistinctBy(x => x.CaseId).Take(MostNamed)
            .Select(x => new Warning("danger", T("Kept evidence of case {0} was changed or lost, and is not given out.", x.CaseId), $"/cases/{x.CaseId}", T("To case {0}", x.CaseId)));
    }

    private async Task<Warning?> MailAsync(CancellationToken cancellationToken)
    {
        MailServerFacts server = await mail.FactsAsync(cancellationToken);
        if (server.IsUsable)
            return await mail.FailedTestAsync(cancellationToken) is null ? null : new Warning("danger", T("The last test of the mail server failed, so messages may not leave."), "/system/mail", T("Mail server"));
        return server.Problem is { } problem
            ? new Warning("danger", T("Mail cannot leave: {0}", problem), "/system/mail", T("Mail server"))
            : new Warning("warn", T("No mail server is set: messages are kept and wait until one is."), "/system/mail", T("Set the mail server"));
    }
}
