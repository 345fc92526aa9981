using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Calibration;

/// <summary>The profiles of an installation: the shipped one of the loaded model, or the one an administrator made active.</summary>
public sealed class CalibrationProfiles(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    /// <summary>Where the program finds the profiles that it ships.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "models", "profiles");

    /// <summary>The profile to decide with, or null if none fits the model.</summary>
    public async Task<CalibrationProfile?> ActiveAsync(string modelId, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        string? content = await db.CalibrationProfiles.Where(p => p.ModelId == modelId && p.Active).OrderByDescending(p => p.CreatedAt).Select(p => p.Content).FirstOrDefaultAsync(cancellationToken);
        if (content is not null) return CalibrationProfile.Parse(content);
        return ShippedFor(modelId);
    }

    /// <summary>The newest profile that the program ships for the model, or null.</summary>
    /// <exception cref="InvalidDataException">A shipped profile cannot be used.</exception>
    public static CalibrationProfile? ShippedFor(string modelId) =>
        Shipped().Where(p => p.ModelId == modelId).OrderByDescending(p => p.Id, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Stores a profile and makes it the active one of its model.</summary>
    public async Task ActivateAsync(CalibrationProfile profile, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (CalibrationProfileRow other in await db.CalibrationProfiles.Where(p => p.ModelId == profile.ModelId).ToListAsync(cancellationToken))
            other.Active = false;
        CalibrationProfileRow? row = await db.CalibrationProfiles.FindAsync([profile.Id], cancellationToken);
        if (row is null)
        {
            row = new CalibrationProfileRow { Id = profile.Id, ModelId = profile.ModelId, DataSetId = profile.DataSetId, Content = profile.ToJson(), CreatedAt = clock.GetUtcNow() };
            db.CalibrationProfiles.Add(row);
        }
        row.Content = profile.ToJson();
        row.Active = true;
        await db.SaveChangesAsync(cancellationToken);
    }

    private static IEnumerable<CalibrationProfile> Shipped() =>
        Directory.Exists(ShippedFolder) ? Directory.EnumerateFiles(ShippedFolder, "*.json").Select(file => CalibrationProfile.Parse(File.ReadAllText(file))) : [];
}
