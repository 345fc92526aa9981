using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Touchstone.Screening;
using Touchstone.Server.Console.Layout;

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

/// <summary>Errors in one form each: problem+json (RFC 9457) for the API, a page for people.</summary>
internal static class Problems
{
    public static void AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<Handler>();
        services.Configure<RouteHandlerOptions>(x => x.ThrowOnBadRequest = true);
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = x => x.Exception is InvalidValueException or BadHttpRequestException });
        app.UseStatusCodePages(x => WriteStatusAsync(x.HttpContext));
    }

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
        http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/openapi") || http.Request.Path.StartsWithSegments("/images") || http.Request.Path.StartsWithSegments("/health");

    private static Task WriteStatusAsync(HttpContext http)
    {
        int status = http.Response.StatusCode;
        if (IsForPrograms(http)) return TypedResults.Problem(statusCode: status).ExecuteAsync(http);
        (string title, string text) = status switch
        {
            404 => ("There is nothing here", "The address may be mistyped, or the thing it named was retired."),
            401 or 403 => ("Not allowed", "Your account may not do this. An administrator can change its role."),
            429 => ("Too many attempts", "Wait a minute, then try again."),
            400 => ("The request was not understood", "Go back, reload the page and try again."),
            _ => ("Something went wrong", $"The server answered {status}."),
        };
        return PageAsync(http, status, title, text);
    }

    /// <summary>A page that failed while it was rendered has used up its scope, so the message is rendered in one of its own.</summary>
    private static async Task PageAsync(HttpContext http, int status, string title, string text)
    {
        await using AsyncServiceScope scope = http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        IServiceProvider services = http.RequestServices;
        http.RequestServices = scope.ServiceProvider;
        // The page that found nothing has set this header, and the renderer sets it only once.
        http.Response.Headers.Remove("blazor-enhanced-nav");
        try
        {
            await new RazorComponentResult<MessagePage>(new { Title = title, Text = text }) { StatusCode = status }.ExecuteAsync(http);
        }
        finally
        {
            http.RequestServices = services;
        }
    }

    private sealed class Handler : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            ProblemDetails problem = exception switch
            {
                InvalidValueException x => Invalid(x),
                BadHttpRequestException { InnerException: JsonException json } x => BodyProblem.Of(x, json),
                BadHttpRequestException x => new ProblemDetails { Status = x.StatusCode, Detail = x.InnerException is null ? x.Message : $"{x.Message} {x.InnerException.Message}" },
                _ => new ProblemDetails { Status = 500, Detail = $"The server failed. Its log says more under {Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier}." },
            };
            httpContext.Response.StatusCode = problem.Status!.Value;
            if (IsForPrograms(httpContext)) await TypedResults.Problem(problem).ExecuteAsync(httpContext);
            else await PageAsync(httpContext, problem.Status.Value, problem.Status < 500 ? "The request was not understood" : "Something went wrong", problem.Detail!);
            return true;
        }

        private static ProblemDetails Invalid(InvalidValueException x)
        {
            var problem = new ProblemDetails { Status = 400, Title = "A value is missing or out of range.", Detail = x.Message };
            problem.Extensions["name"] = x.Name;
            problem.Extensions["value"] = x.Value?.ToString();
            problem.Extensions["range"] = x.Range;
            return problem;
        }
    }
}
