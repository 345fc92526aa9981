using Touchstone.Tests.Cli;
using Touchstone.Tests.EndToEnd;
using Touchstone.Tests.Evaluation;
using Touchstone.Tests.Market;
using Touchstone.Tests.Screening.References;
using Touchstone.Tests.Server;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Touchstone.Tests.LongestFirst))]

namespace Touchstone.Tests;

/// <summary>Begins with the classes that take a minute or more, so that no processor waits for one of them at the end; the others keep their order.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        .. new[]
        {
            typeof(ScenarioTests), typeof(DemoTests), typeof(KillTests), typeof(TwoNodesTests), typeof(LargeShopTests), typeof(AccuracyRunTests), typeof(CommandTests), typeof(ReferencesCommandTests), typeof(GalleryBenchTests),
            typeof(AccessibilityTests), typeof(FirstRunTests),
        }.Select(x => x.FullName!),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(x => Array.FindIndex(Longest, name => x.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is var found and >= 0 ? found : Longest.Length)];
}
