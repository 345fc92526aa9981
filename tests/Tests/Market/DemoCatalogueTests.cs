using Touchstone.Market.Catalogue;
using Touchstone.Market.Photography;

namespace Touchstone.Tests.Market;

public sealed class DemoCatalogueTests
{
    private static readonly DemoCatalogue Catalogue = DemoCatalogue.Instance;

    [Fact]
    public void Holds_what_a_demo_has_to_show()
    {
        DemoListing[] open = [.. Catalogue.Listings.Where(x => !x.IsDisallowed)];
        Assert.True(open.Length >= 120, $"{open.Length} listings");
        Assert.True(open.Count(x => x.Planted is not null) >= 18);
        Assert.True(open.Count(x => x.IsLookAlike) >= 10);
        Assert.All(Enum.GetValues<Violation>(), x => Assert.Contains(open, y => y.Planted?.Violation == x));
        Assert.All(Enum.GetValues<DemoShopKind>(), x => Assert.Contains(Catalogue.Of(x), y => y.Planted is not null));
        Assert.All(Enum.GetValues<DemoShopKind>(), x => Assert.Contains(Catalogue.Of(x), y => y.IsLookAlike));
    }

    [Fact]
    public void Only_planted_listings_show_what_an_alert_shows()
    {
        var alerted = Catalogue.Alerts.Select(x => x.Design).ToHashSet();
        Assert.All(Catalogue.Listings.Where(x => !x.IsDisallowed), x => Assert.Equal(x.Planted is { Violation: not Violation.Mark }, alerted.Contains(x.Design)));
        Assert.All(Catalogue.Listings.Where(x => x.IsLookAlike), x => Assert.Contains(alerted, y => y.Kind == x.Design.Kind));
    }

    [Fact]
    public void Pages_and_pictures_have_names_of_their_own()
    {
        Assert.Equal(Catalogue.Listings.Count, Catalogue.Listings.Select(x => (x.Shop, x.Path)).Distinct().Count());
        string[] names = [.. Catalogue.Listings.SelectMany(x => x.Pictures.Select((_, i) => x.PictureName(i)))];
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(nameof(PictureStyle.Register))]
    [InlineData(nameof(PictureStyle.Snapshot))]
    [InlineData(nameof(PictureStyle.Overlaid))]
    public void The_same_recipe_gives_the_same_bytes(string style)
    {
        var recipe = new PictureRecipe(Catalogue.Alerts[0].Design, Enum.Parse<PictureStyle>(style), 5);
        Assert.Equal(Studio.Take(recipe, null), Studio.Take(recipe, null));
    }
}
