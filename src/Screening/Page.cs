namespace Touchstone.Screening;

/// <summary>A part of a list, in the list's order.</summary>
/// <param name="Next">What to give as the cursor to get the part after this one; null: this is the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, long? Next)
{
    /// <summary>The most items of one part; a greater wish is an argument exception.</summary>
    public const int MostItems = 500;

    /// <summary>Cuts a part from <paramref name="rows"/>, which were read with one more than <paramref name="take"/> to see if there are more.</summary>
    public static Page<T> Cut(IReadOnlyList<T> rows, int take, Func<T, long> cursor) =>
        rows.Count > take ? new([.. rows.Take(take)], cursor(rows[take - 1])) : new(rows, null);

    /// <exception cref="ArgumentOutOfRangeException">Not within 1..<see cref="MostItems"/>.</exception>
    public static int CheckedTake(int take) => take is >= 1 and <= MostItems
        ? take
        : throw new ArgumentOutOfRangeException(nameof(take), take, $"A page has 1 to {MostItems} items.");
}
