using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Touchstone.Server.Api;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Console.Layout;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server;

/// <summary>Errors in one form each: problem+json for programs, a page for people.</summary>
internal static class ErrorAnswers
{
    public static void AddErrorAnswers(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<Handler>();
        services.Configure<RouteHandlerOptions>(x => x.ThrowOnBadRequest = true);
    }

    public static void UseErrorAnswers(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = x => x.Exception is InvalidValueException or BadHttpRequestException or BusyException });
        app.UseStatusCodePages(x => WriteStatusAsync(x.HttpContext));
    }

    private static Task WriteStatusAsync(HttpContext http)
    {
        int status = http.Response.StatusCode;
        if (Problems.IsForPrograms(http)) return TypedResults.Problem(statusCode: status).ExecuteAsync(http);
        RequestLanguage.Speak(http);
        // A page that exists says in its own words what is not there.
        if (status == StatusCodes.Status404NotFound && AbsentWords.Of(http) is { } words) return PageAsync(http, status, words.Title, "", words);
        (string title, string text) = status switch
        {
            404 => (T("There is nothing here"), T("The address may be mistyped, or the thing it named was retired.")),
            401 => (T("You are signed out"), T("Sign in again, then repeat it.")),
            403 => (T("Not allowed"), T("Your account may not do this. An administrator can change its role.")),
            429 => (T("Too many attempts"), T("Wait a minute, then try again.")),
            400 when GoneForms.IsForeign(http) => (T("Nothing was done"), T("The page was made for another sign-in than the present one. Go back, copy what you typed, reload the page and send it again.")),
            400 => (T("The request was not understood"), T("Go back, reload the page and try again.")),
            _ => (T("Something went wrong"), T("The server answered {0}.", status)),
        };
        return PageAsync(http, status, title, text);
    }

    /// <summary>A page that failed while it was rendered has used up its scope, so the message is rendered in one of its own.</summary>
    private static async Task PageAsync(HttpContext http, int status, string title, string text, AbsentWords? words = null)
    {
        await using AsyncServiceScope scope = http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        IServiceProvider services = http.RequestServices;
        http.RequestServices = scope.ServiceProvider;
        // The page that found nothing has set this header, and the renderer sets it only once.
        http.Response.Headers.Remove("blazor-enhanced-nav");
        try
        {
            await new RazorComponentResult<MessagePage>(new { Title = title, Text = text, Href = words?.Href, Link = words?.Link }) { StatusCode = status }.ExecuteAsync(http);
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
            ProblemDetails problem = Problems.Of(exception, httpContext);
            httpContext.Response.StatusCode = problem.Status!.Value;
            if (exception is BusyException { RetryAfter: var wait }) httpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            if (Problems.IsForPrograms(httpContext))
            {
                await TypedResults.Problem(problem).ExecuteAsync(httpContext);
                return true;
            }
            RequestLanguage.Speak(httpContext);
            (string title, string text) = Said(exception, problem);
            await PageAsync(httpContext, problem.Status.Value, title, text);
            return true;
        }

        /// <summary>What a person is told; the details of a wrong request are for programs.</summary>
        private static (string Title, string Text) Said(Exception exception, ProblemDetails problem) => problem.Status switch
        {
            StatusCodes.Status413PayloadTooLarge => (T("Too large"), T("What was sent is larger than this server takes.")),
            < 500 when exception is InvalidValueException { Value: { } value } x => (T("The request was not understood"), T("The address says “{0}” for “{1}”, and this page knows no such value.", value, x.Name)),
            < 500 => (T("The request was not understood"), T("Go back, reload the page and try again.")),
            _ when exception is BusyException => (T("The server is busy"), T("Wait a moment, then try again.")),
            _ => (T("Something went wrong"), CoreSentences.Say(problem.Detail)),
        };
    }
}
