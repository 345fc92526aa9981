namespace Touchstone.Recognition.Text;

/// <summary>How many letters differ. Source: V. Levenshtein, 1966. Pure.</summary>
internal static class EditDistance
{
    /// <summary>Letters to insert, drop or exchange; <c>most + 1</c> stands for more than <paramref name="most"/>.</summary>
    internal static int Between(string a, string b, int most)
    {
        Span<int> row = b.Length < 128 ? stackalloc int[b.Length + 1] : new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0], least = row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int exchanged = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(exchanged, Math.Min(row[j], row[j - 1]) + 1);
                least = Math.Min(least, row[j]);
            }
            if (least > most) return most + 1;
        }
        return Math.Min(row[b.Length], most + 1);
    }
}
