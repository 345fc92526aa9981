using System.Collections.Concurrent;
using System.Security.Cryptography;
using NetVips;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// Decides whether a picture needs its colour profile applied. The transform costs ten times the decoding of a shop's photo, and most
/// profiles are sRGB under one of many names. A name can lie, so each distinct profile is tried once on 27 colours: one that moves
/// none of them by more than <see cref="Tolerance"/> steps is sRGB. Thread-safe.
/// </summary>
internal static class ColourProfiles
{
    private const int Tolerance = 2;

    // Profiles repeat; whoever sends a new one each time only loses the saving.
    private const int MostRemembered = 256;

    private static readonly ConcurrentDictionary<string, bool> Neutral = new(StringComparer.Ordinal);

    internal static bool NeedsTransform(Image image)
    {
        if (image.Interpretation == Enums.Interpretation.Cmyk) return true;
        if (!image.Contains(ProfileField) || image.Get(ProfileField) is not byte[] profile) return false;
        string key = Convert.ToHexString(SHA256.HashData(profile));
        if (Neutral.TryGetValue(key, out bool neutral)) return !neutral;
        neutral = IsNeutral(profile);
        if (Neutral.Count >= MostRemembered) Neutral.Clear();
        Neutral[key] = neutral;
        return !neutral;
    }

    private const string ProfileField = "icc-profile-data";

    /// <summary>Four inks without a profile as browsers show them, each ink taking its share of the light; null: it is another picture. A profile for print that nobody named would turn the hues.</summary>
    internal static Image? OfBareInks(Image image)
    {
        if (image is not { Interpretation: Enums.Interpretation.Cmyk, Bands: 4, Format: Enums.BandFormat.Uchar } || image.Contains(ProfileField)) return null;
        using Image light = image.Invert();
        using Image colours = light.ExtractBand(0, n: 3);
        using Image key = light.ExtractBand(3);
        using Image product = colours * key;
        using Image scaled = product.Linear([1 / 255.0], [0.5]);
        using Image bytes = scaled.Cast(Enums.BandFormat.Uchar);
        return bytes.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    private static bool IsNeutral(byte[] profile)
    {
        byte[] probe = Probe();
        try
        {
            using Image plain = VipsPixels.Import(probe, 27, 1, 3);
            using Image tagged = plain.Mutate(mutable => mutable.Set(GValue.BlobType, ProfileField, profile));
            using Image moved = tagged.IccTransform("srgb", embedded: true);
            byte[] seen = VipsPixels.Export(moved);
            return seen.Length == probe.Length && seen.Zip(probe, static (a, b) => Math.Abs(a - b)).Max() <= Tolerance;
        }
        catch (VipsException)
        {
            // A profile for grey or CMYK, or a damaged one: the transform of the picture itself decides.
            return false;
        }
    }

    private static byte[] Probe()
    {
        byte[] pixels = new byte[27 * 3];
        for (int i = 0; i < 27; i++)
        {
            pixels[i * 3] = (byte)(i % 3 * 127);
            pixels[(i * 3) + 1] = (byte)(i / 3 % 3 * 127);
            pixels[(i * 3) + 2] = (byte)(i / 9 * 127);
        }

        return pixels;
    }
}
