using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Touchstone.Evaluation.VectorSearch;

/// <summary>
/// An index of another maker in a process of its own, which reads the same vectors from the bench's folder. Memory is what the process grew by.
/// </summary>
internal sealed class PeerIndex : IDisposable
{
    private const string Script = "index_peers.py";

    private readonly Process _process;
    private readonly int _queries;
    private double _best = double.MaxValue;

    private PeerIndex(string name, Process process, int queries) => (Name, _process, _queries) = (name, process, queries);

    public string Name { get; }

    /// <summary>Null until <see cref="Build"/> has succeeded, or with what it lacked.</summary>
    public IndexMeasured? Measured { get; private set; }

    public static PeerIndex Start(string name, string system, string folder, IndexBenchOptions options, int links, double goal, IReadOnlyList<int> widths)
    {
        string script = Path.Combine(folder, Script);
        using (Stream source = typeof(PeerIndex).Assembly.GetManifestResourceStream("Touchstone.Evaluation.VectorSearch." + Script)!)
        using (FileStream target = File.Create(script)) source.CopyTo(target);
        // Debian's packages are for Debian's Python, which need not be the first on the path.
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        var start = new ProcessStartInfo(python) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (int value in (int[])[options.Dimension, options.K, options.Threads]) start.ArgumentList.Add(value.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Insert(0, script);
        start.ArgumentList.Insert(1, folder);
        start.ArgumentList.Add(system);
        start.Environment["WIDTHS"] = string.Join(',', widths);
        start.Environment["GOAL"] = goal.ToString(CultureInfo.InvariantCulture);
        start.Environment["LINKS"] = links.ToString(CultureInfo.InvariantCulture);
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        return new PeerIndex(name, Process.Start(start)!, options.Queries);
    }

    /// <summary>Waits until the index is built and its least effort is found; false if it cannot run here.</summary>
    public bool Build(IndexBenchOptions options, int links, Action<double> done, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Answer() is not { } answer) return Failed($"its process ended with code {_process.ExitCode}; its messages are above");
            if (answer.TryGetProperty("missing", out JsonElement missing)) return Failed($"not here ({missing.GetString()}): apt-get install python3-hnswlib python3-faiss python3-numpy");
            if (answer.TryGetProperty("done", out JsonElement share)) done(share.GetDouble());
            if (!answer.TryGetProperty("ready", out _)) continue;
            double Of(string name) => answer.GetProperty(name).GetDouble();
            string parameters = string.Create(CultureInfo.InvariantCulture, $"links {links}, built with {Of("buildWidth")}, searched with {Of("width")}");
            Measured = new IndexMeasured($"{Name} {answer.GetProperty("version").GetString()}".TrimEnd(), parameters, Of("recall"), null, Of("build"), Of("memory") / options.Vectors, Of("open") * 1_000);
            return true;
        }
    }

    /// <summary>Times all queries once more.</summary>
    public void Time()
    {
        _process.StandardInput.WriteLine("time");
        _process.StandardInput.Flush();
        if (Answer() is not { } answer) throw new InvalidOperationException($"{Name} stopped while it was timed; its messages are above.");
        _best = Math.Min(_best, answer.GetProperty("seconds").GetDouble());
        Measured = Measured! with { QueriesPerSecond = _queries / _best };
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private bool Failed(string note)
    {
        Measured = new IndexMeasured(Name, "", null, null, null, null, null, note);
        return false;
    }

    private JsonElement? Answer()
    {
        string? line = _process.StandardOutput.ReadLine();
        if (line is not null) return JsonDocument.Parse(line).RootElement;
        _process.WaitForExit();
        return null;
    }
}
