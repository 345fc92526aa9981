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
    [InlineData("ไพลิน", true)]
    [InlineData("Jo\u0308rg", false)]
    [InlineData("\u1100\u1175ᆷ민수", false)]
    [InlineData("か\u3099", false)]
    public void New_names_are_of_any_script_hide_nothing_and_are_spelt_one_way(string name, bool allowed) => Assert.Equal(allowed, AccountNameRules.WhyNotNew(name) is null);

    [Theory]
    [InlineData("_anna", true)]
    [InlineData("Jo\u0308rg", true)]
    [InlineData("", false)]
    [InlineData("key:robot", false)]
    [InlineData("an na", false)]
    [InlineData("anna\u202e", false)]
    [InlineData("anna\u200b", false)]
    public void Names_that_are_there_stay(string name, bool allowed) => Assert.Equal(allowed, AccountNameRules.Allows(name));
}
