namespace Touchstone.Vision.Imaging;

/// <summary>Carries a named failure from a reader to <see cref="ImageDecoder"/>, which turns it into an outcome; callers never see it.</summary>
internal sealed class DecodeFailedException(DecodeFailure failure, string detail, Exception? inner = null) : Exception(detail, inner)
{
    internal DecodeFailure Failure { get; } = failure;
}
