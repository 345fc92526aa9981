using System.Text;
using System.Text.RegularExpressions;

namespace Touchstone.Tests.Server.Language;

/// <summary>
/// Finds what a Razor file says to people outside of <c>T</c> and <c>Many</c>: text between tags, the attributes that are read or spoken, literals in
/// expressions that are shown, and sentences in code. A reader of the subset of Razor that the console is written in; not safe for concurrent use.
/// </summary>
internal sealed class RazorTexts
{
    private static readonly HashSet<string> Spoken = new(StringComparer.Ordinal) { "aria-label", "aria-description", "title", "placeholder", "alt", "label", "help-text", "hint", "data-label", "data-ask", "Title", "Text", "Label", "Note", "Never", "Alt" };
    private static readonly HashSet<string> Void = new(StringComparer.OrdinalIgnoreCase) { "area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr" };
    private static readonly Regex Said = new("""(?<![\w.<])(?:T\(\s*\$?"(?:[^"\\]|\\.)*"(?:\s*\+\s*"(?:[^"\\]|\\.)*")*|Many\([^"]*"(?:[^"\\]|\\.)*",\s*"(?:[^"\\]|\\.)*")""", RegexOptions.CultureInvariant);
    private static readonly Regex Literals = new("""\$?"(?<text>(?:[^"\\]|\\.)*)"(?<after>\s*(?:=>|==|\)?\s*is\b))?""", RegexOptions.CultureInvariant);
    private static readonly Regex NotShown = new("""(?:==|!=|\bis|\bor|\bnot|\bcase|\[|ToString\(|UrlOf\(|Join\(|ParseExact\([^"]*|StartsWith\(|EndsWith\(|Contains\(|Split\(|Form\[)\s*$""", RegexOptions.CultureInvariant);

    /// <summary>Words that are the same in each language, and addresses.</summary>
    private static readonly Regex Names = new(@"https?://\S+|\b[\w-]+(?:\.[\w-]+)+\b|\b[A-Z]\d+(?:/\d+)+|\b(?:Touchstone|ONNX Runtime|libvips|safety-gate|Nice|Vienna|Locarno|MPN|SKU|CSV|JSON|GTIN|URL|API|SHA-256|PDF|WARC|UTC|px|ms|MB|GB|KB|min|h|s)\b", RegexOptions.CultureInvariant);

    private readonly string _path;
    private readonly string _source;
    private readonly List<string> _found = [];
    private int _at;

    private RazorTexts(string path, string source) => (_path, _source) = (path, source);

    /// <summary>What the file says unlocalised, each with its line.</summary>
    public static IReadOnlyList<string> In(string path, string source)
    {
        source = TextCall.WithoutComments(source);
        source = Regex.Replace(source, @"^@(?:page|using|inject|attribute|layout|namespace|inherits|implements|typeparam|preservewhitespace)\b[^\n]*", x => new string(' ', x.Length), RegexOptions.Multiline | RegexOptions.CultureInvariant);
        Match code = Regex.Match(source, @"^@code\s*\{", RegexOptions.Multiline | RegexOptions.CultureInvariant);
        string markup = code.Success ? source[..code.Index] : source;
        var reader = new RazorTexts(path, markup);
        reader.Content(isBlock: false);
        if (!code.Success) return reader._found;
        return [.. reader._found, .. SentencesIn(path, new string('\n', TextCall.LineOf(source, code.Index) - 1) + source[code.Index..])];
    }

    /// <summary>Literals of C# code that read like a sentence or a heading: a capital, then more than one word.</summary>
    public static IEnumerable<string> SentencesIn(string path, string code)
    {
        foreach (string line in Lines(TextCall.WithoutComments(code)).Where(x => !x.Text.Contains("Exception(", StringComparison.Ordinal)).Select(x => (x.Number, Text: Said.Replace(x.Text, ""))).SelectMany(x =>
            Literals.Matches(x.Text).Where(m => !m.Groups["after"].Success).Select(m => m.Groups["text"].Value).Where(t => Regex.IsMatch(t, @"^\p{Lu}\w*['’]?\w* .*\p{L}", RegexOptions.CultureInvariant) && HasLetters(t)).Select(t => $"{path}:{x.Number}: \"{t}\" in code")))
            yield return line;
    }

    private static IEnumerable<(int Number, string Text)> Lines(string text) => text.Split('\n').Select((x, i) => (i + 1, x));

    /// <summary>Element content: text and tags; in a block of code, statements between the tags.</summary>
    private void Content(bool isBlock)
    {
        var open = new Stack<string>();
        var text = new StringBuilder();
        char before = '{';
        while (_at < _source.Length)
        {
            char c = _source[_at];
            bool isCode = isBlock && open.Count == 0;
            if (isCode && c == '}')
            {
                _at++;
                return;
            }
            if (c == '<' && IsTag() && (!isCode || before is '{' or '}' or ';' or '>' or ':'))
            {
                Flush(text, open);
                Tag(open);
                before = '>';
            }
            else if (c == '@')
            {
                Flush(text, open);
                Transition(isShown: true);
                before = '}';
            }
            else if (isCode)
            {
                if (c == '{')
                {
                    _at++;
                    Content(isBlock: true);
                    before = '}';
                    continue;
                }
                if (!char.IsWhiteSpace(c)) before = c;
                if (c is '(' or '[') Balanced();
                else if (c == '"') _at = TextCall.ReadString(_source, _at, new StringBuilder());
                else _at++;
            }
            else
            {
                text.Append(c);
                _at++;
            }
        }
        Flush(text, open);
    }

