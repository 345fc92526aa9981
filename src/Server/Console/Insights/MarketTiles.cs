using System.Globalization;

namespace Touchstone.Server.Console.Insights;

/// <summary>A market's place on the map: column and row from the upper left, from 0.</summary>
internal sealed record MarketTile(string Market, int Column, int Row);

/// <summary>The map of markets as a grid of equal tiles, each about where its country lies: Europe, and beside it where goods come from and go to. Other markets stand below as they are needed. Pure.</summary>
internal static class MarketTiles
{
    public const int Columns = 11;

    private const int Levels = 4;

    // A line a row; two letters and a space a column.
    private const string Grid =
        """
        IS .. .. .. NO SE FI EE .. US CA
        IE GB .. .. DK .. LT LV .. KR JP
        .. .. BE NL DE PL BY RU .. CN TW
        .. .. FR LU CZ SK UA MD .. HK IN
        .. .. CH LI AT HU RO GE .. VN TH
        PT ES .. IT SI HR RS BG .. AU NZ
        .. .. .. MT .. BA ME MK TR BR MX
        .. .. .. .. .. .. AL GR CY IL AE
        """;

    private static readonly MarketTile[] Usual = [.. Grid.Split('\n').SelectMany((line, row) => line.Trim().Split(' ').Select((market, column) => new MarketTile(market, column, row))).Where(t => t.Market != "..")];

    private static readonly int Rows = Usual.Max(t => t.Row) + 1;

    /// <summary>The usual tiles, and one for each further market.</summary>
    public static IReadOnlyList<MarketTile> Of(IEnumerable<string> markets)
    {
        string[] further = [.. markets.Except(Usual.Select(t => t.Market)).Order(StringComparer.Ordinal)];
        return [.. Usual, .. further.Select((market, i) => new MarketTile(market, i % Columns, Rows + (i / Columns)))];
    }

    /// <summary>How dark a tile is, 1 to 4: by quarters of the most.</summary>
    public static int LevelOf(int found, int most) => most <= 0 ? 1 : Math.Clamp((int)Math.Ceiling((double)found * Levels / most), 1, Levels);

    /// <summary>A count in four characters at most.</summary>
    public static string Short(int count) => count switch
    {
        < 10_000 => count.ToString(CultureInfo.InvariantCulture),
        < 1_000_000 => $"{count / 1000}k",
        _ => $"{count / 1_000_000}M",
    };
}
