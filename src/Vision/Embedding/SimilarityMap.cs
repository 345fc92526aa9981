namespace Touchstone.Vision.Embedding;

/// <summary>A cell of a picture and what it adds to a likeness. <c>X</c>, <c>Y</c>, <c>Width</c>, <c>Height</c>: parts (0..1) of the picture, origin at its top left.</summary>
public readonly record struct LikenessCell(float X, float Y, float Width, float Height, float Share);

/// <summary>
/// Where in a picture its likeness with another one lies. <c>Similarity</c>: the cosine of the two in the regions' space, −1..1; the shares of
/// the cells (of the padding beside the picture, too, which has none in <c>Cells</c>) add up to it. A share is below 0 where the picture
/// differs. Row by row. Immutable by convention; safe for concurrent reads.
/// </summary>
public sealed record SimilarityMap(float Similarity, IReadOnlyList<LikenessCell> Cells)
{
    /// <summary>The map of a padded square's shares, cut to the picture in it. A cell reaches half way to where its neighbours look, the outermost ones to the edge.</summary>
    /// <param name="shares">A value for each cell, row by row.</param>
    internal static SimilarityMap Of(ReadOnlySpan<float> shares, ModelCells model, int width, int height)
    {
        (float whole, float square) = (0, Math.Max(width, height));
        (float left, float top) = ((square - width) / 2, (square - height) / 2);
        List<LikenessCell> cells = new(shares.Length);
        for (int i = 0; i < shares.Length; i++)
        {
            whole += shares[i];
            (float x0, float x1) = Within(i % model.Across, model, square, left, width);
            (float y0, float y1) = Within(i / model.Across, model, square, top, height);
            if (x1 > x0 && y1 > y0) cells.Add(new LikenessCell(x0, y0, x1 - x0, y1 - y0, shares[i]));
        }
        return new SimilarityMap(whole, cells);
    }

    private static (float From, float To) Within(int cell, ModelCells model, float square, float offset, int length)
    {
        float from = cell == 0 ? 0 : model.First + ((cell - 0.5f) / model.Across), to = cell == model.Across - 1 ? 1 : model.First + ((cell + 0.5f) / model.Across);
        return (Math.Clamp(((from * square) - offset) / length, 0, 1), Math.Clamp(((to * square) - offset) / length, 0, 1));
    }
}
