using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Touchstone.Server.Api;

/// <summary>A request header that counts for an endpoint.</summary>
internal sealed record RequestHeader(string Name, string Description, bool IsRequired);

/// <summary>What the API's description says besides what the endpoints show by themselves: who may ask, and which headers count.</summary>
internal static class ApiDescription
{
    private const string Key = "key";

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "Touchstone", Version = "v1", Description = "Screens product pictures against registers of dangerous products, designs and marks. A member or parameter that is unknown, or missing where it is required, is refused with its name." };
            document.Servers?.Clear();
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Key] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key, which an administrator makes on the console's Accounts page: Authorization: Bearer tsk_…" },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (RequestHeader header in context.Description.ActionDescriptor.EndpointMetadata.OfType<RequestHeader>())
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter { Name = header.Name, In = ParameterLocation.Header, Required = header.IsRequired, Description = header.Description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
            }
            return Task.CompletedTask;
        });
    }
}
