using Touchstone.Cli.Frame;

namespace Touchstone.Tests.Cli;

public sealed class InstallationFolderTests
{
    [Fact]
    public void A_named_folder_is_made_absolute() => Assert.Equal(Path.GetFullPath("here"), InstallationFolder.Choose("here"));

    [Fact]
    public void Without_a_name_it_lies_in_the_users_data_folder()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("TOUCHSTONE_DATA_DIR") is { Length: > 0 }, "TOUCHSTONE_DATA_DIR names a folder for the whole run.");
        Assert.EndsWith("touchstone", InstallationFolder.Choose(null), StringComparison.Ordinal);
    }
}
