namespace Touchstone.Server.Console.References;

/// <summary>What the forms of an import send.</summary>
public sealed class ImportFields
{
    public string? Register { get; set; }

    public string? Url { get; set; }

    public ReferenceKind? Kind { get; set; }
}
