namespace Touchstone.Server.Api;

/// <summary>A query parameter that nobody reads would narrow nothing, and its sender would believe that it did.</summary>
internal static class KnownParameters
{
    /// <summary>Refuses requests with a query parameter that the endpoint's method does not name.</summary>
    public static RouteGroupBuilder RefusesUnknownParameters(this RouteGroupBuilder group) => group.AddEndpointFilterFactory((endpoint, next) =>
    {
        string[] known = [.. endpoint.MethodInfo.GetParameters().Where(p => IsSimple(p.ParameterType)).Select(p => p.Name!)];
        return invocation => invocation.HttpContext.Request.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? throw InvalidValueException.Unknown("query parameter", unknown, known)
            : next(invocation);
    });

    private static bool IsSimple(Type type)
    {
        Type value = Nullable.GetUnderlyingType(type) ?? type;
        return value.IsPrimitive || value.IsEnum || value == typeof(string) || value == typeof(DateTimeOffset) || value == typeof(DateOnly) || value == typeof(decimal);
    }
}
