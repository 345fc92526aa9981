using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Storage;

namespace Touchstone.Server.Security;

/// <summary>Runs a verb in the name of the signed-in account, in a unit of work of its own. Safe for concurrent use.</summary>
public sealed class Acting(IDbContextFactory<TouchstoneDb> databases, ApiKeys keys, TimeProvider clock)
{
    public async Task<TResult> AsAsync<TResult>(ClaimsPrincipal user, Func<VerbContext, Task<TResult>> verb, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await verb(new VerbContext(db, user.ActorName(), clock) { MakerOf = (actor, token) => keys.MakerOfAsync(actor[VerbContext.KeyMark.Length..], token) });
    }
}
