using Touchstone.Crawling.Extraction;
using Touchstone.Screening.Searches;

namespace Touchstone.Tests.Screening.Searches;

public sealed class TermFilterTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData(" ", true)]
    [InlineData("face mask", true)]
    [InlineData("MASK Face", true)]
    [InlineData("helmet", false)]
    [InlineData("helmet, mask", true)]
    [InlineData("face helmet", false)]
    [InlineData("creme", true)]
    [InlineData("hygiene", true)]
    public void A_listing_passes_if_it_has_all_words_of_one_alternative(string? terms, bool passes)
    {
        var listing = new ListingFacts { Url = "https://shop.example/1", Name = "Face-Mask, 50 pieces", Description = "Avec crème", Breadcrumbs = ["Home", "Hygiène"] };
        Assert.Equal(passes, new TermFilter(terms).Passes(listing));
    }
}
