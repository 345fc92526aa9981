namespace Touchstone.Crawling.Text;

/// <summary>How long one pattern may look through a page.</summary>
internal static class PatternTime
{
    /// <summary>Milliseconds. A page is read within 10 s of a processor (decision 18): a pattern that takes too long is given up, with what it would have found, before its process has to end.</summary>
    public const int Most = 3_000;
}
