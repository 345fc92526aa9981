using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// Memory of planes that were given back, for the next picture's: a scale space takes some 14 MB of the system and returns them, and while
/// other threads run that costs more than what is computed in it. Safe for concurrent use.
/// </summary>
internal static unsafe class PlaneMemory
{
    /// <summary>Bytes kept at most: two pictures of the usual size at work. What is given back beyond that is freed.</summary>
    public const long MostKept = 32 << 20;

    /// <summary>By the power of two that a block holds.</summary>
    private static readonly ConcurrentStack<nint>[] Kept = [.. Enumerable.Range(0, 64).Select(_ => new ConcurrentStack<nint>())];

    private static long kept;

    /// <summary>Bytes that are kept now; for a moment more than <see cref="MostKept"/> while some are given back.</summary>
    public static long KeptBytes => Interlocked.Read(ref kept);

    /// <summary>At least so many bytes, aligned to 64, with whatever stood in them.</summary>
    /// <exception cref="OutOfMemoryException">The system has none.</exception>
    public static float* Take(nuint bytes)
    {
        nuint size = BitOperations.RoundUpToPowerOf2(bytes);
        if (!Kept[BitOperations.Log2(size)].TryPop(out nint block)) return (float*)NativeMemory.AlignedAlloc(size, 64);
        Interlocked.Add(ref kept, -(long)size);
        return (float*)block;
    }

    /// <summary>Gives back what <see cref="Take"/> gave for so many bytes.</summary>
    public static void Give(float* block, nuint bytes)
    {
        nuint size = BitOperations.RoundUpToPowerOf2(bytes);
        if (Interlocked.Add(ref kept, (long)size) <= MostKept)
        {
            Kept[BitOperations.Log2(size)].Push((nint)block);
            return;
        }
        Interlocked.Add(ref kept, -(long)size);
        NativeMemory.AlignedFree(block);
    }
}
