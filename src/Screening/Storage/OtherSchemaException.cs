namespace Touchstone.Screening.Storage;

/// <summary>The database holds an installation whose schema began otherwise; the message says what to do.</summary>
public sealed class OtherSchemaException(string migration) : Exception(
    $"The database holds an installation of an earlier version ({migration}), which this version cannot read. Keep it with that version, or name another folder or database and import the registers again.");
