using Microsoft.AspNetCore.Antiforgery;

namespace Touchstone.Server.Security;

/// <summary>Endpoints that a page's form posts to: they take it only with the token that the page was given.</summary>
internal static class FormToken
{
    /// <summary>Answers 400 where the token is absent or another session's; reading the form alone would throw, and an endpoint that reads none would not ask.</summary>
    public static RouteHandlerBuilder RequireFormToken(this RouteHandlerBuilder endpoint) => endpoint
        .WithMetadata(new RequireAntiforgeryTokenAttribute())
        .AddEndpointFilter((context, next) => context.HttpContext.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } ? ValueTask.FromResult<object?>(Results.StatusCode(StatusCodes.Status400BadRequest)) : next(context));
}
