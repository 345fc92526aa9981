namespace Touchstone.Recognition;

/// <summary>A part of reading and recognising that takes time of its own. None lies within another.</summary>
public enum RecognitionStage
{
    /// <summary>Bytes to pixels.</summary>
    Decode,

    /// <summary>Hash and one embedding, and how near they come to any reference.</summary>
    FirstLook,

    /// <summary>The full description: hash, embeddings and local features.</summary>
    Description,

    /// <summary>The references that an image may show.</summary>
    Candidates,

    /// <summary>More local features of an image for which a candidate may match.</summary>
    CloseLook,

    /// <summary>Each candidate compared with the image, its features loaded.</summary>
    Scoring,

    /// <summary>What is printed in the image, read and compared.</summary>
    Text,

    /// <summary>Images fused, candidates weighed against each other, probabilities and verdicts.</summary>
    Decision,
}

/// <summary>Told when a stage begins and ends: by it somebody who has a clock measures the recipe, which has none. Called by one thread at a time.</summary>
public interface IStageObserver
{
    /// <summary>A stage begins; it ends when what is returned is disposed.</summary>
    IDisposable Enter(RecognitionStage stage);
}
