using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Touchstone.Tests.Fixtures;

/// <summary>A time-stamping authority on loopback: OpenSSL's own; tests that need it skip visibly where openssl is not installed.</summary>
public sealed class TimestampServer : IAsyncDisposable
{
    private const string Configuration = """
        [req]
        distinguished_name = name
        x509_extensions = stamps
        prompt = no
        [name]
        CN = A time-stamping authority
        [stamps]
        extendedKeyUsage = critical,timeStamping
        [tsa]
        default_tsa = one
        [one]
        serial = serial
        default_policy = 1.2.3.4.1
        digests = sha256
        signer_digest = sha256
        ess_cert_id_alg = sha256
        """;

    private readonly string folder;
    private readonly WebApplication app;

    private TimestampServer(string folder, WebApplication app) => (this.folder, this.app) = (folder, app);

    /// <summary>The certificate with which it signs, and which vouches for itself (PEM).</summary>
    public string CertificateFile => Path.Combine(folder, "certificate.pem");

    public Uri Url => new(app.Urls.Single());

    public static async Task<TimestampServer> StartAsync()
    {
        string folder = Directory.CreateTempSubdirectory("touchstone-tsa-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "tsa.cnf"), Configuration, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "serial"), "01", TestContext.Current.CancellationToken);
        try
        {
            await RunAsync(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "certificate.pem", "-days", "2", "-config", "tsa.cnf");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("openssl is not installed.");
        }
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapPost("/", async (HttpRequest request) =>
        {
            await using (FileStream query = File.Create(Path.Combine(folder, "query.tsq"))) await request.Body.CopyToAsync(query);
            await RunAsync(folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-signer", "certificate.pem", "-inkey", "key.pem", "-out", "reply.tsr");
            return Results.Bytes(await File.ReadAllBytesAsync(Path.Combine(folder, "reply.tsr")), "application/timestamp-reply");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TimestampServer(folder, app);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task RunAsync(string folder, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"openssl {arguments[0]}: {error}");
    }
}
