using System.Runtime.InteropServices;

namespace Touchstone.Index.Keypoints;

/// <summary>
/// The votes of one search. A keypoint votes at most once for a picture; a picture's count is that of its best turn and change of size,
/// neighbours included, so that chance votes, which spread, count little. Not safe for concurrent use.
/// </summary>
internal sealed class Ballot(int rows)
{
    /// <summary>Parts of the circle; a power of two.</summary>
    public const int Turns = 16;

    private const int Sizes = 24;

    private readonly int[] lastKeypoint = new int[rows];
    private readonly Dictionary<int, List<(byte Turn, byte Size, float Weight)>> votes = [];

    public void Cast(int keypoint, int row, int turn, int size, float weight)
    {
        if (lastKeypoint[row] == keypoint + 1) return;
        lastKeypoint[row] = keypoint + 1;
        ref List<(byte, byte, float)>? cast = ref CollectionsMarshal.GetValueRefOrAddDefault(votes, row, out _);
        (cast ??= []).Add(((byte)turn, (byte)Math.Clamp(size + (Sizes / 2), 0, Sizes - 1), weight));
    }

    /// <summary>The rows that at least so many keypoints voted for.</summary>
    public IEnumerable<int> RowsWith(int fewest) => votes.Where(x => x.Value.Count >= fewest).Select(x => x.Key);

    /// <summary>The weight that agrees on a turn and a change of size; 0 if fewer than two votes do.</summary>
    public float Count(int row)
    {
        Span<float> weights = stackalloc float[Turns * Sizes];
        Span<byte> counts = stackalloc byte[Turns * Sizes];
        weights.Clear();
        counts.Clear();
        foreach ((byte turn, byte size, float weight) in votes[row])
        {
            int at = (size * Turns) + turn;
            weights[at] += weight;
            if (counts[at] < byte.MaxValue) counts[at]++;
        }
        float best = 0;
        for (int size = 0; size < Sizes - 1; size++)
            for (int turn = 0; turn < Turns; turn++)
            {
                int next = (turn + 1) & (Turns - 1), here = size * Turns, above = here + Turns;
                if (counts[here + turn] + counts[here + next] + counts[above + turn] + counts[above + next] < 2) continue;
                best = Math.Max(best, weights[here + turn] + weights[here + next] + weights[above + turn] + weights[above + next]);
            }
        return best;
    }
}
