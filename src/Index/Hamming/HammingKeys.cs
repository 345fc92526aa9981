namespace Touchstone.Index.Hamming;

/// <summary>256-bit keys with the id of each: a changing set in memory, or an immutable one in a file. <see cref="HammingSearch"/> searches several together.</summary>
public abstract class HammingKeys
{
    /// <summary>Words of 64 bits in a key.</summary>
    public const int KeyWords = 4;

    private protected HammingKeys()
    {
    }

    /// <summary>A view that does not change until it is disposed, by the thread that asked for it.</summary>
    internal abstract HammingReader Read();

    internal static void Check(ReadOnlySpan<ulong> key)
    {
        if (key.Length != KeyWords) throw new ArgumentException($"A key has {KeyWords} words, not {key.Length}.", nameof(key));
    }
}

/// <summary>Keys that do not change while they are read.</summary>
internal abstract class HammingReader : IDisposable
{
    /// <summary>The id of each key.</summary>
    public abstract ReadOnlySpan<long> Ids { get; }

    /// <summary>One word of each key; word 0 is the most significant.</summary>
    public abstract ReadOnlySpan<ulong> Column(int word);

    public abstract void Dispose();
}
