using Touchstone.Market.Products;

namespace Touchstone.Market.Photography;

/// <summary>How a picture of a product comes about.</summary>
internal enum PictureStyle
{
    /// <summary>The authority's picture: the product on white.</summary>
    Register,

    /// <summary>A shop's own clean picture: on light ground, a little turned, with a soft shadow.</summary>
    Packshot,

    /// <summary>Another photo of the thing: seen at an angle, on other ground, in other light.</summary>
    Snapshot,

    /// <summary>The authority's picture, cut closer.</summary>
    Cropped,

    /// <summary>The authority's picture with a badge and a shop's words over it.</summary>
    Overlaid,

    /// <summary>The authority's picture in other colours.</summary>
    Recoloured,

    /// <summary>The authority's picture, shrunk and saved badly.</summary>
    Squeezed,
}

/// <summary>A picture to make. Equal recipes give equal bytes.</summary>
internal sealed record PictureRecipe(ProductDesign Design, PictureStyle Style, int Seed);
