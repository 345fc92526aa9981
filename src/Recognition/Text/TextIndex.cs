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
    private readonly Dictionary<string, List<TextOwner>> textsOf = new(StringComparer.Ordinal);
    private readonly Dictionary<TextOwner, string[]> wordsOf = [];

    // Null until a misread word is first looked for: many galleries never are asked for one.
    private Dictionary<ulong, HashSet<string>>? wordsOfGram;
    private readonly IdfWeights rarity;

    public TextIndex() => rarity = new IdfWeights(0, TextsWith);

    /// <summary>Texts held.</summary>
    public int Count
    {
        get
        {
            lock (gate) return wordsOf.Count;
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
            wordsOf[owner] = keys;
            foreach (string key in keys)
            {
                ref List<TextOwner>? texts = ref CollectionsMarshal.GetValueRefOrAddDefault(textsOf, key, out bool known);
                if (!known && wordsOfGram is not null) AddGrams(wordsOfGram, key);
                (texts ??= new List<TextOwner>(1)).Add(owner);
            }
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
                foreach ((string key, double closeness) in Known(word))
                {
                    List<TextOwner> texts = textsOf[key];
                    if (texts.Count > AlwaysSearched && texts.Count > CommonShare * wordsOf.Count) continue;
                    foreach (TextOwner owner in texts) scores[owner] = scores.GetValueOrDefault(owner) + (weight * closeness);
                }
            }
        }
        return [.. scores.OrderByDescending(s => s.Value).ThenBy(s => s.Key.IsPicture).ThenBy(s => s.Key.Id).Take(limit).Select(s => new TextHit(s.Key, s.Value))];
    }

    private int TextsWith(string skeleton)
    {
        lock (gate) return textsOf.TryGetValue(skeleton, out List<TextOwner>? texts) ? texts.Count : 0;
    }

    /// <summary>The held words that a word may be: itself, or those that share half of its pieces and are few letters apart.</summary>
    private List<(string Key, double Closeness)> Known(TextWord word)
    {
        if (textsOf.ContainsKey(word.Skeleton)) return [(word.Skeleton, 1)];
        if (word.HasDigit) return [];
        wordsOfGram ??= Grams();
        ulong[] grams = [.. GramsOf(word.Skeleton)];
        var shared = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (ulong gram in grams)
            foreach (string key in wordsOfGram.GetValueOrDefault(gram, [])) shared[key] = shared.GetValueOrDefault(key) + 1;
        return [.. shared.Where(s => 2 * s.Value >= grams.Length - Gram)
            .Select(s => (s.Key, WordMatching.Closeness(word, new TextWord(s.Key, s.Key, s.Key, 0, 0, 1, 1)))).Where(s => s.Item2 > 0)];
    }

    private void Drop(TextOwner owner)
    {
        if (!wordsOf.Remove(owner, out string[]? keys)) return;
        foreach (string key in keys)
        {
            List<TextOwner> texts = textsOf[key];
            texts.Remove(owner);
            if (texts.Count > 0) continue;
            textsOf.Remove(key);
            if (wordsOfGram is null) continue;
            foreach (ulong gram in GramsOf(key)) wordsOfGram[gram].Remove(key);
        }
    }

    private Dictionary<ulong, HashSet<string>> Grams()
    {
        Dictionary<ulong, HashSet<string>> grams = [];
        foreach (string key in textsOf.Keys) AddGrams(grams, key);
        return grams;
    }

    private static void AddGrams(Dictionary<ulong, HashSet<string>> grams, string key)
    {
        foreach (ulong gram in GramsOf(key)) (CollectionsMarshal.GetValueRefOrAddDefault(grams, gram, out _) ??= new HashSet<string>(StringComparer.Ordinal)).Add(key);
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
}
