using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Tests.Vision.LocalFeatures;

public sealed unsafe class PlaneMemoryTests
{
    [Fact]
    public void What_is_given_back_is_kept_up_to_a_bound_and_never_handed_out_twice()
    {
        const int Bytes = 3 << 20;
        Parallel.For(0, 4, thread =>
        {
            for (int round = 0; round < 20; round++)
            {
                nint[] blocks = [.. Enumerable.Range(0, 8).Select(_ => (nint)PlaneMemory.Take(Bytes))];
                for (int i = 0; i < blocks.Length; i++) new Span<int>((void*)blocks[i], Bytes / sizeof(int)).Fill((thread * 1000) + i);
                for (int i = 0; i < blocks.Length; i++)
                {
                    Assert.Equal(0, blocks[i] % 64);
                    Assert.False(new Span<int>((void*)blocks[i], Bytes / sizeof(int)).ContainsAnyExcept((thread * 1000) + i));
                    PlaneMemory.Give((float*)blocks[i], Bytes);
                }
            }
        });
        // Other tests may be giving planes back at this moment, which count until they are freed.
        Assert.InRange(PlaneMemory.KeptBytes, 1, PlaneMemory.MostKept + (16 << 20));
    }
}
