using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Sellers;

/// <summary>
/// What stands in the place of erased names: a keyed hash (HMAC-SHA256, the first 64 bits) under a key that only this installation can make, so that rows of one seller stay
/// together and nobody tells from a hash who it was by trying names. What was erased is not stored again. Safe for concurrent use.
/// </summary>
public sealed class ErasedNames
{
    /// <summary>How each hash begins.</summary>
    public const string Start = "erased-";
    private readonly byte[] key;

    private ErasedNames(byte[] key) => this.key = key;

    public static async Task<ErasedNames> OpenAsync(TouchstoneDb db, TimeProvider clock, CancellationToken cancellationToken) => new(await SigningKey.DeriveAsync(db, clock, "erased names", cancellationToken));

    /// <summary>Whether a stored name is such a hash.</summary>
    public static bool IsToken(string? name) => name?.StartsWith(Start, StringComparison.Ordinal) == true;

    /// <summary>Of a seller's name within a shop, however it is spelled; a token's is itself.</summary>
    public string OfSeller(long shopId, string name) => IsToken(name) ? name : Of(string.Create(CultureInfo.InvariantCulture, $"seller|{shopId}|{SellerName.Folded(name)}"));

    /// <summary>Of a contact in the form in which traits are compared.</summary>
    public string OfContact(TraitKind kind, string value) => IsToken(value) ? value : Of($"{kind}|{value}");

    /// <summary>The name as it may be kept: itself, or its token where it was erased.</summary>
    public static async Task<string?> KeptSellerAsync(TouchstoneDb db, TimeProvider clock, long shopId, string? name, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name) || !await db.ErasedNames.AnyAsync(cancellationToken)) return name;
        string token = (await OpenAsync(db, clock, cancellationToken)).OfSeller(shopId, name);
        return await db.ErasedNames.AnyAsync(x => x.Token == token, cancellationToken) ? token : name;
    }

    /// <summary>Those of the traits that may be kept; none of an erased seller.</summary>
    public static async Task<IReadOnlyList<PageTrait>> KeptTraitsAsync(TouchstoneDb db, TimeProvider clock, string? seller, IReadOnlyList<PageTrait> traits, CancellationToken cancellationToken)
    {
        if (IsToken(seller)) return [];
        if (traits.Count == 0 || !await db.ErasedNames.AnyAsync(cancellationToken)) return traits;
        ErasedNames names = await OpenAsync(db, clock, cancellationToken);
        string[] tokens = [.. traits.Select(t => names.OfContact(t.Kind, t.Value))];
        List<string> erased = await db.ErasedNames.Where(x => EF.Parameter(tokens).Contains(x.Token)).Select(x => x.Token).ToListAsync(cancellationToken);
        return [.. traits.Where((_, i) => !erased.Contains(tokens[i]))];
    }

    private string Of(string what) => Start + Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(what)))[..16];
}
