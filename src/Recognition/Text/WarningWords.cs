namespace Touchstone.Recognition.Text;

/// <summary>What a warning on a product is about.</summary>
public enum Warning { NotForYoungChildren, Choking, Flammable, Toxic, KeepFromChildren, Corrosive, Laser, HighVoltage, ConformityMark }

/// <summary>
/// The warnings that EU rules ask for (toys, directive 2009/48/EC; chemicals, regulation 1272/2008; lasers, EN 60825), as packages print
/// them in the larger languages. Compared word by word in folded form, so that reading errors do no harm. Pure; safe for concurrent use.
/// </summary>
public static class WarningWords
{
    private const int LongPhrase = 9;

    private static readonly (Warning Warning, TextWord[][] Phrases)[] Table =
    [
        (Warning.NotForYoungChildren, Phrases("not suitable for children under", "not for children under", "nicht geeignet fur kinder unter", "nicht fur kinder unter", "ne convient pas aux enfants de moins", "no conveniente para ninos menores", "no recomendado para menores", "non adatto a bambini", "nao recomendado a menores", "niet geschikt voor kinderen", "nieodpowiednie dla dzieci", "nevhodne pre deti", "nevhodne pro deti", "inte lamplig for barn", "ikke egnet for born")),
        (Warning.Choking, Phrases("choking hazard", "small parts", "erstickungsgefahr", "kleinteile", "danger d etouffement", "petits elements", "riesgo de asfixia", "pericolo di soffocamento", "verstikkingsgevaar", "ryzyko zadlawienia")),
        (Warning.Flammable, Phrases("flammable", "extremely flammable", "inflammable", "entzundbar", "entzundlich", "leichtentzundlich", "infiammabile", "inflamable", "ontvlambaar", "latwopalny", "horlavy", "brandfarlig")),
        (Warning.Toxic, Phrases("toxic if swallowed", "toxic", "poison", "giftig", "toxique", "toxico", "tossico", "trujacy", "jedovaty")),
        (Warning.KeepFromChildren, Phrases("keep out of reach of children", "keep out of the reach", "darf nicht in die hande von kindern", "tenir hors de portee des enfants", "mantener fuera del alcance", "tenere fuori dalla portata", "buiten het bereik van kinderen", "chronic przed dziecmi")),
        (Warning.Corrosive, Phrases("corrosive", "causes severe skin burns", "causes serious eye damage", "atzend", "corrosif", "corrosivo", "zracy", "irritant", "causes skin irritation")),
        (Warning.Laser, Phrases("laser radiation", "laser class", "class 3r laser", "do not stare into beam", "laserstrahlung", "rayonnement laser", "radiacion laser", "radiazione laser")),
        (Warning.HighVoltage, Phrases("high voltage", "hochspannung", "haute tension", "alta tension", "alta tensione", "risk of electric shock", "wysokie napiecie")),
        (Warning.ConformityMark, Phrases("ce", "ukca", "c e")),
    ];

    /// <summary>The warnings that the words state, each once.</summary>
    public static IReadOnlyList<Warning> In(IReadOnlyList<TextWord> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        string together = string.Concat(words.Select(w => w.Skeleton));
        return [.. Table.Where(row => row.Phrases.Any(phrase => Holds(words, together, phrase))).Select(row => row.Warning)];
    }

    /// <summary>As a sentence names it.</summary>
    public static string NameOf(Warning warning) => warning switch
    {
        Warning.NotForYoungChildren => "not suitable for young children",
        Warning.Choking => "choking hazard",
        Warning.Flammable => "flammable",
        Warning.Toxic => "toxic",
        Warning.KeepFromChildren => "keep out of reach of children",
        Warning.Corrosive => "corrosive or irritant",
        Warning.Laser => "laser radiation",
        Warning.HighVoltage => "high voltage",
        Warning.ConformityMark => "CE or UKCA mark",
        _ => throw new ArgumentOutOfRangeException(nameof(warning), warning, "No warning of the list."),
    };

    // A phrase may run on from one line to the next, so lines do not count.
    private static bool Holds(IReadOnlyList<TextWord> words, string together, TextWord[] phrase)
    {
        // Reading often drops blanks; a long phrase stands in no text by chance.
        string whole = string.Concat(phrase.Select(w => w.Skeleton));
        if (whole.Length >= LongPhrase && together.Contains(whole, StringComparison.Ordinal)) return true;
        for (int start = 0; start + phrase.Length <= words.Count; start++)
        {
            int agreed = 0;
            while (agreed < phrase.Length && WordMatching.Closeness(words[start + agreed], phrase[agreed]) > 0) agreed++;
            if (agreed == phrase.Length) return true;
        }
        return false;
    }

    private static TextWord[][] Phrases(params string[] phrases) => [.. phrases.Select(p => TextWord.Of(p).ToArray())];
}
