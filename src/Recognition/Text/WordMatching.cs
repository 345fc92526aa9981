namespace Touchstone.Recognition.Text;

/// <summary>Words of two texts that agree. <c>Closeness</c>: 1 for the same word, less for one that was misread; 0..1.</summary>
internal sealed record WordPair(TextWord Left, TextWord Right, double Closeness, double Weight);

/// <summary>
/// Pairs the words of two texts: equal, equal but for what is misread, a few letters apart, or written together in one text and apart in
/// the other. Each word is used once, the heaviest pairs first. Pure; safe for concurrent use.
/// </summary>
internal static class WordMatching
{
    private const int ShortestMisread = 5;
    private const int LongestJoin = 24;

    // Two reading errors in a word of this length leave enough of it.
    private const int LongWord = 9;

    internal static List<WordPair> Pair(IReadOnlyList<TextWord> left, IReadOnlyList<TextWord> right, Func<TextWord, double> weigh)
    {
        List<Form> lefts = Forms(left, weigh), rights = Forms(right, weigh);
        ILookup<string, Form> bySkeleton = rights.ToLookup(f => f.Word.Skeleton, StringComparer.Ordinal);
        Form[] misreadable = [.. rights.Where(f => f.Length == 1 && f.Word.Skeleton.Length >= ShortestMisread && !f.Word.HasDigit)];
        var pairs = new List<(Form Left, Form Right, double Closeness)>();
        foreach (Form form in lefts)
        {
            Form[] same = [.. bySkeleton[form.Word.Skeleton].Where(r => form.Length + r.Length <= 3)];
            foreach (Form r in same) pairs.Add((form, r, form.Word.Folded == r.Word.Folded ? 1 : 0.95));
            if (same.Length > 0 || form.Word.Skeleton.Length < ShortestMisread || form.Word.HasDigit) continue;
            foreach (Form r in misreadable)
                if (Closeness(form.Word, r.Word) is > 0 and var closeness) pairs.Add((form, r, closeness));
        }
        return Chosen(pairs, left.Count, right.Count);
    }

    /// <summary>1 for equal skeletons, less for each letter that differs, 0 where too many do.</summary>
    internal static double Closeness(TextWord a, TextWord b)
    {
        if (a.Skeleton == b.Skeleton) return 1;
        int shorter = Math.Min(a.Skeleton.Length, b.Skeleton.Length), most = shorter >= LongWord ? 2 : 1;
        if (shorter < ShortestMisread || Math.Abs(a.Skeleton.Length - b.Skeleton.Length) > most) return 0;
        if (ulong.PopCount(a.Letters ^ b.Letters) > (ulong)(2 * most)) return 0;
        int distance = EditDistance.Between(a.Skeleton, b.Skeleton, most);
        return distance > most ? 0 : 1 - (1.5 * distance / shorter);
    }

    private static List<Form> Forms(IReadOnlyList<TextWord> words, Func<TextWord, double> weigh)
    {
        var forms = new List<Form>();
        for (int i = 0; i < words.Count; i++)
        {
            double weight = weigh(words[i]);
            forms.Add(new Form(words[i], i, 1, weight));
            if (i + 1 >= words.Count || words[i + 1].Line != words[i].Line) continue;
            TextWord joined = words[i].With(words[i + 1]);
            if (joined.Folded.Length <= LongestJoin) forms.Add(new Form(joined, i, 2, weight + weigh(words[i + 1])));
        }
        return forms;
    }

    private static List<WordPair> Chosen(List<(Form Left, Form Right, double Closeness)> pairs, int lefts, int rights)
    {
        var usedLeft = new bool[lefts];
        var usedRight = new bool[rights];
        var chosen = new List<WordPair>();
        foreach ((Form l, Form r, double closeness) in pairs.OrderByDescending(p => p.Closeness * Math.Min(p.Left.Weight, p.Right.Weight)).ThenBy(p => p.Left.Start).ThenBy(p => p.Right.Start))
        {
            if (Used(usedLeft, l) || Used(usedRight, r)) continue;
            for (int i = 0; i < l.Length; i++) usedLeft[l.Start + i] = true;
            for (int i = 0; i < r.Length; i++) usedRight[r.Start + i] = true;
            chosen.Add(new WordPair(l.Word, r.Word, closeness, closeness * Math.Min(l.Weight, r.Weight)));
        }
        return chosen;

        static bool Used(bool[] used, Form form) => used[form.Start] || used[form.Start + form.Length - 1];
    }

    /// <summary>One word, or two that stand side by side, as one.</summary>
    private sealed record Form(TextWord Word, int Start, int Length, double Weight);
}
