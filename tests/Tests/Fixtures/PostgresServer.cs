using System.Diagnostics;
using System.Globalization;

namespace Touchstone.Tests.Fixtures;

/// <summary>
/// A PostgreSQL server of the test run's own, from the installed programs: its data in a temporary folder, reached by a socket in it,
/// started by the first test that needs it and stopped with the run. As root it runs as the user <c>postgres</c>.
/// </summary>
public static class PostgresServer
{
    private static readonly Lazy<(string? Connection, string? Absent)> Started = new(Start);

    /// <summary>The connection string of the server's own database; skips the calling test where no server is installed.</summary>
    public static string Require()
    {
        (string? connection, string? absent) = Started.Value;
        if (absent is not null) Assert.Skip(absent);
        return connection!;
    }

    private static (string? Connection, string? Absent) Start()
    {
        const string Remedy = "PostgreSQL is not installed: apt-get install postgresql, or name the folder of its programs in TOUCHSTONE_POSTGRES_BIN.";
        string? programs = FindPrograms();
        if (programs is null) return (null, Remedy);
        bool root = Environment.UserName == "root";
        if (root && !File.ReadLines("/etc/passwd").Any(x => x.StartsWith("postgres:", StringComparison.Ordinal))) return (null, Remedy);

        string folder = Directory.CreateTempSubdirectory("touchstone-pg-").FullName;
        if (root) Run(false, "chown", "postgres", folder);
        string data = Path.Combine(folder, "data");
        Run(root, Path.Combine(programs, "initdb"), "-D", data, "-U", "touchstone", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        string options = $"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=200 -c shared_buffers=32MB";
        Run(root, Path.Combine(programs, "pg_ctl"), "-D", data, "-w", "-l", Path.Combine(folder, "log"), "-o", options, "start");
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            Run(root, Path.Combine(programs, "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop");
            Directory.Delete(folder, recursive: true);
        };
        return ($"Host={folder};Username=touchstone;Database=postgres", null);
    }

    private static string? FindPrograms()
    {
        if (Environment.GetEnvironmentVariable("TOUCHSTONE_POSTGRES_BIN") is { Length: > 0 } named) return Directory.Exists(named) ? named : null;
        const string Debian = "/usr/lib/postgresql";
        if (!Directory.Exists(Debian)) return null;
        return Directory.GetDirectories(Debian)
            .OrderByDescending(x => int.TryParse(Path.GetFileName(x), CultureInfo.InvariantCulture, out int version) ? version : 0)
            .Select(x => Path.Combine(x, "bin"))
            .FirstOrDefault(x => File.Exists(Path.Combine(x, "initdb")));
    }

    private static void Run(bool asPostgres, string program, params string[] arguments)
    {
        string[] words = asPostgres ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments] : [program, .. arguments];
        // The output goes to a file and not to a pipe: a server that keeps a pipe open would keep its reader waiting.
        string quoted = string.Join(' ', words.Select(x => $"'{x.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        string output = Path.GetTempFileName();
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"cd / && {quoted} >'{output}' 2>&1 </dev/null"]))!;
        process.WaitForExit();
        string said = File.ReadAllText(output);
        File.Delete(output);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {said}");
    }
}
