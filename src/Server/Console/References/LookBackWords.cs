using Touchstone.Screening.Storage.Rows;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.References;

/// <summary>What is said of asking about a reference what was seen before it came.</summary>
internal static class LookBackWords
{
    public static (string Text, string Tone) Of(LookBackState state) => state switch
    {
        LookBackState.Queued => (T("queued"), "info"),
        LookBackState.Running => (T("running"), "info"),
        LookBackState.Done => (T("done"), "good"),
        _ => (T("failed"), "danger"),
    };

    public static string Of(LookBackReason reason) => reason switch
    {
        LookBackReason.CameIn => T("the reference came in"),
        LookBackReason.Pictures => T("its pictures changed"),
        _ => T("its numbers or facts changed"),
    };
}
