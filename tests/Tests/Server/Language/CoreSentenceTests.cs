using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Touchstone.Crawling;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Hits;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.AuditTrail;
using Touchstone.Server.Console.Cases;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Console.Layout;
using Touchstone.Tests.Architecture;

namespace Touchstone.Tests.Server.Language;

/// <summary>What the core says in English reaches people in their language: its sentences by pattern, its states by word.</summary>
public sealed class CoreSentenceTests
{
    // Where the core writes sentences that pages show.
    private static readonly string[] Speaks =
    [
        "src/Recognition/Recogniser.cs", "src/Recognition/Scoring/", "src/Recognition/Gallery/IdentifierLookup.cs", "src/Recognition/Text/TextComparison.cs", "src/Screening/Cases/", "src/Screening/Samples/", "src/Screening/Bulk/", "src/Screening/Field/NotifyOwner.cs",
        "src/Screening/Field/RecordCapture.cs", "src/Screening/Hits/", "src/Screening/Searches/CancelRun.cs", "src/Screening/Searches/CreateSearch.cs", "src/Screening/Searches/QueueRun.cs", "src/Screening/Searches/EditSearch.cs", "src/Screening/Searches/PauseSearch.cs", "src/Screening/Searches/ResumeSearch.cs", "src/Screening/Searches/SavedSearches.cs", "src/Screening/Searches/SearchWish.cs", "src/Screening/Searches/SearchPace.cs",
        "src/Screening/References/RetireReference.cs", "src/Screening/References/RestoreReference.cs", "src/Screening/References/StageImport.cs", "src/Screening/References/ImportVerbs.cs",
        "src/Screening/Calibration/ApplyProfile.cs", "src/Screening/Notices/NoticeLiquid.cs", "src/Screening/Notices/NoticeTemplates.cs", "src/Screening/Notices/NoticeRequirements.cs", "src/Screening/Notices/NoticeDrafts.cs", "src/Screening/Notices/NoticeChanges.cs", "src/Screening/Notices/NoticeReplies.cs", "src/Screening/Notices/SendNotice.cs", "src/Screening/Notices/Operators.cs", "src/Screening/Notices/OutcomeReading.cs", "src/Screening/Notices/OutcomeChecks.cs", "src/Screening/BlockLists/BlockList.cs",
        "src/Screening/Mandates/", "src/Screening/Finding/FindShops.cs", "src/Screening/Finding/TermTable.cs", "src/Screening/Finding/IgnoredHosts.cs", "src/Screening/Finding/SearchProviders.cs", "src/Screening/Searches/DecideFoundShops.cs", "src/Screening/Watches/", "src/Screening/Sellers/", "src/Screening/Subjects/ExportSubject.cs", "src/Screening/Subjects/EraseSubject.cs", "src/Screening/Weekly/SetDigest.cs",
    ];

    [Fact]
    public void Each_sentence_of_the_core_has_a_pattern()
    {
        string[] unknown = [.. SourceTree.Files(["src"], ".cs").Where(x => x != Named && Speaks.Any(s => x.StartsWith(s, StringComparison.Ordinal))).SelectMany(path => Sentences(SourceTree.Read(path)).Where(x => !CoreSentences.Knows(x)).Select(x => $"{path}: {x}"))];
        Assert.True(unknown.Length == 0, string.Join('\n', unknown));
    }

    // Its sentences begin with what the caller names.
    private const string Named = "src/Screening/Cases/CaseText.cs";

    [Fact]
    public void Each_text_that_a_case_refuses_is_named_in_a_pattern()
    {
        string[] names = [.. SourceTree.Files(["src/Screening/Cases"], ".cs").SelectMany(x => Regex.Matches(SourceTree.Read(x), "CaseText\\.Problem\\(\"([^\"]+)\"").Select(m => m.Groups[1].Value)).Distinct()];
        Assert.Contains("The note", names);
        foreach (string name in names)
            foreach (string? problem in new[] { CaseText.Problem(name, "aa", 1, required: false), CaseText.Problem(name, "\0", 1, required: false) })
                Assert.True(CoreSentences.Knows(problem!), problem);
    }

    [Fact]
    public void Each_reason_why_an_offer_was_not_seen_again_has_a_pattern()
    {
        Assert.True(MissedOffers.Meanings.Count > 9);
        Assert.All(MissedOffers.Meanings.Values, x => Assert.True(CoreSentences.Knows(x), x));
    }

