using Touchstone.Crawling.Text;
using Touchstone.Recognition.Text;

namespace Touchstone.Screening.Sellers;

/// <summary>How sellers' names are compared. Pure.</summary>
public static class SellerName
{
    private const int Longest = 200;

    /// <summary>Letters and digits, of which those that look alike are one (<see cref="TextFolding"/>); empty where none is stated.</summary>
    public static string Folded(string? seller)
    {
        if (string.IsNullOrWhiteSpace(seller)) return "";
        string folded = TextFolding.Fold(seller).Replace(" ", "", StringComparison.Ordinal);
        return WholeCharacters.Cut(folded, Longest);
    }
}
