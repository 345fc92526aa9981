namespace Touchstone.Recognition.Calibration;

/// <summary>The calibration profiles that come with the program, beside the models.</summary>
public static class ShippedProfiles
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "models", "profiles");

    /// <summary>The newest profile that the program ships for the model, or null. Its file is named by its id, and that begins with the model's.</summary>
    /// <exception cref="InvalidDataException">The shipped profile cannot be used.</exception>
    public static CalibrationProfile? Find(string modelId)
    {
        if (!Directory.Exists(Folder)) return null;
        string? newest = Directory.EnumerateFiles(Folder, $"{modelId}-*.json").Max(StringComparer.Ordinal);
        return newest is not null && CalibrationProfile.Parse(File.ReadAllText(newest)) is { } profile && profile.ModelId == modelId ? profile : null;
    }
}
