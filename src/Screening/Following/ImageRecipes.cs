using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Following;

/// <summary>
/// By which model each kind of job is done, and in which form its outcome is kept, as this version of the program does it. Jobs by another recipe are those of nodes
/// with another model or version, or of none any more. Immutable; thread-safe.
/// </summary>
public sealed class ImageRecipes(IReadOnlyDictionary<ImageJobKind, string> recipes)
{
    public string this[ImageJobKind kind] => recipes[kind];

    /// <summary>The jobs of a kind that are done by its recipe.</summary>
    internal IQueryable<ImageJobRow> JobsOf(TouchstoneDb db, ImageJobKind kind)
    {
        string recipe = recipes[kind];
        return db.ImageJobs.Where(j => j.Kind == kind && j.Recipe == recipe);
    }
}
