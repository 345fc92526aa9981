using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Shop;

/// <summary>Finds in running text that a shop sends to a country: a word for sending, and soon after it the country. Pure; time grows linearly with the text.</summary>
internal static partial class DispatchWords
{
    private const int Window = 110;

    [GeneratedRegex(@"\b(?:ships?|shipping|shipped|deliver(?:s|y|ies|ed|ing)?|dispatch(?:es|ed)?|postage|versand(?:kosten(?:frei)?|kostenfrei|frei)?|versenden|verschicken|liefer(?:n|ung|ungen|t|zeit)|lieferland|levering(?:en)?|leverer|leverance|fragt(?:frit?)?|forsendelse|sender|frakt(?:fritt?)?|leverans(?:er)?|levererar|skickar|livr(?:aison|aisons|ons|é|er)|expédi(?:ons|tion|tions|é)|env(?:íos?|iamos)|entregas?|entregamos|spedi(?:zione|zioni|amo|to)|consegn(?:a|e|iamo)|verzend(?:en|ing|kosten)|verzonden|bezorg(?:en|ing)|leveren|wysy[łl](?:ka|ki|amy)|dostaw(?:a|y)|dostarczamy|toimitus|toimitamme|doprava|doručen[ií]|szállít(?:ás|unk)|livrare)\b|배송", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Sending();

    [GeneratedRegex(@"[\p{L}\p{M}][\p{L}\p{M}.'’-]*|[,:;/&|]|[.!?•]", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Word();

    private static readonly HashSet<string> Leading = Set("die der den dem das to in within throughout across inside nach innerhalb ganz for til i inom till hele hela en à a au aux dans vers la le les el los las il lo gli in tutta toda todo per naar binnen heel het w we do na terenie całej the all of over in of durch by region country land lande pays kraj");

    private static readonly HashSet<string> Joining = Set(", and und og och et y e en i & / | or oder eller");

    private static readonly HashSet<string> Denying = Set("not no don't don’t doesn't cannot can't can’t hasn't hasn’t isn't isn’t won't won’t never except excluding nicht kein keine keinen außer ausser ikke ej undtagen inte ej pas aucun aucune sauf non no salvo excepto tranne niet geen behalve nie oprócz ei");

    // Where a thing lies or comes from is told beside where it is sent.
    private static readonly HashSet<string> Elsewhere = Set("location located standort luogo lieu ubicación origin origine herkunft ursprung oprindelse oprindelsesland herkomst 원산지 made fabriqué hergestellt");

    // After a word of origin these lead on to where is sent.
    private static readonly HashSet<string> Onward = Set("to nach til till à naar do a");

    private static readonly HashSet<string> Origin = Set("from aus fra från depuis desde da dall' vanuit uit z ze von");

    /// <summary>The countries that the text says are sent to, with the words that say so; each once.</summary>
    public static IEnumerable<(string Country, string Text)> Find(string text)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        int from = 0;
        for (Match sending = Sending().Match(text); sending.Success; sending = sending.NextMatch())
        {
            if (sending.Index < from) continue;
            int end = Math.Min(text.Length, sending.Index + sending.Length + Window);
            foreach ((MarketCountry country, int last) in In(text, sending, end))
            {
                from = Math.Max(from, last);
                if (seen.Add(country.Code)) yield return (country.Code, text[sending.Index..last]);
            }
        }
    }

    private static IEnumerable<(MarketCountry Country, int End)> In(string text, Match sending, int end)
    {
        // What denies stands before the word as often as after it: "we do not ship to".
        int before = Math.Max(0, sending.Index - 30);
        if (Word().Matches(text[before..sending.Index]).Cast<Match>().Any(w => Denying.Contains(w.Value))) yield break;
        Match[] words = [.. Word().Matches(text[(sending.Index + sending.Length)..end]).Cast<Match>()];
        int offset = sending.Index + sending.Length;
        bool open = true, origin = false, listing = false;
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i].Value;
            if (Denying.Contains(word) || Elsewhere.Contains(word) || word is "!" or "?" or "•" or ".") yield break;
            // "Ships fromOak Park": pages leave blanks out where they set things in lines.
            if (Origin.Contains(word) || (word.Length > 4 && word.StartsWith("from", StringComparison.Ordinal) && char.IsUpper(word[4]))) origin = true;
            else if (Onward.Contains(word)) origin = false;
            (MarketCountry? country, int taken) = CountryAt(words, i);
            if (country is null)
            {
                // The country follows at once, after a word that leads to it, or in a list that began with one; what is named in between may be a country that is not known here.
                bool joins = Joining.Contains(word);
                listing &= joins || char.IsUpper(word[0]);
                open = Leading.Contains(word) || word == ":" || (joins && listing);
                continue;
            }
            if (!open || origin) continue;
            i += taken - 1;
            yield return (country, offset + words[i].Index + words[i].Length);
            (open, listing) = (false, true);
        }
    }

    private static (MarketCountry? Country, int Words) CountryAt(Match[] words, int at)
    {
        for (int length = Math.Min(3, words.Length - at); length > 0; length--)
        {
            string name = string.Join(' ', words.Skip(at).Take(length).Select(w => w.Value)).TrimEnd('.');
            if ((char.IsUpper(name[0]) || !char.IsLower(name[0])) && MarketCountry.Named(name) is { } country) return (country, length);
        }
        return (null, 0);
    }

    private static HashSet<string> Set(string words) => new(words.Split(' '), StringComparer.OrdinalIgnoreCase);
}
