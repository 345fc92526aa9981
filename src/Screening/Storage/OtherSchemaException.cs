namespace Touchstone.Screening.Storage;

/// <summary>The database holds something else than an installation of this version; the message says what to do.</summary>
public sealed class OtherSchemaException : Exception
{
    private OtherSchemaException(string message)
        : base(message)
    {
    }

    public static OtherSchemaException OfEarlier(string migration) =>
        new($"The database holds an installation of an earlier version ({migration}), which this version cannot read. Keep it with that version, or name another folder or database and import the registers again.");

    public static OtherSchemaException OfAnotherProgram() =>
        new("The database holds tables of another program and no installation. Nothing was changed in it; name another folder with --data DIR.");
}