    [Fact]
    public void Each_reason_of_the_crawler_has_a_pattern()
    {
        string[] reasons = [.. Regex.Matches(SourceTree.Read("src/Crawling/CrawlReasons.cs"), "^            \"([a-z:-]+)\"(?: or \"([a-z:-]+)\")? =>", RegexOptions.Multiline).SelectMany(x => x.Groups.Values.Skip(1)).Where(x => x.Success).Select(x => x.Value)];
        Assert.True(reasons.Length > 25);
        string[] unknown = [.. reasons.Concat(CrawlReasons.NotRendered).Concat(["http-404", CrawlReasons.LogIn, CrawlReasons.NoFeed, "sitemap:cut"]).Select(CrawlReasons.Explain).Where(x => !CoreSentences.Knows(x))];
        Assert.True(unknown.Length == 0, string.Join('\n', unknown));
    }

    [Fact]
    public void Each_reason_why_a_shop_was_not_searched_has_a_pattern() => Assert.All(Enum.GetValues<UnsearchedReason>(), x => Assert.True(CoreSentences.Knows(UnsearchedShop.Explain(x)), x.ToString()));

    /// <summary>Every overload <c>Words.Of(SomeEnum)</c> has a word for every value, and none is the value's name in code.</summary>
    [Fact]
    public void Each_state_has_a_word()
    {
        MethodInfo[] words = [.. typeof(Words).GetMethods(BindingFlags.Static | BindingFlags.Public).Where(x => x.Name is "Of" or "Explain" && x.GetParameters()[0].ParameterType.IsEnum)];
        Assert.True(words.Length >= 9);
        foreach (MethodInfo word in words)
            foreach (object value in Enum.GetValues(word.GetParameters()[0].ParameterType))
                Assert.DoesNotMatch(@"\p{Ll}\p{Lu}|^$", (string)word.Invoke(null, [value])!);
    }

    [Theory]
    [InlineData("Only 7 points agree; unrelated pictures give as many.", "Nur 7 Punkte stimmen überein; so viele ergeben auch Bilder, die nichts miteinander zu tun haben.")]
    [InlineData("Case 17 is AwaitingReply; it cannot become Open.", "Fall 17 ist „wartet auf Antwort“ und kann nicht „offen“ werden.")]
    [InlineData("Case 17 is new; it cannot become AwaitingReply.", "Fall 17 ist „neu“ und kann nicht „wartet auf Antwort“ werden.")]
    [InlineData("The supplier is missing.", "Der Lieferant fehlt.")]
    [InlineData("Nobody has written this.", "Nobody has written this.")]
    public void A_sentence_is_said_in_the_language_of_the_request(string english, string german)
    {
        CultureInfo before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = ConsoleLanguage.Find("de")!.Culture;
            Assert.Equal(german, CoreSentences.Say(english));
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
        Assert.Equal(english.Replace("AwaitingReply", "awaiting reply", StringComparison.Ordinal).Replace("become Open", "become open", StringComparison.Ordinal), CoreSentences.Say(english));
    }

