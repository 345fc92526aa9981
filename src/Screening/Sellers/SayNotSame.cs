using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Sellers;

/// <summary>A person says that two shops are not the same, whatever they share; kept until somebody takes it back.</summary>
/// <param name="Because">For people; 1 to 2,000 characters.</param>
public sealed record SayNotSame(long ShopId, long OtherShopId, string Because)
{
    /// <summary>The longest reason, in UTF-16 units.</summary>
    public const int LongestReason = 2000;

    public async Task<VerbOutcome<NotSameShopRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Because)) return Refused(Refusal.Invalid, "The reason is missing.");
        if (Because.Length > LongestReason) return Refused(Refusal.Invalid, $"The reason has {Because.Length} characters; at most {LongestReason} are kept.");
        if (Because.Contains('\0', StringComparison.Ordinal)) return Refused(Refusal.Invalid, "The reason holds a NUL character.");
        if (ShopId == OtherShopId) return Refused(Refusal.Invalid, "A shop is the same as itself.");
        (long first, long second) = Ordered(ShopId, OtherShopId);
        foreach (long id in (long[])[first, second])
            if (!await context.Db.Shops.AnyAsync(s => s.Id == id, cancellationToken)) return Refused(Refusal.NotFound, $"There is no shop {id}.");
        if (await context.Db.NotSameShops.AsNoTracking().FirstOrDefaultAsync(n => n.ShopId == first && n.OtherShopId == second, cancellationToken) is { } known) return VerbOutcome.Done(known);
        var row = new NotSameShopRow { ShopId = first, OtherShopId = second, SaidBy = context.Actor, SaidAt = context.Clock.GetUtcNow(), Because = Because.Trim() };
        context.Db.NotSameShops.Add(row);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.ShopsNotSame, AuditSubject.Shop(first), $"shop/{second}: {row.Because}"), cancellationToken);
        return VerbOutcome.Done(row);
    }

    /// <summary>Takes it back; what both share joins them again.</summary>
    public static async Task<VerbOutcome<NotSameShopRow>> TakeBackAsync(VerbContext context, long shopId, long otherShopId, CancellationToken cancellationToken)
    {
        (long first, long second) = Ordered(shopId, otherShopId);
        NotSameShopRow? row = await context.Db.NotSameShops.FirstOrDefaultAsync(n => n.ShopId == first && n.OtherShopId == second, cancellationToken);
        if (row is null) return Refused(Refusal.NotFound, $"Nobody said that shop {first} and shop {second} are not the same.");
        context.Db.NotSameShops.Remove(row);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.ShopsSameAgain, AuditSubject.Shop(first), $"shop/{second}"), cancellationToken);
        return VerbOutcome.Done(row);
    }

    private static (long First, long Second) Ordered(long one, long other) => (Math.Min(one, other), Math.Max(one, other));

    private static VerbOutcome<NotSameShopRow> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<NotSameShopRow>(refusal, detail);
}
