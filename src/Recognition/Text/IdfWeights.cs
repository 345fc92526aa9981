namespace Touchstone.Recognition.Text;

/// <summary>
/// What a word tells: a word of five letters or more that no other reference carries tells 1, a common or short one little. From the
/// number of texts that hold each word (inverse document frequency; K. Spärck Jones, 1972). Pure; safe for concurrent use.
/// </summary>
/// <param name="Texts">All texts counted.</param>
/// <param name="TextsWith">The number of them that hold a word, by its skeleton.</param>
public sealed record IdfWeights(int Texts, Func<string, int> TextsWith)
{
    // A small gallery says little of how common a word is; as if so many more texts held none of its words.
    private const int Unseen = 1_000;

    // Words on packages and in titles that name no product, in the larger languages, as shops and photographers write them.
    private static readonly HashSet<string> Common = new(
        """
        the and with for from not new free best top pro plus mini max original made product products quality premium natural classic super extra ultra brand company limited group model modell item type number code
        net weight content size color colour black white red blue green set pack pcs piece pieces use only keep away please warning caution attention danger store www com net org http https html
        shutterstock dreamstime alamy istock getty depositphotos adobe stock photo photos image images picture pictures download copyright rights reserved watermark preview sample
        der die das und mit fur von nicht den aus oder ohne les des avec pour sans sur une est par dans los las con para por del una che per della non gli voor van het een niet met och att
        china taiwan europe germany france italy spain poland usa india inc ltd gmbh corp llc
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(TextFolding.Skeleton), StringComparer.Ordinal);

    /// <summary>Where nothing is known of other texts.</summary>
    public static IdfWeights Unknown { get; } = new(0, static _ => 0);

    /// <summary>0..1 for letters, up to 1.3 for a model number; times the confidence of the reading.</summary>
    public double Of(TextWord word)
    {
        ArgumentNullException.ThrowIfNull(word);
        double all = Texts + Unseen + 1.0;
        double rarity = Math.Log(all / (TextsWith(word.Skeleton) + 1.0)) / Math.Log(all);
        return Math.Max(0, rarity) * Telling(word) * word.Confidence * (Common.Contains(word.Skeleton) ? 0.15 : 1);
    }

    /// <summary>By its form alone: how little chance would make another word the same.</summary>
    private static double Telling(TextWord word)
    {
        int length = word.Folded.Length;
        if (word.Folded.All(char.IsAsciiDigit)) return length >= 8 ? 1.3 : length >= 5 ? 0.8 : length >= 3 ? 0.3 : 0.05;
        if (word.HasDigit && length >= 4) return 1.1;
        return length switch { 1 => 0, 2 => 0.15, 3 => 0.45, 4 => 0.75, _ => 1 };
    }
}
