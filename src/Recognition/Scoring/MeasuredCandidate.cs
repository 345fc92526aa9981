using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;

namespace Touchstone.Recognition.Scoring;

/// <summary>A candidate, its image and what was measured of it.</summary>
public sealed record MeasuredCandidate(Candidate Candidate, ImageFeatures Reference, Measurement Measurement);
