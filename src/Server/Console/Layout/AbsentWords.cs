namespace Touchstone.Server.Console.Layout;

/// <summary>In which words a page says that what it was to show is not there, and where one can go on.</summary>
internal sealed record AbsentWords(string Title, string? Href, string? Link)
{
    /// <summary>What the page of this request said; null: nothing.</summary>
    public static AbsentWords? Of(HttpContext http) => http.Items[typeof(AbsentWords)] as AbsentWords;
}
