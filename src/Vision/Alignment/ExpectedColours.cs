namespace Touchstone.Vision.Alignment;

/// <summary>
/// What the query ought to show where the reference shows a colour: by one map, fitted to most of the places of both. Where both stand on plain grounds, white and black stay as they are, and no hue turns
/// unseen (<see cref="ColourMap"/>); elsewhere the light of the place may do more to colours (<see cref="LinearColourMap"/>), and nothing is said of what it does to luma. Immutable; thread-safe.
/// </summary>
internal sealed class ExpectedColours
{
    private readonly ColourMap? onPlainGrounds;
    private readonly LinearColourMap? anywhere;

    private ExpectedColours(ColourMap? onPlainGrounds, LinearColourMap? anywhere) => (this.onPlainGrounds, this.anywhere) = (onPlainGrounds, anywhere);

    public static ExpectedColours Of(OverlaidGrids laid) => laid.OnPlainGrounds ? new(ColourMap.Fit(laid), null) : new(null, LinearColourMap.Fit(laid.Known, laid.Shown));

    /// <summary>How far the query's colour differences lie from what is expected (0..360), and by how much it is lighter (-255..255).</summary>
    /// <param name="laid">The same two pictures, sampled as finely as one likes.</param>
    public (double Chroma, double Luma) Residual(OverlaidGrids laid, int at) =>
        onPlainGrounds?.Residual(laid.Known, laid.Shown, at) ?? (anywhere!.Residual(laid.Known, laid.Shown, at), laid.Shown.Luma[at] - laid.Known.Luma[at]);
}
