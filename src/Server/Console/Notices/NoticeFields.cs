using System.Globalization;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Console.Notices;

/// <summary>What the form of a draft sends.</summary>
internal sealed class NoticeFields
{
    public long Version { get; set; }

    public string? Language { get; set; }

    public NoticeWay Way { get; set; }

    public string? Recipient { get; set; }

    public string? RecipientName { get; set; }

    public string? Reasons { get; set; }

    public string? LegalBasis { get; set; }

    public string? Redress { get; set; }

    public string? Territory { get; set; }

    public string? Measure { get; set; }

    public bool GoodFaith { get; set; }

    public string? RespondBy { get; set; }

    /// <summary>The hits whose links stay.</summary>
    public List<long> Hits { get; set; } = [];

    public NoticeWording Wording() => new(
        Language ?? "", Way, Recipient, RecipientName, Reasons, LegalBasis, Redress, Territory, Measure, GoodFaith, DateOnly.TryParseExact(RespondBy, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null, Hits);
}

/// <summary>What the form of an appeal's decision sends.</summary>
internal sealed class AppealFields
{
    public long Reply { get; set; }

    public bool? Upheld { get; set; }

    public string? Decision { get; set; }
}
