namespace Touchstone.Server.Api;

/// <summary>Reads query values whose errors name the value and the range.</summary>
internal static class Query
{
    /// <summary>An enum's value by its name, in any case; null if none is given.</summary>
    public static T? Enum<T>(string name, string? text)
        where T : struct, global::System.Enum
    {
        if (string.IsNullOrEmpty(text)) return null;
        // A number would be accepted by TryParse; names only, so that an answer can be sent back as a question.
        return !char.IsAsciiDigit(text[0]) && global::System.Enum.TryParse(text, ignoreCase: true, out T value) && global::System.Enum.IsDefined(value)
            ? value
            : throw new InvalidValueException(name, text, $"one of {string.Join(", ", global::System.Enum.GetNames<T>())}");
    }
}
