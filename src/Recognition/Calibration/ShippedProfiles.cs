using System.Collections.Concurrent;

namespace Touchstone.Recognition.Calibration;

/// <summary>The calibration profiles that come with the program, beside the models. A file is parsed once, and again when it changed. Safe for concurrent use.</summary>
public static class ShippedProfiles
{
    private static readonly ConcurrentDictionary<string, Parsed> Known = new(StringComparer.Ordinal);

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "models", "profiles");

    /// <summary>The newest profile that the program ships for the model, or null. Its file is named by its id, and that begins with the model's.</summary>
    /// <exception cref="InvalidDataException">The shipped profile cannot be used.</exception>
    public static CalibrationProfile? Find(string modelId)
    {
        if (!Directory.Exists(Folder)) return null;
        string? newest = Directory.EnumerateFiles(Folder, $"{modelId}-*.json").Max(StringComparer.Ordinal);
        return newest is not null && Read(newest) is { } profile && profile.ModelId == modelId ? profile : null;
    }

    /// <exception cref="InvalidDataException">The file holds no profile that can be used.</exception>
    internal static CalibrationProfile Read(string path)
    {
        var file = new FileInfo(path);
        (DateTime changed, long length) = (file.LastWriteTimeUtc, file.Length);
        if (Known.TryGetValue(path, out Parsed? known) && known.ChangedAt == changed && known.Length == length) return known.Profile;
        CalibrationProfile profile = CalibrationProfile.Parse(File.ReadAllText(path));
        Known[path] = new Parsed(profile, changed, length);
        return profile;
    }

    private sealed record Parsed(CalibrationProfile Profile, DateTime ChangedAt, long Length);
}
