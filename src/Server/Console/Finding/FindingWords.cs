using Touchstone.Screening.Finding;
using Touchstone.Screening.Storage.Rows;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Finding;

/// <summary>The words of finding shops, in the language of the request.</summary>
internal static class FindingWords
{
    public static (string Text, string Tone) Of(FindingState state) => state switch
    {
        FindingState.Queued => (T("queued"), "info"),
        FindingState.Running => (T("running"), "info"),
        FindingState.Finished => (T("finished"), "good"),
        FindingState.Failed => (T("failed"), "danger"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static (string Text, string Tone) Of(FoundShopState state) => state switch
    {
        FoundShopState.Proposed => (T("proposed"), "warn"),
        FoundShopState.Accepted => (T("taken"), "good"),
        FoundShopState.Rejected => (T("rejected"), "quiet"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>Who named a shop.</summary>
    public static string Provider(string name) => name == ShopFinder.TheAlert ? T("the alert") : name;

    public static string Of(ProviderFailure failure) => failure switch
    {
        ProviderFailure.NotAllowed => T("Its address is internal, so it was not asked. An administrator can allow it when the server is started (touchstone serve --allow-host)."),
        ProviderFailure.Unreachable => T("It did not answer."),
        ProviderFailure.Refused => T("It refuses. Check the key, or for SearXNG that json is among its formats."),
        ProviderFailure.TooOften => T("It was asked too often and wants a longer pause."),
        ProviderFailure.NotUnderstood => T("It answered something else than results."),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };
}