    private bool IsTag() => _at + 1 < _source.Length && (char.IsAsciiLetter(_source[_at + 1]) || _source[_at + 1] is '/' or '!');

    private void Flush(StringBuilder text, Stack<string> open)
    {
        string said = text.ToString();
        text.Clear();
        if (HasLetters(said) && !(open.TryPeek(out string? element) && element is "kbd" or "code" or "script" or "style")) Report($"\"{said.Trim()}\" as text");
    }

    private void Tag(Stack<string> open)
    {
        int start = ++_at;
        bool closes = _source[_at] == '/';
        while (_at < _source.Length && !char.IsWhiteSpace(_source[_at]) && (_source[_at] != '>' && (_source[_at] != '/' || _at == start))) _at++;
        string name = _source[start.._at].Trim('/');
        while (_at < _source.Length && _source[_at] != '>')
        {
            if (char.IsWhiteSpace(_source[_at]) || _source[_at] == '/')
            {
                _at++;
                continue;
            }
            Attribute(name);
        }
        bool isEmpty = _source[_at - 1] == '/' || name.StartsWith('!') || Void.Contains(name);
        _at++;
        if (closes) open.TryPop(out _);
        else if (!isEmpty) open.Push(name);
    }

    private void Attribute(string element)
    {
        int start = _at;
        while (_source[_at] is not ('=' or '>' or '/') && !char.IsWhiteSpace(_source[_at])) _at++;
        string name = _source[start.._at];
        if (_source[_at] != '=') return;
        _at++;
        bool isShown = Spoken.Contains(name) || (name == "Name" && element == "Fact");
        if (_source[_at] == '@')
        {
            Transition(isShown);
            return;
        }
        if (_source[_at] is not ('"' or '\'')) return;
        char quote = _source[_at++];
        var text = new StringBuilder();
        while (_source[_at] != quote)
        {
            if (_source[_at] == '@') Transition(isShown);
            else text.Append(_source[_at++]);
        }
        _at++;
        if (isShown && HasLetters(text.ToString())) Report($"\"{text}\" as {name}");
    }

    /// <summary>From markup into code: an expression, or a statement with its blocks.</summary>
    private void Transition(bool isShown)
    {
        int start = ++_at;
        if (_at >= _source.Length) return;
        if (_source[_at] == '@') _at++;
        else if (_source[_at] == '{')
        {
            _at++;
            Content(isBlock: true);
        }
        else if (_source[_at] == '(')
        {
            Balanced();
            if (isShown) Shown(_source[start.._at]);
        }
        else if (Regex.Match(_source[_at..Math.Min(_source.Length, _at + 12)], @"^(?:if|foreach|for|while|switch|using)\b", RegexOptions.CultureInvariant) is { Success: true } statement)
        {
            _at += statement.Length;
            Statement();
        }
        else
        {
            while (_at < _source.Length && (char.IsLetterOrDigit(_source[_at]) || _source[_at] is '_' or '(' or '[' || (_source[_at] is '.' or '!' or '?' && _at + 1 < _source.Length && (char.IsLetter(_source[_at + 1]) || _source[_at + 1] is '_' or '.'))))
            {
                if (_source[_at] is '(' or '[') Balanced();
                else _at++;
            }
            if (isShown) Shown(_source[start.._at]);
        }
    }

    private void Statement()
    {
        while (true)
        {
            SkipSpace();
            if (_at < _source.Length && _source[_at] == '(') Balanced();
            SkipSpace();
            if (_at >= _source.Length || _source[_at] != '{') return;
            _at++;
            Content(isBlock: true);
            int after = _at;
            SkipSpace();
            Match more = Regex.Match(_source[_at..Math.Min(_source.Length, _at + 12)], @"^else\b(?:\s+if\b)?", RegexOptions.CultureInvariant);
            if (!more.Success)
            {
                _at = after;
                return;
            }
            _at += more.Length;
        }
    }

    private void SkipSpace()
    {
        while (_at < _source.Length && char.IsWhiteSpace(_source[_at])) _at++;
    }

    private void Balanced()
    {
        int depth = 0;
        while (_at < _source.Length)
        {
            char c = _source[_at];
            if (c == '"')
            {
                _at = TextCall.ReadString(_source, _at, new StringBuilder());
                continue;
            }
            if (c is '(' or '[' or '{') depth++;
            if (c is ')' or ']' or '}') depth--;
            _at++;
            if (depth == 0) return;
        }
    }

    /// <summary>An expression whose value is shown says no literal of its own.</summary>
    private void Shown(string expression)
    {
        expression = Said.Replace(expression, "");
        foreach (Match literal in Literals.Matches(expression))
        {
            string text = Regex.Replace(literal.Groups["text"].Value, @"\{[^}]*\}", "", RegexOptions.CultureInvariant);
            if (!HasLetters(text) || literal.Groups["after"].Success || NotShown.IsMatch(expression[..literal.Index])) continue;
            Report($"\"{literal.Groups["text"].Value}\" in an expression");
        }
    }

    private static bool HasLetters(string text) => Names.Replace(Regex.Replace(text, @"&\w+;", "", RegexOptions.CultureInvariant), "").Any(char.IsLetter);

    private void Report(string what) => _found.Add($"{_path}:{TextCall.LineOf(_source, Math.Min(_at, _source.Length))}: {Regex.Replace(what, @"\s+", " ", RegexOptions.CultureInvariant)}");
}
