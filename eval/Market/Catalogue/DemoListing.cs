using Touchstone.Market.Photography;
using Touchstone.Market.Products;

namespace Touchstone.Market.Catalogue;

/// <summary>The demo's shops; each is built as another kind of real shop is.</summary>
internal enum DemoShopKind { ServerRendered, Messy, ClientRendered }

/// <summary>What is wrong with the pictures of a listing, if anything.</summary>
internal enum PictureFault { None, NoPicture, NotServed, Damaged }

/// <summary>How a listing breaks the rules: it shows a register's reference.</summary>
internal enum Violation { EditedPicture, OtherPhoto, Mark }

/// <summary>What is planted in a listing, known to the demo's check and to nothing else.</summary>
/// <param name="Reference">The reference's id in its register.</param>
internal sealed record Planted(string Reference, Violation Violation);

/// <summary>An offer of the demo market.</summary>
/// <param name="Number">Unique in the market; names its page and its pictures.</param>
/// <param name="StatesIdentifiers">Whether the page names brand, model and GTIN.</param>
internal sealed record DemoListing(
    int Number,
    DemoShopKind Shop,
    string Category,
    string Title,
    string Description,
    decimal Price,
    ProductDesign Design,
    IReadOnlyList<PictureRecipe> Pictures,
    bool StatesIdentifiers,
    PictureFault Fault,
    Planted? Planted,
    bool IsLookAlike,
    bool IsDisallowed)
{
    /// <summary>The path of the listing's page in its shop.</summary>
    public string Path => Shop switch
    {
        DemoShopKind.ServerRendered => $"/product/{Slug}-{Number}",
        DemoShopKind.Messy => IsDisallowed ? $"/intern/vare_{Number}.html" : $"/katalog/vare_{Number}.html",
        _ => $"/p/{Number}",
    };

    private string Slug => string.Join('-', Title.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries)).Replace(",", "", StringComparison.Ordinal);

    /// <summary>The name of a picture's file.</summary>
    public string PictureName(int position) => $"{(Number * 7_919) + position:x6}.jpg"; // says nothing of what it shows
}

/// <summary>An alert of the demo's register.</summary>
internal sealed record DemoAlert(string CaseNumber, ProductDesign Design, string Danger, string RiskType, string Measures);
