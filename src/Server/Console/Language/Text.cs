using System.Globalization;

namespace Touchstone.Server.Console.Language;

/// <summary>What the console says to people, in the language of the request. The English text is the key.</summary>
internal static class Text
{
    /// <summary>The text in the language of the request, with its places <c>{0}</c>, <c>{1}</c>, … filled.</summary>
    public static string T(string english, params object?[] with) =>
        with.Length == 0 ? english : string.Format(CultureInfo.CurrentCulture, english, with);
}
