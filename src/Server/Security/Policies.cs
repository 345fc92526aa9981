using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace Touchstone.Server.Security;

/// <summary>Who may do what; the names are used by endpoints and pages.</summary>
public static class Policies
{
    /// <summary>Reads: viewer and above.</summary>
    public const string Read = "read";

    /// <summary>Changes: caseworker and above.</summary>
    public const string Act = "act";

    /// <summary>Accounts, keys and the audit log: administrator.</summary>
    public const string Administer = "administer";

    /// <summary>The listing gate: keys of the gate, caseworker and above.</summary>
    public const string Gate = "gate";

    /// <summary>The feeds of the block list: keys of feeds, viewer and above.</summary>
    public const string Feed = "feed";

    internal static void AddPolicies(AuthorizationBuilder builder) => builder
        .AddPolicy(Read, x => x.RequireRole(nameof(AccountRole.Viewer), nameof(AccountRole.Caseworker), nameof(AccountRole.Administrator)))
        .AddPolicy(Act, x => x.RequireRole(nameof(AccountRole.Caseworker), nameof(AccountRole.Administrator)))
        .AddPolicy(Administer, x => x.RequireRole(nameof(AccountRole.Administrator)))
        .AddPolicy(Feed, x => x.RequireRole(nameof(AccountRole.Feed), nameof(AccountRole.Viewer), nameof(AccountRole.Caseworker), nameof(AccountRole.Administrator)))
        .AddPolicy(Gate, x => x.RequireRole(nameof(AccountRole.Gate), nameof(AccountRole.Caseworker), nameof(AccountRole.Administrator)))
        .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

    /// <summary>Whether the person may change things.</summary>
    public static bool MayAct(this ClaimsPrincipal user) => user.IsInRole(nameof(AccountRole.Caseworker)) || user.MayAdminister();

    public static bool MayAdminister(this ClaimsPrincipal user) => user.IsInRole(nameof(AccountRole.Administrator));

    /// <summary>The name that the audit log shows.</summary>
    public static string ActorName(this ClaimsPrincipal user) => user.Identity?.Name ?? "anonymous";
}
