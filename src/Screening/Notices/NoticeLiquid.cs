using System.Globalization;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Values;

namespace Touchstone.Screening.Notices;

/// <summary>Why a template gives no text.</summary>
/// <param name="Line">In the template, from 1; null: it is not known.</param>
/// <param name="Problem">A sentence for whoever edits it.</param>
public sealed record TemplateProblem(int? Line, string Problem);

/// <summary>What a template gave: its subject and text, or why it gives none.</summary>
public sealed record TemplateText(string Subject, string Text, TemplateProblem? Problem)
{
    internal static TemplateText Failed(int? line, string problem) => new("", "", new TemplateProblem(line, problem));
}

/// <summary>
/// Fills Liquid templates that operators write. A template reads the values that it is given and nothing else: no files, no members of objects, no state of its own
/// (<c>assign</c> and <c>capture</c> would let a short one build an endless text), a few filters, at most 20,000 steps and 200,000 characters. Its first line is
/// <c>Subject: …</c>. Safe for concurrent use; deterministic.
/// </summary>
/// <remarks>What comes out is plain text; <see cref="NoticeLayout"/> makes pages of it and encodes every character of it, so that nothing in it is markup.</remarks>
public static partial class NoticeLiquid
{
    /// <summary>Most characters of a template.</summary>
    public const int LongestTemplate = 20_000;

    private const int MostSteps = 20_000;

    // The library reads tags by functions that call themselves: what is nested deeper would end the process.
    private const int LongestTag = 500, DeepestTags = 30;
    private const int LongestText = 200_000;
    private const string SubjectMark = "Subject:";

    // What the library says in the place of a name behind a dot.
    private const string OfMember = "IdentifierSegment";

    private static readonly string[] Tags = ["if", "unless", "case", "for", "break", "continue"];
    private static readonly string[] Nesting = ["if", "unless", "case", "for"];
    private static readonly string[] KnownFilters = ["upcase", "downcase", "capitalize", "default", "size", "first", "last", "truncate", "strip"];

    private static readonly FluidParser Parser = MakeParser();
    private static readonly TemplateOptions Options = MakeOptions();

    /// <summary>Fills a template.</summary>
    /// <param name="values">Texts, truths, and lists and dictionaries of such.</param>
    public static TemplateText Fill(string template, IReadOnlyDictionary<string, object> values)
    {
        if (Check(template, out IFluidTemplate? parsed) is { } wrong) return new TemplateText("", "", wrong);
        var context = new TemplateContext(Options);
        foreach ((string name, object value) in values) context.SetValue(name, FluidValue.Create(value, Options));
        using var writer = new BoundedWriter(LongestText);
        try
        {
            // Nothing in a template waits for anything: it is done when this returns.
            parsed!.RenderAsync(writer, NullEncoder.Default, context).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is FluidException or InvalidOperationException or ArgumentException or FormatException or ArithmeticException)
        {
            if (e.Message.Contains(OfMember, StringComparison.Ordinal) && UnknownMember(template, values) is { } member) return TemplateText.Failed(LineAt(template, member.Index), $"The template names a value that there is not: {member.Value}");
            string why = e.Message.Contains("recursion", StringComparison.Ordinal) ? $"The template takes more than {MostSteps} steps." : $"The template cannot be filled: {FirstLine(e.Message)}";
            return TemplateText.Failed(LineOf(template, e.Message), why);
        }
        string text = writer.ToString().ReplaceLineEndings("\n").TrimStart('\n', ' ');
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        if (!text.StartsWith(SubjectMark, StringComparison.Ordinal) || end < 0) return TemplateText.Failed(1, $"The template's first line is not “{SubjectMark} …”.");
        string subject = OneLine(text[SubjectMark.Length..end]);
        return subject.Length == 0 ? TemplateText.Failed(1, "The template gives an empty subject.") : new TemplateText(subject, Tidy(text[(end + 1)..]), null);
    }

    /// <summary>What is wrong with a template before it is filled; null: nothing.</summary>
    public static TemplateProblem? Check(string template) => Check(template, out _);

