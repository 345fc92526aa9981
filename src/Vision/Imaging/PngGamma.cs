using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NetVips;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// A PNG whose samples stand for light by another power than a screen's: browsers follow its gAMA chunk, libvips does not. Pure; thread-safe.
/// Source: PNG specification, third edition, section 11.3.2.2.
/// </summary>
internal static class PngGamma
{
    private const double Screen = 2.2;

    // What differs less is not seen; what is stated beyond these is a mistake of the writer.
    private const double Unseen = 0.05, Least = 0.1, Most = 5;

    /// <summary>The power by which the samples are raised to be shown; 1 where nothing is to be done.</summary>
    internal static double Exponent(ReadOnlySpan<byte> file)
    {
        double exponent = 1;
        for (PngChunks chunks = new(file); chunks.Next();)
        {
            // A profile or the word "sRGB" goes before gAMA.
            if (chunks.Is("iCCP"u8) || chunks.Is("sRGB"u8) || chunks.Is("cICP"u8)) return 1;
            if (chunks.Is("IDAT"u8) || !chunks.IsWhole) break;
            if (chunks.Is("gAMA"u8) && chunks.Content.Length == 4 && BinaryPrimitives.ReadUInt32BigEndian(chunks.Content) is > 0 and var gamma) exponent = 100_000 / (Screen * gamma);
        }

        return exponent is < Least or > Most || Math.Abs(exponent - 1) < Unseen ? 1 : exponent;
    }

    /// <summary>The picture as it is shown; alpha stays.</summary>
    internal static Image Apply(Image image, double exponent)
    {
        int colours = image.Bands - (image.HasAlpha() ? 1 : 0), bands = image.Bands;
        bool wide = image.Format == Enums.BandFormat.Ushort;
        int most = wide ? ushort.MaxValue : byte.MaxValue;
        var table = new ushort[(most + 1) * bands];
        for (int i = 0; i < table.Length; i++) table[i] = (ushort)(i % bands < colours ? Math.Round(most * Math.Pow((double)(i / bands) / most, exponent)) : i / bands);
        using Image words = Image.NewFromMemoryCopy(MemoryMarshal.AsBytes<ushort>(table), most + 1, 1, bands, Enums.BandFormat.Ushort);
        using Image lut = words.Cast(image.Format);
        using Image mapped = image.Maplut(lut);
        return mapped.Copy(interpretation: image.Interpretation);
    }
}
