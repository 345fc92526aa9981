using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>The live numbers of a run, for people; the same that its row keeps.</summary>
public sealed record SearchProgress(long RunId, RunState State, int Pages, int NotModified, int Rendered, int Listings, int ListingsUnchanged, int Images, int ImagesDescribed, int Hits, int Undetermined, int Skipped, int Failed, string? CurrentUrl);
