using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

public sealed class AccountNameTests
{
    [Theory]
    [InlineData("Søren", true)]
    [InlineData("김민수", true)]
    [InlineData("anna.b-c_d@e+1", true)]
    [InlineData("", false)]
    [InlineData("key:robot", false)]
    [InlineData(".anna", false)]
    [InlineData("an na", false)]
    [InlineData("anna\u202e", false)]
    [InlineData("anna\u200b", false)]
    public void Names_are_of_any_script_and_hide_nothing(string name, bool allowed) => Assert.Equal(allowed, AccountNameRules.Allows(name));
}
