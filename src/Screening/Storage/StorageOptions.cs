using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.Storage;

public enum DatabaseProvider { Sqlite, PostgreSql }

/// <summary>Where an installation keeps its state.</summary>
public sealed record StorageOptions
{
    /// <summary>The folder of the installation: the embedded database, pictures and evidence; of a node of several what it keeps for itself, such as the gallery.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Default: the embedded SQLite database in the data folder.</summary>
    public DatabaseProvider Provider { get; init; } = DatabaseProvider.Sqlite;

    /// <summary>The connection string of a PostgreSQL server; unused with SQLite.</summary>
    public string? ConnectionString { get; init; }

    public string DatabaseFile => Path.Combine(DataFolder, "touchstone.db");

    /// <summary>The storage that keeps pictures, pages and evidence; null: the folder <c>blobs</c> in the data folder.</summary>
    public S3Location? Blobs { get; init; }

    public string BlobFolder => Path.Combine(DataFolder, "blobs");
}
