using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Touchstone.Screening.Cases;

namespace Touchstone.Server.Api;

/// <summary>Says of a body that is not understood which member is the matter, in the words of the API and not of the program.</summary>
internal static partial class BodyProblem
{
    public static ProblemDetails Of(BadHttpRequestException request, JsonException e)
    {
        (string? name, string detail) = Explain(e);
        var problem = new ProblemDetails { Status = request.StatusCode, Title = "The body was not understood.", Detail = detail };
        if (name is not null) problem.Extensions["name"] = name;
        return problem;
    }

    private static (string? Name, string Detail) Explain(JsonException e)
    {
        if (Missing().Match(e.Message) is { Success: true } missing)
        {
            string[] names = [.. Quoted().Matches(missing.Groups[1].Value).Select(m => m.Groups[1].Value)];
            return (names.FirstOrDefault(), $"The body lacks {string.Join(", ", names.Select(n => $"'{n}'"))}.");
        }
        if (Unmapped().Match(e.Message) is { Success: true } unmapped) return (unmapped.Groups[1].Value, $"There is no member '{unmapped.Groups[1].Value}' here.");
        if (Doubled().Match(e.Message) is { Success: true } doubled) return (doubled.Groups[1].Value, $"The member '{doubled.Groups[1].Value}' is there twice.");
        string? path = e.Path is { Length: > 2 } at ? at[2..] : null;
        if (path is null) return (null, $"The body is no JSON of the form that is wanted here{(e.LineNumber is { } line ? $" (line {line + 1})" : "")}.");
        return (path, $"The member '{path}' cannot have that value{(Choices(e.Message, path) is { } choices ? $"; it is one of {choices}" : "")}.");
    }

    /// <summary>The names that the member may have; null where it is no choice. The message names its type or the type that holds it.</summary>
    private static string? Choices(string message, string path)
    {
        if (Converted().Match(message) is not { Success: true } converted) return null;
        string name = converted.Groups[1].Value.TrimEnd('.');
        Type? type = typeof(HitDecision).Assembly.GetType(name) ?? typeof(BodyProblem).Assembly.GetType(name);
        if (type is { IsEnum: false }) type = type.GetProperty(path, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.PropertyType;
        if (type is not null) type = Nullable.GetUnderlyingType(type) ?? type;
        return type is { IsEnum: true } ? string.Join(", ", Enum.GetNames(type)) : null;
    }

    [GeneratedRegex("missing required properties including: (.+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Missing();

    [GeneratedRegex("'([^']+)'", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("JSON property '(.+)' could not be mapped", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unmapped();

    [GeneratedRegex("Duplicate property '(.+)' encountered", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Doubled();

    [GeneratedRegex(@"could not be converted to (?:System\.Nullable`1\[)?([\w.+]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Converted();
}
