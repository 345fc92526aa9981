using Touchstone.Screening;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Notices;

public sealed class NoticeTemplateTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<NoticeKind, string> BuiltIns => [.. Enum.GetValues<NoticeKind>().SelectMany(kind => NoticeTemplates.LanguagesOf(kind).Select(language => new TheoryDataRow<NoticeKind, string>(kind, language)))];

    [Fact]
    public void Each_kind_is_written_in_the_four_languages_and_what_goes_to_shops_in_nine()
    {
        foreach (NoticeKind kind in Enum.GetValues<NoticeKind>()) Assert.Empty(((string[])["en", "da", "de", "ko"]).Except(NoticeTemplates.LanguagesOf(kind)));
        Assert.Equal(9, NoticeTemplates.LanguagesOf(NoticeKind.ShopRequest).Count);
        Assert.Equal(9, NoticeTemplates.LanguagesOf(NoticeKind.DsaNotice).Count);
    }

    [Theory]
    [MemberData(nameof(BuiltIns))]
    public void A_built_in_template_says_what_its_kind_must_say(NoticeKind kind, string language)
    {
        TemplateText text = NoticeLiquid.Fill(NoticeTemplates.BuiltIn(kind, language)!, NoticeValues.Sample(language));
        Assert.Null(text.Problem);
        foreach (string part in (string[])["https://shop.example/p/1", "Face mask Alfa", "A12/00017/26", "Safety Authority", "contact@authority.example", "The product is dangerous."]) Assert.Contains(part, text.Text, StringComparison.Ordinal);
        Assert.Contains("1-1", text.Subject, StringComparison.Ordinal);
        string[] own = kind switch
        {
            NoticeKind.AuthorityOrder => ["Regulation (EU) 2023/988", "A court", "Denmark", "Removal", "2026-01-09"],
            NoticeKind.StatementOfReasons => ["Regulation (EU) 2023/988", "A court", "Denmark", "Removal"],
            NoticeKind.SafetyGateDraft => ["Removal", "Denmark"],
            _ => ["Removal", "2026-01-09"],
        };
        foreach (string part in own) Assert.Contains(part, text.Text, StringComparison.Ordinal);
        Assert.Equal(kind != NoticeKind.SafetyGateDraft, text.Text.Contains("https://touchstone.example/r/sample", StringComparison.Ordinal));
        Assert.DoesNotContain("{", text.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch("\n\n\n|\n- [^\n]*\n\n- |\n# [^\n]*\n\n", text.Text);
    }

    [Theory]
    [InlineData("Subject: x\n\nHello {{ nobody }}", 3, "nobody")]
    [InlineData("Subject: x\n{% if number %}\nopen", null, "endif")]
    [InlineData("Subject: x\n\n{% assign a = 'b' %}", 3, "assign")]
    [InlineData("Subject: x\n{% capture a %}b{% endcapture %}", 2, "capture")]
    [InlineData("Subject: x\n\n{% include 'file' %}", 3, "include")]
    [InlineData("Subject: x\n\n{{ number | append: number }}", 3, "append")]
    [InlineData("Subject: x\n\n{% for i in (1..100000000) %}x{% endfor %}", 3, "Ranges")]
    [InlineData("No subject\n\nHello", 1, "Subject:")]
    [InlineData("Subject: x\n\n{{ number | truncate: 99999999999999 }}", null, "cannot be filled")]
    [InlineData("Subject: {{ recipient.nothing }}\n\nHello", 1, "nothing")]
    public void What_is_wrong_with_a_template_is_said_with_its_line(string template, int? line, string about)
    {
        TemplateProblem problem = Assert.IsType<TemplateProblem>(NoticeLiquid.Fill(template, NoticeValues.Sample("en")).Problem);
        Assert.Contains(about, problem.Problem, StringComparison.Ordinal);
        if (line is not null) Assert.Equal(line, problem.Line);
    }

    /// <summary>Each of these once took a second or more, or the process with it.</summary>
    [Theory]
    [InlineData("{{ nobody.at ", "{{", 9_000)]
    [InlineData("", "{% if number %}", 1_200)]
    [InlineData("{{ nobody.at ", "a.b ", 4_900)]
    [InlineData("{{ number", "[number", 2_000)]
    [InlineData("", "{%\fif number %}", 1_200)]
    [InlineData("", "{{ \"}{% endif %}\" }}{% if number %}", 550)]
    [InlineData("", "{{ '\\'}{% endif %}' }}{% if number %}", 540)]
    [InlineData("{% raw %}{%end%}{%end%}{%end%}{%end%}{% endraw %}", "{% raw %}{%end%}{% endraw %}{% if number %}", 450)]
    [InlineData("{% comment %}{%end%}{% endcomment %}", "{% comment %}{%end%}{% endcomment %}{% if number %}", 390)]
    public void A_template_that_is_made_to_be_hard_to_read_is_refused_and_not_read_for_long(string start, string part, int times)
    {
        string template = $"Subject: x\n{start}{string.Concat(Enumerable.Repeat(part, times))}";
        Assert.True(template.Length <= NoticeLiquid.LongestTemplate);
        Assert.NotNull(NoticeLiquid.Fill(template, NoticeValues.Sample("en")).Problem);
    }

    [Fact]
    public void Tags_are_nested_so_deep_and_no_deeper()
    {
        string Nested(int deep) => $"Subject: x\n{string.Concat(Enumerable.Repeat("{% if number %}", deep))}y{string.Concat(Enumerable.Repeat("{%- endif -%}", deep))}";
        Assert.Null(NoticeLiquid.Fill(Nested(30), NoticeValues.Sample("en")).Problem);
        Assert.Equal("Tags are nested more than 30 deep.", NoticeLiquid.Fill(Nested(31), NoticeValues.Sample("en")).Problem!.Problem);
        Assert.Null(NoticeLiquid.Fill($"Subject: x\n{string.Concat(Enumerable.Repeat("{% if number %}y{% endif %}", 300))}", NoticeValues.Sample("en")).Problem);
    }

    [Fact]
    public void A_template_that_works_too_long_or_writes_too_much_is_stopped()
    {
        var many = new Dictionary<string, object> { ["many"] = Enumerable.Range(0, 500).Select(x => (object)$"{x}").ToList() };
        Assert.Contains("steps", NoticeLiquid.Fill("Subject: x\n{% for a in many %}{% for b in many %}{{ b }}{% endfor %}{% endfor %}", many).Problem!.Problem, StringComparison.Ordinal);
        string wide = string.Concat(Enumerable.Repeat("x", 15_000));
        Assert.Contains("characters", NoticeLiquid.Fill($"Subject: x\n{{% for a in many %}}{wide}{{% endfor %}}", many).Problem!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_shop_or_a_person_wrote_is_text_and_never_markup_or_a_line_of_its_own()
    {
        var notice = new NoticeRow { Language = "en", CreatedBy = "", Reasons = "<b>bold</b>\n# forged\n- item" };
        var listing = new ListingRow { Url = "https://shop.example/<script>", Name = "Lamp\n# Heading\u2028{{ authority.name }}" };
        var link = new NoticeLinkRow { Url = listing.Url, Hit = new HitRow { Listing = listing, Reference = new ReferenceRow { ExternalId = "1", Title = "T", Kind = ReferenceKind.Alert, RawPayload = "", ContentHash = "" } } };
        IReadOnlyDictionary<string, object> filled = NoticeValues.Of(notice, new CaseRow { Title = "", OpenedBy = "" }, null, [link], null, new DateOnly(2026, 1, 5));
        TemplateText text = NoticeLiquid.Fill("Subject: x\n{% for link in links %}\n- {{ link.url }} {{ link.name }}\n{% endfor %}\n\n{{ reasons }}", filled);
        Assert.Null(text.Problem);
        string html = NoticeLayout.Html(text.Text);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<h2>", html, StringComparison.Ordinal);
        Assert.Contains("Lamp # Heading {{ authority.name }}", text.Text, StringComparison.Ordinal);
        Assert.Single(html.Split("<li>")[1..]);
    }

    [Fact]
    public async Task Versions_are_kept_and_the_built_in_one_comes_back()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var by = new VerbContext(db, "anna", TimeProvider.System);
        const string Own = "Subject: {{ number }}\n\nOur own words to {{ recipient.name }}.\n";
        Assert.Equal(Refusal.Invalid, (await new ChangeTemplate(NoticeKind.ShopRequest, "da", "Subject: x\n{{ nothing }}").RunAsync(by, Stop)).Refusal);
        Assert.Equal(Refusal.NotFound, (await new ChangeTemplate(NoticeKind.AuthorityOrder, "fr", Own).RunAsync(by, Stop)).Refusal);
        NoticeTemplate first = (await new ChangeTemplate(NoticeKind.ShopRequest, "da", Own, 0).RunAsync(by, Stop)).Value!;
        Assert.Equal((1, false), (first.Version, first.BuiltIn));
        Assert.Equal(Refusal.Overtaken, (await new ChangeTemplate(NoticeKind.ShopRequest, "da", Own + "More.", 0).RunAsync(by, Stop)).Refusal);
        NoticeTemplate back = (await new ChangeTemplate(NoticeKind.ShopRequest, "da", null, 1).RunAsync(by, Stop)).Value!;
        Assert.Equal((0, true, 2), (back.Version, back.BuiltIn, back.Latest));
        Assert.Equal(3, (await new ChangeTemplate(NoticeKind.ShopRequest, "da", Own).RunAsync(by, Stop)).Value!.Version);
        Assert.True((await NoticeTemplates.FindAsync(db, NoticeKind.ShopRequest, "de", Stop))!.BuiltIn);
    }
}
