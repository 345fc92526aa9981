using Touchstone.Vision.Embedding;
using Touchstone.Vision.Inference;
using Touchstone.Vision.Inference.OnnxRuntime;

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
        OnnxRuntimeException e = Assert.Throws<OnnxRuntimeException>(() => OnnxModel.Load("/absent/model.onnx"));
        Assert.Equal(OrtErrorCode.NoSuchFile, e.Code);
        Assert.Contains("/absent/model.onnx", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "this is no model");
            Assert.Equal(OrtErrorCode.InvalidProtobuf, Assert.Throws<OnnxRuntimeException>(() => OnnxModel.Load(path)).Code);
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
        Assert.Equal(OrtErrorCode.InvalidArgument, Assert.Throws<OnnxRuntimeException>(() => model.Run([small], ["embedding"])).Code);
        Assert.Equal(OrtErrorCode.InvalidArgument, Assert.Throws<OnnxRuntimeException>(() => model.Run([unknown], ["embedding"])).Code);
        Assert.Equal(OrtErrorCode.InvalidArgument, Assert.Throws<OnnxRuntimeException>(() => model.Run([good], ["nothing"])).Code);
        Assert.Equal([1, 512], model.Run([good], ["embedding"])[0].Shape);
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
}
