using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Touchstone.Screening;
using Touchstone.Screening.Storage;

namespace Touchstone.Server.Api;

/// <summary>A request's value is missing or out of range; answered with 400.</summary>
public sealed class InvalidValueException : Exception
{
    public InvalidValueException(string name, object? value, string range)
        : this(name, value, range, $"{name} is {(value is null ? "missing" : $"'{value}'")}; it must be {range}.")
    {
    }

    private InvalidValueException(string name, object? value, string range, string message)
        : base(message) => (Name, Value, Range) = (name, value, range);

    public string Name { get; }

    public object? Value { get; }

    public string Range { get; }

    /// <summary>A name that means nothing where it was given.</summary>
    public static InvalidValueException Unknown(string what, string name, IReadOnlyCollection<string> known)
    {
        string range = known.Count == 0 ? "none" : $"one of {string.Join(", ", known)}";
        return new InvalidValueException(name, name, range, $"There is no {what} '{name}' here; there is {range}.");
    }
}

/// <summary>Errors as problem+json (RFC 9457).</summary>
internal static class Problems
{
    /// <summary>The answer to a refused verb.</summary>
    public static ProblemHttpResult Of<T>(VerbOutcome<T> outcome)
        where T : class => TypedResults.Problem(outcome.Detail, statusCode: outcome.Refusal switch
    {
        Refusal.Invalid => StatusCodes.Status400BadRequest,
        Refusal.NotFound => StatusCodes.Status404NotFound,
        Refusal.Conflict or Refusal.Overtaken => StatusCodes.Status409Conflict,
        _ => throw new UnreachableException(),
    });

    public static ProblemHttpResult NotFound(string what, object id) => TypedResults.Problem($"There is no {what} {id}.", statusCode: StatusCodes.Status404NotFound);

    public static bool IsForPrograms(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/openapi") || http.Request.Path.StartsWithSegments("/images") || http.Request.Path.StartsWithSegments("/feeds") || http.Request.Path.StartsWithSegments("/health");

    /// <summary>What is said of an exception; only the caller's mistakes are explained.</summary>
    public static ProblemDetails Of(Exception exception, HttpContext http) => exception switch
    {
        InvalidValueException x => Invalid(x),
        BusyException x => new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable, Title = "The server is busy.", Detail = x.Message },
        BadHttpRequestException { InnerException: JsonException json } x => BodyProblem.Of(x, json),
        BadHttpRequestException x => new ProblemDetails { Status = x.StatusCode, Detail = x.InnerException is null ? x.Message : $"{x.Message} {x.InnerException.Message}" },
        _ when StorageFaults.Of(exception) is { } fault => new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable, Title = "The server cannot store anything now.", Detail = StorageFaults.Say(fault, "the server") },
        _ => new ProblemDetails { Status = 500, Detail = $"The server failed. Its log says more under {Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier}." },
    };

    private static ProblemDetails Invalid(InvalidValueException x)
    {
        var problem = new ProblemDetails { Status = 400, Title = "A value is missing or out of range.", Detail = x.Message };
        problem.Extensions["name"] = x.Name;
        problem.Extensions["value"] = x.Value?.ToString();
        problem.Extensions["range"] = x.Range;
        return problem;
    }
}
