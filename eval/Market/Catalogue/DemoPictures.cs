using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Touchstone.Market.Drawing;
using Touchstone.Market.Photography;

namespace Touchstone.Market.Catalogue;

/// <summary>
/// The market's pictures, each made when it is first asked for and kept in a folder under a name that follows from what it shows,
/// so that a second start draws nothing. Safe for concurrent use.
/// </summary>
internal sealed partial class DemoPictures(string folder, string marksFolder)
{
    /// <summary>Grows when the studio works differently, so that kept pictures of an older one are not used.</summary>
    private const int StudioVersion = 2;

    private readonly ConcurrentDictionary<PictureRecipe, Lazy<byte[]>> _taken = new();

    /// <summary>The JPEG bytes of a recipe.</summary>
    public byte[] Get(PictureRecipe recipe) => _taken.GetOrAdd(recipe, x => new Lazy<byte[]>(() => Load(x))).Value;

    /// <summary>Makes the pictures on all processors.</summary>
    public void Prepare(IEnumerable<PictureRecipe> recipes, Action<int> done, CancellationToken cancellationToken)
    {
        int count = 0;
        Parallel.ForEach(recipes, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, recipe =>
        {
            Get(recipe);
            done(Interlocked.Increment(ref count));
        });
    }

    private byte[] Load(PictureRecipe recipe)
    {
        string? mark = recipe.Design.Mark is { } slug ? MarkPath(slug) : null;
        string content = $"{StudioVersion} {recipe.Style} {recipe.Seed} {ProductDrawing.Of(recipe.Design, mark)}";
        string path = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..32]}.jpg");
        if (File.Exists(path)) return File.ReadAllBytes(path);
        byte[] jpeg = Studio.Take(recipe, mark);
        Directory.CreateDirectory(folder);
        string part = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllBytes(part, jpeg);
        File.Move(part, path, overwrite: true);
        return jpeg;
    }

    private string MarkPath(string slug)
    {
        string svg = File.ReadAllText(Path.Combine(marksFolder, "icons", $"{slug}.svg"));
        return Outline().Match(svg) is { Success: true } outline ? outline.Groups[1].Value : throw new InvalidDataException($"The mark {slug} has no outline.");
    }

    [GeneratedRegex("<path d=\"([^\"]+)\"", RegexOptions.None, 1_000)]
    private static partial Regex Outline();
}
