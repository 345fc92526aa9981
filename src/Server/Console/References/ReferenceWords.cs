using System.Globalization;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage.Rows;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.References;

/// <summary>What is said of references and imports.</summary>
internal static class ReferenceWords
{
    /// <summary>Why nothing matches the reference, without a full stop; null: it counts.</summary>
    public static string? Hindrance(ReferenceRow reference, DateOnly today) =>
        reference.RetiredAt is not null ? T("it is retired: {0}", reference.RetiredReason?.TrimEnd('.', ' '))
        : Rights.Expiry(reference.Kind, reference.ExpiresOn, today) is not null ? T("the right expired on {0}", reference.ExpiresOn!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
        : null;

    /// <summary>What an identifier is called; one of a newer version as it is.</summary>
    public static string OfScheme(string scheme) => Enum.TryParse(scheme, out IdentifierScheme known) ? known switch
    {
        IdentifierScheme.Gtin => "GTIN",
        IdentifierScheme.Mpn => T("Part number"),
        IdentifierScheme.Model => T("Model"),
        IdentifierScheme.Batch => T("Batch"),
        IdentifierScheme.Marketplace => T("Marketplace's number"),
        IdentifierScheme.Registration => T("Registration"),
        IdentifierScheme.Recall => T("Recall code"),
        _ => scheme,
    } : scheme;

    public static (string Text, string Tone) Of(ImportState import) => import switch
    {
        ImportState.Previewed => (T("waits for your decision"), "warn"),
        ImportState.Queued => (T("queued"), "info"),
        ImportState.Running => (T("is being taken in"), "info"),
        ImportState.Done => (T("taken in"), "good"),
        ImportState.Failed => (T("failed"), "danger"),
        _ => (T("discarded"), "quiet"),
    };
}
