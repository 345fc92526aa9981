namespace Touchstone.Screening;

/// <summary>Why a verdict is Undetermined.</summary>
public enum UndeterminedReason
{
    /// <summary>The listing shows no picture.</summary>
    NoImage,

    /// <summary>No picture of the listing could be fetched.</summary>
    ImageNotFetched,

    /// <summary>No picture could be decoded.</summary>
    ImageNotDecoded,

    /// <summary>The listing shows more pictures than are read of one, and those that were read show nothing.</summary>
    ImagesLeftUnread,

    /// <summary>The picture shows too little to compare (blank, tiny).</summary>
    ImageFeatureless,

    /// <summary>The index is not ready, or behind the references it should hold.</summary>
    IndexNotReady,

    /// <summary>There is nothing to compare with: no register holds a picture, or none of the wanted reference.</summary>
    NothingToCompare,

    /// <summary>The index holds another model's embeddings than the one loaded.</summary>
    ModelMismatch,

    /// <summary>No calibration profile fits the loaded model.</summary>
    NoProfile,

    /// <summary>A required stage failed.</summary>
    StageFailed,
}
