using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Touchstone.Crawling.Rendering;

/// <summary>
/// Ends those processes of a browser that take too much memory: the one of a page, which then crashes, or the browser's own, which is then started anew. The
/// browser itself says which processes it has. Not safe for concurrent use.
/// </summary>
internal sealed class BrowserMemory(IBrowser browser, long most, TimeProvider time, ILogger log)
{
    // A page takes some 100 MiB in this time.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks until cancelled, or until the browser is gone.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            ICDPSession session = await browser.NewBrowserCDPSessionAsync();
            while (!cancellationToken.IsCancellationRequested)
            {
                if (await session.SendAsync("SystemInfo.getProcessInfo") is { } answer) Look(answer);
                await Task.Delay(Tick, time, cancellationToken);
            }
            await session.DetachAsync();
        }
        catch (Exception e) when (e is PlaywrightException or OperationCanceledException)
        {
            log.LogDebug("The browser's memory is no longer watched: {Reason}", e.Message);
        }
    }

    private void Look(JsonElement answer)
    {
        foreach (JsonElement process in answer.GetProperty("processInfo").EnumerateArray())
        {
            if (process.GetProperty("type").GetString() is not ("renderer" or "browser")) continue;
            int id = process.GetProperty("id").GetInt32();
            if (MemoryOf(id) is not { } bytes || bytes <= most) continue;
            log.LogWarning("A process of the browser is ended: it takes {Mebibytes} MiB of memory, at most {Most} MiB are given", bytes >> 20, most >> 20);
            End(id);
        }
    }

    /// <summary>Bytes of its own; where the system does not tell them, bytes in use. Null if it is gone.</summary>
    private static long? MemoryOf(int id)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // What it shares with the browser's other processes is not its own.
                string? line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(static x => x.StartsWith("RssAnon:", StringComparison.Ordinal));
                return line is null ? null : long.Parse(line.AsSpan(8, line.Length - 8 - 2).Trim(), CultureInfo.InvariantCulture) << 10;
            }
            using Process process = Process.GetProcessById(id);
            return process.WorkingSet64;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void End(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended meanwhile.
        }
    }
}
