using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Calibration;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Calibration;

/// <summary>
/// The profiles of an installation: the shipped one of the loaded model, or the one an administrator made active. A profile is read and parsed once for each version of
/// it. Safe for concurrent use.
/// </summary>
public sealed class CalibrationProfiles(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    /// <summary>Stands between a fitted profile's id and the mark of what verdicts made of it.</summary>
    internal const char AdjustedMark = '+';

    private volatile Stored? last;

    /// <summary>The profile to decide with, or null if none fits the model.</summary>
    public async Task<CalibrationProfile?> ActiveAsync(string modelId, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await Active(db, modelId).Select(p => new { p.Id, p.Version }).FirstOrDefaultAsync(cancellationToken);
        if (row is null) return ShippedProfiles.Find(modelId);
        if (last is { } known && known.Profile.Id == row.Id && known.Version == row.Version && known.Profile.ModelId == modelId) return known.Profile;
        var read = await db.CalibrationProfiles.Where(p => p.Id == row.Id).Select(p => new { p.Content, p.Version }).FirstAsync(cancellationToken);
        var stored = new Stored(CalibrationProfile.Parse(read.Content), read.Version);
        last = stored;
        return stored.Profile;
    }

    /// <inheritdoc cref="ActiveAsync(string, CancellationToken)"/>
    public static async Task<CalibrationProfile?> ActiveAsync(TouchstoneDb db, string modelId, CancellationToken cancellationToken)
    {
        string? content = await Active(db, modelId).Select(p => p.Content).FirstOrDefaultAsync(cancellationToken);
        return content is not null ? CalibrationProfile.Parse(content) : ShippedProfiles.Find(modelId);
    }

    /// <summary>The fitted profile that an adjusted one comes from; the profile itself where it was fitted, or its origin is gone.</summary>
    internal static async Task<CalibrationProfile> FittedOfAsync(TouchstoneDb db, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        string id = profile.Id.Split(AdjustedMark)[0];
        if (id == profile.Id) return profile;
        string? content = await db.CalibrationProfiles.Where(p => p.Id == id).Select(p => p.Content).FirstOrDefaultAsync(cancellationToken);
        if (content is not null) return CalibrationProfile.Parse(content);
        string shipped = Path.Combine(ShippedProfiles.Folder, $"{id}.json");
        return File.Exists(shipped) ? CalibrationProfile.Parse(await File.ReadAllTextAsync(shipped, cancellationToken)) : profile;
    }

    /// <summary>Stores a profile and makes it the active one of its model.</summary>
    public async Task ActivateAsync(CalibrationProfile profile, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        await ActivateAsync(db, profile, clock.GetUtcNow(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The same in the caller's unit of work; the caller saves.</summary>
    internal static async Task ActivateAsync(TouchstoneDb db, CalibrationProfile profile, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (CalibrationProfileRow other in await db.CalibrationProfiles.Where(p => p.ModelId == profile.ModelId).ToListAsync(cancellationToken))
            other.Active = false;
        CalibrationProfileRow? row = await db.CalibrationProfiles.FindAsync([profile.Id], cancellationToken);
        if (row is null)
        {
            row = new CalibrationProfileRow { Id = profile.Id, ModelId = profile.ModelId, DataSetId = profile.DataSetId, Content = profile.ToJson(), CreatedAt = at };
            db.CalibrationProfiles.Add(row);
        }
        row.Content = profile.ToJson();
        row.Version++;
        row.Active = true;
    }

    private static IQueryable<CalibrationProfileRow> Active(TouchstoneDb db, string modelId) => db.CalibrationProfiles.Where(p => p.ModelId == modelId && p.Active).OrderByDescending(p => p.CreatedAt);

    /// <summary>A profile as parsed, and the version of its row.</summary>
    private sealed record Stored(CalibrationProfile Profile, long Version);
}
