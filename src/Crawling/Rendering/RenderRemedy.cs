namespace Touchstone.Crawling.Rendering;

/// <summary>What a person can do about pages that no browser showed.</summary>
public static class RenderRemedy
{
    /// <summary>The command that installs the browser, for the account that the process runs under.</summary>
    public static string Installation { get; } = Environment.IsPrivilegedProcess
        ? "apt-get update && apt-get install -y chromium chromium-sandbox"
        : "sudo apt-get update && sudo apt-get install -y chromium chromium-sandbox";

    /// <summary>What is wrong and the command that mends it or says more, in plain words.</summary>
    public static string Of(RenderFailure failure) => failure switch
    {
        RenderFailure.BrowserMissing => $"no Chromium is on the PATH; install it with: {Installation}",
        RenderFailure.BrowserBroken when Environment.IsPrivilegedProcess => "Chromium does not start or breaks off; this shows why: chromium --headless --no-sandbox --dump-dom about:blank",
        RenderFailure.BrowserBroken => "Chromium does not start or breaks off; this shows why: chromium --headless --dump-dom about:blank (where it names its sandbox: sudo apt-get install -y chromium-sandbox)",
        RenderFailure.TimedOut => "the pages did not load in their time; search again when the shop or this machine is less busy",
        RenderFailure.PageCrashed => "the pages took more memory than a page is given, or the browser broke on them; open one in a browser of your own",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "Unknown failure."),
    };
}
