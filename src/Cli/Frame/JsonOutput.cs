using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Touchstone.Cli.Frame;

/// <summary>How the program writes JSON: camel case, enums by name, nulls written, one object a line.</summary>
public static class JsonOutput
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a terminal or a file reads it, never a page
    };

    public static string Line<T>(T value) => JsonSerializer.Serialize(value, Options);
}
