using System.Globalization;
using System.Text;

namespace Touchstone.Evaluation.Drawing;

/// <summary>Writes one SVG drawing of 600 × 600 units, origin at the top left, y down. Not safe for concurrent use.</summary>
public sealed class SvgWriter
{
    public const int Side = 600;
    private readonly StringBuilder _body = new();
    private readonly StringBuilder _definitions = new();
    private int _ids;

    public SvgWriter Rectangle(double x, double y, double width, double height, string fill, double radius = 0, string attributes = "") =>
        Raw(Text($"<rect x='{x:0.##}' y='{y:0.##}' width='{width:0.##}' height='{height:0.##}' rx='{radius:0.##}' fill='{fill}' {attributes}/>"));

    public SvgWriter Ellipse(double x, double y, double radiusX, double radiusY, string fill, string attributes = "") =>
        Raw(Text($"<ellipse cx='{x:0.##}' cy='{y:0.##}' rx='{radiusX:0.##}' ry='{radiusY:0.##}' fill='{fill}' {attributes}/>"));

    public SvgWriter Circle(double x, double y, double radius, string fill, string attributes = "") => Ellipse(x, y, radius, radius, fill, attributes);

    public SvgWriter Path(string d, string fill, string attributes = "") => Raw($"<path d='{d}' fill='{fill}' {attributes}/>");

    public SvgWriter Line(string d, string stroke, double width) =>
        Raw(Text($"<path d='{d}' fill='none' stroke='{stroke}' stroke-width='{width:0.##}' stroke-linecap='round' stroke-linejoin='round'/>"));

    /// <summary>A closed polygon through the points.</summary>
    public SvgWriter Polygon(ReadOnlySpan<(double X, double Y)> points, string fill, string attributes = "")
    {
        _body.Append("<path d='");
        for (int i = 0; i < points.Length; i++) _body.Append(Text($"{(i == 0 ? 'M' : 'L')}{points[i].X:0.##} {points[i].Y:0.##}"));
        _body.Append($"Z' fill='{fill}' {attributes}/>");
        return this;
    }

    /// <summary>Draws the content moved, turned (degrees) or scaled by an SVG transform.</summary>
    public SvgWriter Within(string transform, Action content)
    {
        _body.Append($"<g transform='{transform}'>");
        content();
        _body.Append("</g>");
        return this;
    }

    /// <summary>Draws the content only where the path is.</summary>
    public SvgWriter Clipped(string d, Action content)
    {
        string id = NextId();
        _definitions.Append($"<clipPath id='{id}'><path d='{d}'/></clipPath>");
        _body.Append($"<g clip-path='url(#{id})'>");
        content();
        _body.Append("</g>");
        return this;
    }

    /// <summary>A gradient from left to right (or top to bottom) through colours with opacity; returns its fill.</summary>
    public string Gradient(bool vertical, params ReadOnlySpan<(double At, string Colour, double Opacity)> stops)
    {
        string id = NextId();
        _definitions.Append($"<linearGradient id='{id}' x1='0' y1='0' x2='{(vertical ? 0 : 1)}' y2='{(vertical ? 1 : 0)}'>");
        foreach ((double at, string colour, double opacity) in stops)
            _definitions.Append(Text($"<stop offset='{at:0.##}' stop-color='{colour}' stop-opacity='{opacity:0.##}'/>"));
        _definitions.Append("</linearGradient>");
        return $"url(#{id})";
    }

    public SvgWriter Raw(string element)
    {
        _body.Append(element);
        return this;
    }

    public override string ToString() =>
        $"<svg xmlns='http://www.w3.org/2000/svg' width='{Side}' height='{Side}' viewBox='0 0 {Side} {Side}'><defs>{_definitions}</defs>{_body}</svg>";

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string NextId() => $"i{_ids++}";
}
