using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Server;
using Touchstone.Server.Security;

namespace Touchstone.Cli.GateLoad;

/// <summary>A server in a process of its own over a fresh installation in a temporary folder; both go with it.</summary>
internal sealed class LoadedServer : IDisposable
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".webp"];

    private readonly string folder;
    private readonly Process process;

    private LoadedServer(string folder, Process process, Uri address, string key, IReadOnlyList<string> asked) => (this.folder, this.process, Address, Key, Asked) = (folder, process, address, key, asked);

    public Uri Address { get; }

    /// <summary>An API key of the gate.</summary>
    public string Key { get; }

    /// <summary>Picture files that are in no register.</summary>
    public IReadOnlyList<string> Asked { get; }

    /// <summary>The most memory that the process held at any time, in MiB.</summary>
    public double PeakMebibytes
    {
        get
        {
            process.Refresh();
            return Math.Max(process.PeakWorkingSet64, process.WorkingSet64) / (double)(1 << 20);
        }
    }

    /// <exception cref="CommandFailedException">The folder holds too few pictures, or the server does not start.</exception>
    public static async Task<LoadedServer> StartAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        string[] files = [.. Directory.EnumerateFiles(plan.Images, "*", SearchOption.AllDirectories).Where(f => Endings.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
        if (files.Length < plan.Pictures) throw new CommandFailedException($"{plan.Pictures} pictures are needed, {plan.Images} holds {files.Length}; name another folder or fewer --pictures.", ExitCode.Usage);
        string[] taken = [.. Enumerable.Range(0, plan.Pictures).Select(i => Path.GetFullPath(files[i * (files.Length / plan.Pictures)]))];
        string folder = Directory.CreateTempSubdirectory("touchstone-load-").FullName;
        Process? process = null;
        try
        {
            string data = Path.Combine(folder, "data");
            string key = await FillAsync(folder, data, [.. taken.Where((_, i) => i % 2 == 0)], cancellationToken);
            process = Start("serve", "--json", "--url", "http://127.0.0.1:0", "--data", data);
            string? line = await process.StandardOutput.ReadLineAsync(cancellationToken);
            if (line is null) throw new CommandFailedException("The server ended at once; start it with touchstone serve to see why.");
            var address = new Uri(JsonDocument.Parse(line).RootElement.GetProperty("urls")[0].GetString()!);
            await ReadyAsync(address, cancellationToken);
            return new LoadedServer(folder, process, address, key, [.. taken.Where((_, i) => i % 2 == 1)]);
        }
        catch
        {
            End(process, folder);
            throw;
        }
    }

    public void Dispose() => End(process, folder);

    /// <summary>Takes the pictures in as alerts; returns a key of the gate.</summary>
    private static async Task<string> FillAsync(string folder, string data, string[] references, CancellationToken cancellationToken)
    {
        string register = Directory.CreateDirectory(Path.Combine(folder, "register")).FullName, table = Path.Combine(register, "table.csv");
        for (int i = 0; i < references.Length; i++) File.Copy(references[i], Path.Combine(register, Name(references[i], i)));
        await File.WriteAllLinesAsync(table, ["id,title,pictures", .. references.Select((file, i) => string.Create(CultureInfo.InvariantCulture, $"L-{i},Loaded {i},{Name(file, i)}"))], cancellationToken);
        await using WebApplication app = TouchstoneServer.Build(new ServerOptions { Storage = new StorageOptions { DataFolder = data } });
        await TouchstoneServer.PrepareAsync(app, cancellationToken);
        await app.Services.GetRequiredService<ReferenceImport>().RunAsync(new ImportRequest { Path = table, Register = "load", Kind = ReferenceKind.Alert }, null, cancellationToken);
        return (await app.Services.GetRequiredService<ApiKeys>().CreateAsync("load", AccountRole.Gate, Installation.Actor, null, cancellationToken)).Key;

        static string Name(string file, int number) => string.Create(CultureInfo.InvariantCulture, $"{number}{Path.GetExtension(file)}");
    }

    private static async Task ReadyAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);
        while (true)
        {
            using HttpResponseMessage health = await client.GetAsync(new Uri(address, "/health/ready"), cancellationToken);
            if (health.IsSuccessStatusCode) return;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }
    }

    private static Process Start(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        string[] first = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "touchstone.dll")] : [];
        var start = new ProcessStartInfo(program, [.. first, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start)!;
        // A pipe that nobody reads would stop it.
        process.BeginErrorReadLine();
        return process;
    }

    private static void End(Process? process, string folder)
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            process.WaitForExit();
        }
        process?.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
