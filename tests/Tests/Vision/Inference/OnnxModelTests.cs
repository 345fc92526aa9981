using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Touchstone.Tests.Fixtures;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Inference;

namespace Touchstone.Tests.Vision.Inference;

/// <summary>The border to ONNX Runtime: what the runtime refuses arrives as its own code and message.</summary>
public sealed class OnnxModelTests
{
    private static string Model => Path.Combine(ModelCatalog.ShippedFolder, "touchstone_embed_1.onnx");

    [Fact]
    public void A_model_describes_its_inputs_and_outputs()
    {
        using OnnxModel model = OnnxModel.Load(Model);
        TensorSpec input = Assert.Single(model.Inputs);
        Assert.Equal(("image", TensorElementType.Float), (input.Name, input.Type));
        Assert.Equal([-1, 3, 224, 224], input.Shape);
        Assert.Equal(["embedding", "regions"], model.Outputs.Select(o => o.Name));
        Assert.Equal([-1, 512], model.Outputs[0].Shape);
    }

    [Fact]
    public void An_absent_file_is_named()
    {
        string message = Refused("NoSuchFile", () => OnnxModel.Load("/absent/model.onnx"));
        Assert.Contains("/absent/model.onnx", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "this is no model");
            Refused("InvalidProtobuf", () => OnnxModel.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Wrong_names_and_shapes_are_the_runtimes_invalid_argument()
    {
        using OnnxModel model = OnnxModel.Load(Model);
        NamedTensor small = new("image", new float[3 * 32 * 32], [1, 3, 32, 32]);
        NamedTensor unknown = new("pixels", new float[3 * 224 * 224], [1, 3, 224, 224]);
        NamedTensor good = new("image", new float[3 * 224 * 224], [1, 3, 224, 224]);
        Refused("InvalidArgument", () => model.Run([small], ["embedding"]));
        Refused("InvalidArgument", () => model.Run([unknown], ["embedding"]));
        Refused("InvalidArgument", () => model.Run([good], ["nothing"]));
        Assert.Equal([1, 512], model.Run([good], ["embedding"])[0].Shape);
    }

    [Fact]
    public void Eight_bit_products_are_summed_whole_on_this_processor()
    {
        string path = Path.Combine(ModelCatalog.ShippedFolder, "touchstone_embed_3.onnx");
        using OnnxModel asChosen = OnnxModel.Load(path), widened = OnnxModel.Load(path, new OnnxModelOptions { WidensEightBit = true });
        float[] values = new float[3 * 224 * 224];
        for (int i = 0; i < values.Length; i++) values[i] = 2.5f * MathF.Sign(MathF.Sin(i * 0.11f)) * (1 + (i % 3));
        NamedTensor image = new("image", values, [1, 3, 224, 224]);
        Assert.Equal(widened.Run([image], ["embedding"])[0].Data, asChosen.Run([image], ["embedding"])[0].Data);
    }

    [Fact]
    public void A_tensor_that_does_not_fill_its_shape_is_the_callers_mistake()
    {
        using OnnxModel model = OnnxModel.Load(Model);
        Assert.Throws<ArgumentException>(() => model.Run([new NamedTensor("image", new float[7], [1, 3, 224, 224])], ["embedding"]));
        Assert.Throws<ArgumentException>(() => model.Run([new NamedTensor("image", [], [-1, 3, 224, 224])], ["embedding"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnnxModel.Load(Model, new OnnxModelOptions { IntraOpThreads = 0 }));
    }

    [Fact]
    public void A_disposed_model_refuses_to_run()
    {
        OnnxModel model = OnnxModel.Load(Model);
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Run([new NamedTensor("image", new float[3 * 224 * 224], [1, 3, 224, 224])], ["embedding"]));
    }

    [Fact]
    public async Task A_call_that_runs_when_the_model_is_disposed_ends_well()
    {
        OnnxModel model = OnnxModel.Load(Model);
        NamedTensor image = new("image", new float[8 * 3 * 224 * 224], [8, 3, 224, 224]);
        using CountdownEvent started = new(2);
        Task<int>[] callers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => CallUntilDisposed(model, image, started)))];
        Assert.True(started.Wait(Eventually.Patience, TestContext.Current.CancellationToken));
        model.Dispose();
        Assert.All(await Task.WhenAll(callers), answered => Assert.True(answered >= 1));
    }

    [Fact]
    public void More_threads_give_the_same_answer()
    {
        float[] pixels = new float[3 * 224 * 224];
        Random random = new(3);
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (float)random.NextDouble();
        using OnnxModel one = OnnxModel.Load(Model);
        using OnnxModel two = OnnxModel.Load(Model, new OnnxModelOptions { IntraOpThreads = 2 });
        float[] first = one.Run([new NamedTensor("image", pixels, [1, 3, 224, 224])], ["embedding"])[0].Data;
        float[] second = two.Run([new NamedTensor("image", pixels, [1, 3, 224, 224])], ["embedding"])[0].Data;
        for (int i = 0; i < first.Length; i++) Assert.Equal(first[i], second[i], 1e-4f);
    }

    /// <summary>The runtime's code stands in its message.</summary>
    private static string Refused(string code, Func<object> call)
    {
        string message = Assert.Throws<OnnxRuntimeException>(call).Message;
        Assert.StartsWith($"[ErrorCode:{code}]", message, StringComparison.Ordinal);
        return message;
    }

    private static int CallUntilDisposed(OnnxModel model, NamedTensor image, CountdownEvent started)
    {
        for (int answered = 0; ; answered++)
        {
            try
            {
                Assert.Equal([8, 512], model.Run([image], ["embedding"])[0].Shape);
            }
            catch (ObjectDisposedException)
            {
                return answered;
            }

            if (answered == 0) started.Signal();
        }
    }
}
