using Touchstone.Screening.Storage;
using Touchstone.Server;

namespace Touchstone.Tests.Server;

/// <summary>A setting that is wrong or unknown keeps a server from starting, and is named.</summary>
public sealed class ServerSettingsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("touchstone-settings-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("""{ "Gallery": { "MergeFrom": 0 } }""", "Gallery:MergeFrom is 0")]
    [InlineData("""{ "Gallery": { "MergeEvery": "00:00:00" } }""", "Gallery:MergeEvery is 00:00:00")]
    [InlineData("""{ "Gallery": { "MergeForm": 8 } }""", "MergeForm")]
    public void A_wrong_setting_of_the_gallery_is_named(string settings, string named)
    {
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), settings);
        var options = new ServerOptions { Storage = new StorageOptions { DataFolder = folder }, Urls = ["http://127.0.0.1:0"], Roles = ServerRoles.All };
        Exception refused = Assert.ThrowsAny<Exception>(() => TouchstoneServer.Build(options));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }
}
