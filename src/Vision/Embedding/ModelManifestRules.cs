namespace Touchstone.Vision.Embedding;

/// <summary>What a manifest must say. Pure.</summary>
internal static class ModelManifestRules
{
    internal static IReadOnlyList<string> Check(ModelManifest manifest)
    {
        List<string> faults = [];
        if (manifest.Embeddings.Count == 0) faults.Add("It names no embedding.");
        if (manifest.Embeddings.All(m => m.Id != manifest.DefaultEmbedding)) faults.Add($"The default embedding '{manifest.DefaultEmbedding}' is not in it.");
        foreach (IGrouping<string, ModelEntry> twice in manifest.Embeddings.GroupBy(static m => m.Id, StringComparer.Ordinal).Where(static g => g.Count() > 1))
            faults.Add($"The id '{twice.Key}' is there {twice.Count()} times.");
        foreach (ModelEntry entry in manifest.Embeddings) faults.AddRange(Check(entry).Select(fault => $"{(entry.Id.Length == 0 ? "A model without an id" : entry.Id)}: {fault}"));
        return faults;
    }

    private static IEnumerable<string> Check(ModelEntry entry)
    {
        if (entry.Id.Length == 0 || !entry.Id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')) yield return "the id is letters, digits, '_', '-' and '.'.";
        if (entry.File.Length == 0 || Path.GetFileName(entry.File) != entry.File || entry.File.StartsWith('.')) yield return $"the file '{entry.File}' is not a plain file name.";
        if (entry.Sha256.Length != 64 || !entry.Sha256.All(char.IsAsciiHexDigitLower)) yield return "sha256 is 64 lower-case hexadecimal digits.";
        if (entry.Bytes < 1) yield return $"bytes is {entry.Bytes}; it is at least 1.";
        if (entry.Licence.Length == 0) yield return "the licence is missing.";
        if (entry.Url is not null && !(Uri.TryCreate(entry.Url, UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http")) yield return $"the url '{entry.Url}' is no absolute http(s) URL.";
        if (entry.InputSize is < 16 or > 4_096) yield return $"inputSize is {entry.InputSize}; it is 16 to 4096.";
        if (entry.Input.Length == 0) yield return "the input's name is missing.";
        if (entry.Outputs.Embedding.Length == 0) yield return "the name of the embedding output is missing.";
        if (entry.Dimension is < 1 or > 65_536) yield return $"dimension is {entry.Dimension}; it is 1 to 65536.";
        foreach (string fault in CheckPreprocessing(entry.Preprocessing)) yield return fault;
        foreach (string fault in CheckRegions(entry)) yield return fault;
        if (entry.Outputs.Cells is null != entry.Cells is null) yield return "cells are described where, and only where, an output gives them.";
        if (entry.Cells is not null && !(entry.Cells is { Across: >= 1 and <= 256, First: >= 0 and <= 1 })) yield return $"cells are {entry.Cells.Across} across from {entry.Cells.First} on; they are 1 to 256 from a part of the side, 0 to 1.";
        if (entry.Outputs.Cells is not null && entry.RegionOffset is null) yield return "cells add up to the part of the embedding that regionOffset names; it is missing.";
    }

    private static IEnumerable<string> CheckPreprocessing(ModelPreprocessing preprocessing)
    {
        if (preprocessing.Mean.Count != 3) yield return $"mean has {preprocessing.Mean.Count} entries; it has 3.";
        if (preprocessing.Scale.Count != 3 || preprocessing.Scale.Any(static s => s == 0)) yield return "scale has 3 entries that are not 0.";
        if (preprocessing.Padding.Count != 3 || preprocessing.Padding.Any(static p => p is < 0 or > 255)) yield return "padding has 3 entries in 0 to 255.";
        if (preprocessing.Interpolation != "area") yield return $"the interpolation '{preprocessing.Interpolation}' is not known; 'area' is.";
    }

    private static IEnumerable<string> CheckRegions(ModelEntry entry)
    {
        if (entry.Outputs.Regions is null)
        {
            if (entry.Regions.Count != 0 || entry.RegionDimension != 0) yield return "regions are described but no output gives them.";
            yield break;
        }

        if (entry.Regions.Count == 0) yield return "an output gives regions but none is described.";
        if (entry.RegionDimension is < 1 or > 65_536) yield return $"regionDimension is {entry.RegionDimension}; it is 1 to 65536.";
        if (entry.RegionOffset is { } offset && (offset < 0 || offset + entry.RegionDimension > entry.Dimension)) yield return $"regionOffset is {offset}; {entry.RegionDimension} values from there do not lie within the {entry.Dimension} of the embedding.";
        for (int i = 0; i < entry.Regions.Count; i++)
        {
            ModelRegion r = entry.Regions[i];
            if (!(r.X >= 0 && r.Y >= 0 && r.Width > 0 && r.Height > 0 && r.X + r.Width <= 1.001f && r.Y + r.Height <= 1.001f)) yield return $"region {i} does not lie within the square.";
        }
    }
}
