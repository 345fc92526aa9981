using System.Text;
using System.Text.RegularExpressions;

namespace Touchstone.Market.RealShops;

/// <summary>Reads the rows of <c>INSERT INTO table (columns) VALUES (values)</c> statements, one row a statement, in SQLite's notation.</summary>
internal static class SqlInserts
{
    public static IEnumerable<Dictionary<string, string?>> Rows(string sql, string table)
    {
        var statement = new Regex($"INSERT INTO \"?{Regex.Escape(table)}\"? *\\(([^)]*)\\) *VALUES *\\(", RegexOptions.None, TimeSpan.FromSeconds(5));
        foreach (Match match in statement.Matches(sql))
        {
            string[] columns = [.. match.Groups[1].Value.Split(',').Select(x => x.Trim(' ', '"'))];
            List<string?> values = Values(sql, match.Index + match.Length);
            if (values.Count == columns.Length) yield return columns.Zip(values).ToDictionary(x => x.First, x => x.Second, StringComparer.Ordinal);
        }
    }

    /// <summary>The values up to the closing bracket; NULL is null, <c>CAST(x AS …)</c> is x.</summary>
    private static List<string?> Values(string sql, int at)
    {
        List<string?> values = [];
        var value = new StringBuilder();
        bool quoted = false, isText = false;
        for (int depth = 0; at < sql.Length; at++)
        {
            char c = sql[at];
            if (c == '\'')
            {
                if (quoted && at + 1 < sql.Length && sql[at + 1] == '\'') value.Append(sql[++at]);
                else quoted = !quoted;
                isText = true;
            }
            else if (quoted) value.Append(c);
            else if (c == '(') depth++;
            else if (c == ')' && depth > 0) depth--;
            else if ((c == ',' && depth == 0) || c == ')')
            {
                values.Add(Plain(value.ToString(), isText));
                value.Clear();
                isText = false;
                if (c == ')') return values;
            }
            else value.Append(c);
        }
        return values;
    }

    private static string? Plain(string value, bool isText)
    {
        if (isText) return value.Trim();
        string bare = value.Trim();
        if (bare.StartsWith("CAST", StringComparison.OrdinalIgnoreCase)) bare = bare[4..].Split(" AS ", 2, StringSplitOptions.None)[0].Trim();
        return bare.Equals("NULL", StringComparison.OrdinalIgnoreCase) ? null : bare;
    }
}
