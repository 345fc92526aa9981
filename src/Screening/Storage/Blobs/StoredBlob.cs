namespace Touchstone.Screening.Storage.Blobs;

/// <summary>A blob of a store.</summary>
/// <param name="StoredAt">When it was stored last; exact to <see cref="RefreshedAfter"/>.</param>
public readonly record struct StoredBlob(string Sha256, DateTimeOffset StoredAt)
{
    /// <summary>A put of bytes that are there already stores them anew when that was done longer ago than this, so that whoever deletes old blobs sees that they are wanted: 12 h.</summary>
    public static TimeSpan RefreshedAfter { get; } = TimeSpan.FromHours(12);

    /// <summary>What a put or a reading left unfinished is deleted when it is older than this, because none takes so long: a day.</summary>
    internal static TimeSpan GivenUpAfter { get; } = TimeSpan.FromDays(1);
}
