using Touchstone.Screening;
using Touchstone.Screening.References;

namespace Touchstone.Tests.Screening.References;

public sealed class RightsTests
{
    private static readonly DateOnly Today = new(2026, 3, 2);

    [Theory]
    [InlineData(ReferenceKind.Design, 1, true)]
    [InlineData(ReferenceKind.Mark, 1, true)]
    [InlineData(ReferenceKind.Design, 0, false)]
    [InlineData(ReferenceKind.Alert, 1, false)]
    [InlineData(ReferenceKind.KnownFake, 1, false)]
    [InlineData(ReferenceKind.GenuineProduct, 1, false)]
    public void Only_rights_expire_and_count_on_their_last_day(ReferenceKind kind, int daysAgo, bool expired) =>
        Assert.Equal(expired ? "the right expired on 2026-03-01" : null, Rights.Expiry(kind, Today.AddDays(-daysAgo), Today));

    [Fact]
    public void A_right_without_a_date_counts() => Assert.Null(Rights.Expiry(ReferenceKind.Design, null, Today));

    [Theory]
    [InlineData("", "DE", true)]
    [InlineData("DE", "DE", true)]
    [InlineData("EU", "DE", true)]
    [InlineData("EU", "CH", false)]
    [InlineData("EU", "GB", false)]
    [InlineData("GB", "DE", false)]
    [InlineData("DE", "EU", true)]
    [InlineData("EU", "EU", true)]
    [InlineData("GB CH", "EU", false)]
    [InlineData("BE LU NL", "NL", true)]
    public void A_right_ends_at_the_border_of_its_territory(string territory, string market, bool counts) =>
        Assert.Equal(counts, Markets.IsWithin(territory.Split(' ', StringSplitOptions.RemoveEmptyEntries), market));

    [Theory]
    [InlineData("DE", true)]
    [InlineData("EU", true)]
    [InlineData("MV", true)]
    [InlineData("UK", false)]
    [InlineData("EL", false)]
    [InlineData("de", false)]
    [InlineData("DEU", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void What_is_no_code_is_no_market(string? code, bool known) => Assert.Equal(known, Markets.IsKnown(code));
}
