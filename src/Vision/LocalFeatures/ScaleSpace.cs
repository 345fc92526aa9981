using System.Runtime.CompilerServices;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// The Gaussian scale space of a grey plane and its differences: octaves of halved size, three intervals each. Level s of an octave has
/// blur 1.6 · 2^(s/3) in px of that octave. Owned; not thread-safe.
/// Source: D. Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", 2004.
/// </summary>
internal sealed class ScaleSpace : IDisposable
{
    /// <summary>Scales in an octave.</summary>
    public const int Intervals = 3;

    /// <summary>Blur of level 0 in px of the octave.</summary>
    public const double BaseSigma = 1.6;

    /// <summary>Blur that a camera picture already has, in px.</summary>
    private const double AssumedSigma = 0.5;

    /// <summary>Octaves with a shorter side than this hold nothing: borders eat them up.</summary>
    private const int MinSide = 16;

    private readonly List<Octave> _octaves = [];

    /// <param name="plane">Values 0..1; stays the caller's.</param>
    /// <param name="enlargement">How many times the plane was enlarged; its assumed blur grows with it.</param>
    public ScaleSpace(GreyPlane plane, float enlargement)
    {
        double assumed = AssumedSigma * Math.Max(1, enlargement);
        GreyPlane first = new(plane.Width, plane.Height);
        GaussianBlur.Apply(plane, first, null, Math.Sqrt((BaseSigma * BaseSigma) - (assumed * assumed)));
        for (GreyPlane start = first; ; start = Halved(_octaves[^1].Levels[Intervals]))
        {
            _octaves.Add(new Octave(start));
            if (Math.Min(start.Width, start.Height) / 2 < MinSide) break;
        }
    }

    public IReadOnlyList<Octave> Octaves => _octaves;

    public static double SigmaOf(double level) => BaseSigma * Math.Pow(2, level / Intervals);

    public void Dispose()
    {
        foreach (Octave octave in _octaves) octave.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe GreyPlane Halved(GreyPlane source)
    {
        var half = new GreyPlane(Math.Max(1, source.Width / 2), Math.Max(1, source.Height / 2));
        for (int y = 0; y < half.Height; y++)
        {
            float* from = source.Row(2 * y);
            float* to = half.Row(y);
            for (int x = 0; x < half.Width; x++) to[x] = from[2 * x];
        }
        return half;
    }

    /// <summary>Six blurred levels and the five differences between them.</summary>
    internal sealed class Octave : IDisposable
    {
        public Octave(GreyPlane start)
        {
            Levels[0] = start;
            for (int s = 1; s < Levels.Length; s++)
            {
                double from = SigmaOf(s - 1);
                double to = SigmaOf(s);
                Levels[s] = new GreyPlane(start.Width, start.Height);
                Differences[s - 1] = new GreyPlane(start.Width, start.Height);
                GaussianBlur.Apply(Levels[s - 1], Levels[s], Differences[s - 1], Math.Sqrt((to * to) - (from * from)));
            }
        }

        public GreyPlane[] Levels { get; } = new GreyPlane[Intervals + 3];

        public GreyPlane[] Differences { get; } = new GreyPlane[Intervals + 2];

        public int Width => Levels[0].Width;

        public int Height => Levels[0].Height;

        public void Dispose()
        {
            foreach (GreyPlane level in Levels) level.Dispose();
            foreach (GreyPlane difference in Differences) difference.Dispose();
        }
    }
}