    /// <summary>A text on one line: what a shop wrote becomes no line of its own.</summary>
    internal static string OneLine(string? text) => string.Join(' ', new string([.. (text ?? "").Select(x => char.IsControl(x) || char.GetUnicodeCategory(x) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format ? ' ' : x)]).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static TemplateProblem? Check(string template, out IFluidTemplate? parsed)
    {
        parsed = null;
        if (template.Length > LongestTemplate) return new(null, $"The template has {template.Length} characters; at most {LongestTemplate} are taken.");
        if (template.Contains('\0', StringComparison.Ordinal)) return new(null, "The template holds a NUL character.");
        // A range is made whole before its first value is used, however long it is.
        int depth = 0;
        foreach ((int start, int end) in TagsOf(template))
        {
            ReadOnlySpan<char> tag = template.AsSpan(start, end - start);
            if (tag.Contains("..", StringComparison.Ordinal)) return new(LineAt(template, start), "Ranges such as (1..3) are not taken.");
            if (HoldsBrace(tag)) return new(LineAt(template, start), "A tag holds a brace within quotes, or a backslash.");
            if (tag.Length > LongestTag) return new(LineAt(template, start), $"A tag has more than {LongestTag} characters.");
            if (tag[1] != '%') continue;
            string name = new([.. new string(tag).SkipWhile(x => !char.IsAsciiLetter(x))]);
            if (name.StartsWith("end", StringComparison.OrdinalIgnoreCase)) depth = Math.Max(0, depth - 1);
            else if (Nesting.Any(x => name.StartsWith(x, StringComparison.OrdinalIgnoreCase)) && ++depth > DeepestTags) return new(LineAt(template, start), $"Tags are nested more than {DeepestTags} deep.");
        }
        try
        {
            if (!Parser.TryParse(template, out parsed, out string? error)) return new(LineIn(error), FirstLine(error));
        }
        catch (Exception e) when (e is FluidException or InvalidOperationException or ArgumentException)
        {
            return new(LineIn(e.Message), FirstLine(e.Message));
        }
        return null;
    }

    /// <summary>Whether a tag may go on behind the brace by which it was cut, so that what follows is counted otherwise than the library reads it.</summary>
    private static bool HoldsBrace(ReadOnlySpan<char> tag)
    {
        char quote = '\0';
        foreach (char one in tag)
        {
            if (one == '\\') return true;
            if (quote == '\0' && (one is '"' or '\'')) quote = one;
            else if (one == quote) quote = '\0';
        }
        return quote != '\0';
    }

    private static FluidParser MakeParser()
    {
        var parser = new FluidParser(new FluidParserOptions { AllowFunctions = false, AllowLiquidTag = false });
        foreach (string tag in parser.RegisteredTags.Keys.Except(Tags).ToArray()) parser.RegisteredTags.Remove(tag);
        return parser;
    }

    private static TemplateOptions MakeOptions()
    {
        var options = new TemplateOptions { MaxSteps = MostSteps, MaxRecursion = 50, StrictVariables = true, StrictFilters = true, CultureInfo = CultureInfo.InvariantCulture };
        foreach (string filter in options.Filters.Select(x => x.Key).Except(KnownFilters).ToArray()) options.Filters.Remove(filter);
        return options;
    }

    /// <summary>No blanks at the ends of lines, at most one empty line in a row, and none at the ends, under a heading or between two items: tags leave them.</summary>
    private static string Tidy(string text)
    {
        var lines = new List<string>();
        foreach (string line in text.Split('\n').Select(x => x.TrimEnd()))
        {
            string before = lines.Count == 0 ? "" : lines[^1];
            if (line.Length == 0 && (before.Length == 0 || before.StartsWith("# ", StringComparison.Ordinal))) continue;
            if (line.StartsWith("- ", StringComparison.Ordinal) && before.Length == 0 && lines.Count > 1 && lines[^2].StartsWith("- ", StringComparison.Ordinal)) lines.RemoveAt(lines.Count - 1);
            lines.Add(line);
        }
        return string.Join('\n', lines).Trim('\n');
    }

    /// <summary>The first name behind a dot in a tag that no value has.</summary>
    private static Match? UnknownMember(string template, IReadOnlyDictionary<string, object> values)
    {
        HashSet<string> known = ["first", "last", "size", "index", "index0", "rindex", "rindex0", "length"];
        var open = new Stack<object>(values.Values);
        while (open.TryPop(out object? value))
        {
            foreach (object part in value is IReadOnlyDictionary<string, object> named ? named.Values : value as IEnumerable<object> ?? []) open.Push(part);
            if (value is IReadOnlyDictionary<string, object> members) known.UnionWith(members.Keys);
        }
        foreach ((int start, int end) in TagsOf(template))
            for (Match member = Member().Match(template, start, end - start); member.Success; member = member.NextMatch())
                if (!known.Contains(member.Value[(member.Value.LastIndexOf('.') + 1)..])) return member;
        return null;
    }

    /// <summary>Where tags and values begin, and where their first brace closes; one that never closes ends with the template. Each character is looked at once.</summary>
    private static IEnumerable<(int Start, int End)> TagsOf(string template)
    {
        for (int at = 0; at + 1 < template.Length; at++)
        {
            if (template[at] != '{' || template[at + 1] is not ('{' or '%')) continue;
            int end = template.IndexOf('}', at) is >= 0 and var brace ? brace : template.Length;
            yield return (at, end);
            at = end;
        }
    }

    /// <summary>Where the name that a message speaks of stands first.</summary>
    private static int? LineOf(string template, string message) => Quoted().Match(message) is { Success: true } name && template.IndexOf(name.Groups[1].Value, StringComparison.Ordinal) is >= 0 and var at ? LineAt(template, at) : LineIn(message);

    private static int LineAt(string template, int index) => template.AsSpan(0, index).Count('\n') + 1;

    private static int? LineIn(string? error) => Place().Match(error ?? "") is { Success: true } place ? int.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    private static string FirstLine(string? text) => (text ?? "").Split('\n')[0].Trim();

    [GeneratedRegex(@"\((\d+):\d+\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();

    [GeneratedRegex(@"\b[a-z_]+(?:\.[A-Za-z_]\w*)+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Member();

    [GeneratedRegex(@"'([^']+)'", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    /// <summary>Takes a text up to a length.</summary>
    private sealed class BoundedWriter(int most) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(char value)
        {
            Claim(1);
            base.Write(value);
        }

        public override void Write(string? value)
        {
            Claim(value?.Length ?? 0);
            base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            Claim(count);
            base.Write(buffer, index, count);
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            Claim(buffer.Length);
            base.Write(buffer);
        }

        private void Claim(int more)
        {
            if (GetStringBuilder().Length + more > most) throw new InvalidOperationException($"it gives more than {most} characters.");
        }
    }
}
