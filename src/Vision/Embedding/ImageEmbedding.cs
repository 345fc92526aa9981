namespace Touchstone.Vision.Embedding;

/// <summary>
/// The embeddings of one picture by one model. Embeddings of different models are never compared:
/// every consumer checks <see cref="ModelId"/>. Immutable by convention; safe for concurrent reads.
/// </summary>
/// <param name="ModelId">The id in <c>models/manifest.json</c>.</param>
/// <param name="Global">The whole picture: float32, L2 norm 1 within 1e-4, the model's dimension.</param>
/// <param name="Regions">The model's windows in its order; each float32, L2 norm 1; empty if the model has none.</param>
public sealed record ImageEmbedding(string ModelId, float[] Global, float[][] Regions);
