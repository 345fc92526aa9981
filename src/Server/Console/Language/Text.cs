namespace Touchstone.Server.Console.Language;

/// <summary>
/// What the console says to people, in the language of the request. The English text is the key: it stands as a literal in the call, and a test
/// compares the calls with the languages' files. Safe for concurrent use.
/// </summary>
internal static class Text
{
    /// <summary>The text in the language of the request, with its places <c>{0}</c>, <c>{1}</c>, … filled; <c>{0:N0}</c> groups digits as the language does.</summary>
    public static string T(string english, params object?[] with)
    {
        ConsoleLanguage language = ConsoleLanguage.Current;
        string text = language.Translate(english);
        return with.Length == 0 ? text : string.Format(language.Culture, text, with);
    }

    /// <summary>
    /// A count in words: <paramref name="one"/> for exactly 1, else <paramref name="many"/>; <c>{0}</c> is the count, <c>{1}</c> and on are
    /// <paramref name="with"/>. English, Danish and German divide there; Korean says both alike.
    /// </summary>
    public static string Many(int count, string one, string many, params object?[] with)
    {
        ConsoleLanguage language = ConsoleLanguage.Current;
        return string.Format(language.Culture, language.Translate(count == 1 ? one : many), [count.ToString("N0", language.Culture), .. with]);
    }
}
