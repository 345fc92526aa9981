namespace Touchstone.Screening.Storage;

public enum DatabaseProvider { Sqlite, PostgreSql }

/// <summary>Where an installation keeps its state.</summary>
public sealed record StorageOptions
{
    /// <summary>The folder of the installation: the embedded database, pictures and evidence.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Default: the embedded SQLite database in the data folder.</summary>
    public DatabaseProvider Provider { get; init; } = DatabaseProvider.Sqlite;

    /// <summary>The connection string of a PostgreSQL server; unused with SQLite.</summary>
    public string? ConnectionString { get; init; }

    public string DatabaseFile => Path.Combine(DataFolder, "touchstone.db");

    public string BlobFolder => Path.Combine(DataFolder, "blobs");
}
