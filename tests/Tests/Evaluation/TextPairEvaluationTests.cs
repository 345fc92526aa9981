using System.Globalization;
using System.Text;
using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Texts;

namespace Touchstone.Tests.Evaluation;

public sealed class TextPairEvaluationTests : IDisposable
{
    private static readonly string[] Brands = ["Zentralix", "Meridiano", "Pastelina", "Orlovane"];

    private readonly string folder = Directory.CreateTempSubdirectory("touchstone-pairs-").FullName;

    [Fact]
    public void Model_numbers_tell_records_apart_that_share_most_tokens()
    {
        Write("train.txt", 1, 200);
        Write("valid.txt", 2, 100);
        TextPairResult set = Assert.Single(TextPairEvaluation.Run(folder).Sets);
        Assert.Equal((200, 100, 50), (set.TrainPairs, set.ValidationPairs, set.Same));
        Assert.True(set.Agreement.F1 > 0.95, $"agreement {set.Agreement.F1}");
        Assert.True(set.Baseline.F1 < 0.85, $"baseline {set.Baseline.F1}");
        Assert.InRange(set.Agreement.F1, set.Agreement.F1Low, set.Agreement.F1High);
    }

    [Fact]
    public void The_report_has_a_row_for_each_set()
    {
        Write("train.txt", 1, 60);
        Write("valid.txt", 2, 40);
        string report = Path.Combine(folder, "accuracy.md");
        TextPairSection.Write(report, TextPairEvaluation.Run(folder));
        string text = File.ReadAllText(report);
        Assert.Contains("## Titles of products on ", text, StringComparison.Ordinal);
        Assert.Contains("| 40, 20 |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_line_is_named()
    {
        Write("train.txt", 1, 20);
        File.WriteAllText(Path.Combine(folder, "valid.txt"), "COL title VAL a\tCOL title VAL b\n");
        Assert.Contains("valid.txt, line 1", Assert.Throws<InvalidDataException>(() => TextPairEvaluation.Run(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_pairs_is_named() => Assert.Contains("train.txt", Assert.Throws<InvalidDataException>(() => TextPairEvaluation.Run(folder)).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Half of the pairs are one product in two shops' words, half are two models of one brand in nearly the same words.</summary>
    private void Write(string file, int seed, int pairs)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int i = 0; i < pairs; i++)
        {
            string brand = Brands[random.Next(Brands.Length)], model = $"kx-{random.Next(1000, 9999)}{(char)('a' + random.Next(26))}", other = $"kx-{random.Next(1000, 9999)}{(char)('a' + random.Next(26))}";
            bool same = i % 2 == 0;
            string right = same ? $"{brand} {model.Replace("-", "", StringComparison.Ordinal)} usb fast charging adapter white" : $"{brand} {other} travel charger for phones";
            text.Append(CultureInfo.InvariantCulture, $"COL title VAL {brand} {model} travel charger for phones COL price VAL 9.99\tCOL title VAL {right} COL price VAL \t{(same ? 1 : 0)}\n");
        }
        File.WriteAllText(Path.Combine(folder, file), text.ToString());
    }
}