    [Theory]
    [InlineData("1 verdict; at least 10 are needed.", "1 Entscheidung")]
    [InlineData("kept for the same pictures: too few verdicts to prove another", "beibehalten")]
    [InlineData("Merged into case 7 (1 hit): one seller", "(Treffer: 1): one seller")]
    [InlineData("The contact of “Lamp”, 'x', is no e-mail address.", "„Lamp“")]
    public void What_a_page_shows_of_the_core_is_said_in_german(string english, string german)
    {
        CultureInfo before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = ConsoleLanguage.Find("de")!.Culture;
            Assert.Contains(german, CoreSentences.Say(english), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Theory]
    [InlineData("Closed as Referred: Open", "Referred", "Open")]
    [InlineData("Hit 7: New → Rejected: nobody", "Rejected", "nobody")]
    [InlineData("“Lamp” was retired: no date.", "retired", "no date")]
    [InlineData("The offer's brand is Open, the reference's Closed.", "brand", "Closed")]
    [InlineData("Both pictures carry the warning: flammable, toxic.", "toxic", "")]
    public void Only_words_of_the_core_are_translated_inside_of_a_sentence(string english, string own, string foreign)
    {
        CultureInfo before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = ConsoleLanguage.Find("de")!.Culture;
            string said = CoreSentences.Say(english);
            Assert.DoesNotContain(own, said, StringComparison.Ordinal);
            Assert.Contains(foreign, said, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public void Places_of_the_cores_own_words_are_those_of_a_sentence() => Assert.All(CorePatterns.OwnWords, x =>
    {
        Assert.Contains(x.Key, CorePatterns.English);
        Assert.All(x.Value, place => Assert.Contains($"{{{place}}}", x.Key, StringComparison.Ordinal));
    });

    /// <summary>What people wrote stays as they wrote it, also where it reads like a sentence of the core.</summary>
    [Fact]
    public void A_reason_or_a_name_in_the_audit_log_is_left_alone()
    {
        CultureInfo before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = ConsoleLanguage.Find("de")!.Culture;
            Assert.Equal("The note is missing.", AuditWords.Detail(Row("reference.retired", "The note is missing.")));
            Assert.Equal("niemand → Open", AuditWords.Detail(Row(AuditAction.CaseAssigned, "nobody → Open")));
            Assert.Equal($"{Words.Of(HitState.New)} → {Words.Of(HitState.Rejected)}: Open", AuditWords.Detail(Row(AuditAction.HitRejected, "New → Rejected: Open")));
            Assert.DoesNotContain("Another picture", AuditWords.Detail(Row(AuditAction.HitReopened, "Rejected → New: Another picture matches (same product) than the one that was rejected.", HitStore.Actor)), StringComparison.Ordinal);
            Assert.Equal("Treffer 8: bestätigt → unentschieden: nimmt Entscheidung 9 zurück", Decided("Hit 8: Confirmed → New: takes decision 9 back"));
            Assert.Equal("Treffer 8: bestätigt → abgelehnt: ein anderes Produkt, genuine: no", Decided("Hit 8: Confirmed → Rejected: another product, genuine: no"));
            Assert.Equal("Treffer 8: bestätigt → abgelehnt: my own words", Decided("Hit 8: Confirmed → Rejected: my own words"));
            Assert.Equal("unentschieden → abgelehnt: Original, wie gesehen", AuditWords.Detail(Row(AuditAction.HitRejected, "New → Rejected: genuine, wie gesehen")));
            Assert.Equal("The title is missing.", CaseWords.Text(new CaseEventRow { Kind = CaseEventKind.NoteAdded, Actor = "anna", Text = "The title is missing." }));
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }

        static string Decided(string text) => CaseWords.Text(new CaseEventRow { Kind = CaseEventKind.Decided, Actor = "anna", Text = text });
        static AuditRow Row(string action, string detail, string actor = "anna") => new() { Actor = actor, Action = action, Subject = "hit/1", Detail = detail, PreviousHash = "", Hash = "" };
    }

    /// <summary>The literals that read like a sentence, with "7" where a value stands.</summary>
    private static IEnumerable<string> Sentences(string source) =>
        TextCall.WithoutComments(source).Split('\n').Where(x => !x.Contains("Exception(", StringComparison.Ordinal)).SelectMany(Literals)
            .Where(x => Regex.IsMatch(x, @"^(?:\p{Lu}|7 )[^\n]* [^\n]*\.$", RegexOptions.CultureInvariant));

    private static IEnumerable<string> Literals(string line)
    {
        for (int at = line.IndexOf('"', StringComparison.Ordinal); at >= 0; at = at < line.Length ? line.IndexOf('"', at) : -1)
            foreach (string text in Literal(line, ref at)) yield return text;
    }

    /// <summary>What the literal at a quotation mark may say: "7" for a value, and each of the texts where a value is chosen among texts.</summary>
    private static List<string> Literal(string line, ref int at)
    {
        bool isOpen = at > 0 && line[at - 1] == '$';
        List<string> said = [""];
        for (at++; at < line.Length && line[at] != '"'; at++)
        {
            List<string> next = [line[at].ToString()];
            if (isOpen && line[at] == '{' && line[at + 1] != '{') next = Value(line, ref at);
            else if (line[at] == '\\') next = [line[++at].ToString()];
            said = [.. from text in said from more in next select text + more];
        }
        at++;
        return said;
    }

    private static List<string> Value(string line, ref int at)
    {
        List<string> texts = [];
        for (int depth = 0; ; at++)
        {
            if (line[at] == '"')
            {
                texts.AddRange(Literal(line, ref at));
                at--;
            }
            else if (line[at] == '{') depth++;
            else if (line[at] == '}' && --depth == 0) return texts.Count > 0 ? texts : ["7"];
        }
    }
}
