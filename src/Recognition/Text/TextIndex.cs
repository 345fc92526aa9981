using System.Runtime.InteropServices;

namespace Touchstone.Recognition.Text;

/// <summary>Whose text it is: a reference picture's, or a reference's facts; with their id.</summary>
public readonly record struct TextOwner(bool IsPicture, long Id)
{
    public static TextOwner Picture(long referenceImageId) => new(true, referenceImageId);

    public static TextOwner Facts(long referenceId) => new(false, referenceId);
}

/// <summary>A text that shares telling words with a query. Score: the weight of the shared words, above 0.</summary>
public readonly record struct TextHit(TextOwner Owner, double Score);

/// <summary>
/// Texts in memory, found by their words: by skeleton, by two words written as one, and, where a word was misread, by the three-letter
/// pieces that it has in common with a known word. Safe for concurrent use.
/// </summary>
public sealed class TextIndex
{
    private const int Gram = 3;
    private const ulong GramBits = (1UL << (16 * Gram)) - 1;

    // A word in so many texts finds nothing; it would only make every search long.
    private const double CommonShare = 0.2;
    private const int AlwaysSearched = 50;

    private readonly Lock gate = new();

    // A number stands for a word, so that the lists that are long with a million texts hold four bytes for each.
    private readonly Dictionary<string, int> numberOf = new(StringComparer.Ordinal);
    private readonly List<Word?> known = [];
    private readonly Stack<int> unused = new();
    private readonly Dictionary<TextOwner, int[]> numbersOf = [];

    // Null until a misread word is first looked for: many galleries never are asked for one.
    private Dictionary<ulong, List<int>>? numbersOfGram;

    private readonly IdfWeights rarity;

    public TextIndex() => rarity = new IdfWeights(0, TextsWith);

    /// <summary>Texts held.</summary>
    public int Count
    {
        get
        {
            lock (gate) return numbersOf.Count;
        }
    }

    /// <summary>What words tell among these texts. Follows the index.</summary>
    public IdfWeights Rarity => rarity with { Texts = Count };

    /// <summary>Adds a text or replaces it; found when this returns.</summary>
    public void Put(TextOwner owner, IEnumerable<TextWord> words)
    {
        string[] keys = KeysOf([.. words]);
        lock (gate)
        {
            Drop(owner);
            if (keys.Length == 0) return;
            int[] numbers = Array.ConvertAll(keys, NumberOf);
            numbersOf[owner] = numbers;
            foreach (int number in numbers) known[number]!.Texts.Add(owner);
        }
    }

    public void Remove(TextOwner owner)
    {
        lock (gate) Drop(owner);
    }

    /// <summary>The texts that share the most telling words with these, at most <paramref name="limit"/>, best first.</summary>
    public IReadOnlyList<TextHit> Find(IReadOnlyList<TextWord> words, int limit)
    {
        IdfWeights now = Rarity;
        var scores = new Dictionary<TextOwner, double>();
        lock (gate)
        {
            foreach ((TextWord word, double weight) in FormsOf(words).Select(w => (w, now.Of(w))).Where(w => w.Item2 >= 0.3).DistinctBy(w => w.w.Skeleton))
            {
                foreach ((List<TextOwner> texts, double closeness) in Known(word))
                {
                    if (texts.Count > AlwaysSearched && texts.Count > CommonShare * numbersOf.Count) continue;
                    foreach (TextOwner owner in texts) scores[owner] = scores.GetValueOrDefault(owner) + (weight * closeness);
                }
            }
        }
        return [.. scores.OrderByDescending(s => s.Value).ThenBy(s => s.Key.IsPicture).ThenBy(s => s.Key.Id).Take(limit).Select(s => new TextHit(s.Key, s.Value))];
    }

    private int TextsWith(string skeleton)
    {
        lock (gate) return numberOf.TryGetValue(skeleton, out int number) ? known[number]!.Texts.Count : 0;
    }

    /// <summary>The texts of the held words that a word may be: itself, or those that share half of its pieces and are few letters apart.</summary>
    private List<(List<TextOwner> Texts, double Closeness)> Known(TextWord word)
    {
        if (numberOf.TryGetValue(word.Skeleton, out int same)) return [(known[same]!.Texts, 1)];
        if (word.HasDigit) return [];
        numbersOfGram ??= Grams();
        ulong[] grams = [.. GramsOf(word.Skeleton)];
        var shared = new Dictionary<int, int>();
        foreach (ulong gram in grams)
            foreach (int number in numbersOfGram.GetValueOrDefault(gram, [])) shared[number] = shared.GetValueOrDefault(number) + 1;
        return [.. shared.Where(s => 2 * s.Value >= grams.Length - Gram).Select(s => known[s.Key]!)
            .Select(w => (w.Texts, WordMatching.Closeness(word, new TextWord(w.Key, w.Key, w.Key, 0, 0, 1, 1)))).Where(s => s.Item2 > 0)];
    }

    /// <summary>The number of a held word; a new one gets the next that is free.</summary>
    private int NumberOf(string key)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numberOf, key, out bool held);
        if (held) return number;
        if (!unused.TryPop(out number))
        {
            number = known.Count;
            known.Add(null);
        }
        known[number] = new Word(key, new List<TextOwner>(1));
        if (numbersOfGram is not null) AddGrams(numbersOfGram, key, number);
        return number;
    }

    private void Drop(TextOwner owner)
    {
        if (!numbersOf.Remove(owner, out int[]? numbers)) return;
        foreach (int number in numbers)
        {
            Word word = known[number]!;
            word.Texts.Remove(owner);
            if (word.Texts.Count > 0) continue;
            numberOf.Remove(word.Key);
            known[number] = null;
            unused.Push(number);
            if (numbersOfGram is null) continue;
            foreach (ulong gram in GramsOf(word.Key).Distinct()) numbersOfGram[gram].Remove(number);
        }
    }

    private Dictionary<ulong, List<int>> Grams()
    {
        Dictionary<ulong, List<int>> grams = [];
        foreach ((string key, int number) in numberOf) AddGrams(grams, key, number);
        return grams;
    }

    private static void AddGrams(Dictionary<ulong, List<int>> grams, string key, int number)
    {
        foreach (ulong gram in GramsOf(key).Distinct()) (CollectionsMarshal.GetValueRefOrAddDefault(grams, gram, out _) ??= []).Add(number);
    }

    private static string[] KeysOf(TextWord[] words) => [.. FormsOf(words).Where(w => w.Skeleton.Length >= 2).Select(w => w.Skeleton).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<TextWord> FormsOf(IReadOnlyList<TextWord> words)
    {
        for (int i = 0; i < words.Count; i++)
        {
            yield return words[i];
            if (i + 1 < words.Count && words[i + 1].Line == words[i].Line && words[i].Folded.Length + words[i + 1].Folded.Length is >= 4 and <= 24) yield return words[i].With(words[i + 1]);
        }
    }

    /// <summary>Every three letters that follow each other, the word's begin and end counted as letters; 16 bits a letter.</summary>
    private static IEnumerable<ulong> GramsOf(string key)
    {
        ulong gram = '^';
        for (int i = 0; i <= key.Length; i++)
        {
            gram = ((gram << 16) | (i < key.Length ? key[i] : '$')) & GramBits;
            if (i + 2 >= Gram) yield return gram;
        }
    }

    /// <summary>A word that texts hold: its skeleton, and whose they are.</summary>
    private sealed record Word(string Key, List<TextOwner> Texts);
}
