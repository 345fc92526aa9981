using System.Globalization;
using Touchstone.Recognition.Text;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Recognition.Text;

public sealed class TextFoldingTests
{
    [Theory]
    [InlineData("BUGATTI", "bugatti")]
    [InlineData("ВUGАТТІ", "bugatti")] // Cyrillic В, А, Т, Т, І
    [InlineData("ΒUGATTΙ", "bugatti")] // Greek Β and Ι
    [InlineData("ＢＵＧＡＴＴＩ", "bugatti")]
    [InlineData("𝐁𝓤𝔾𝕬𝖳𝘛𝙸", "bugatti")]
    [InlineData("Crème brûlée", "creme brulee")]
    [InlineData("cre\u0300me", "creme")]
    [InlineData("Škoda  —  Żubr", "skoda zubr")]
    [InlineData("L'Oréal", "loreal")]
    [InlineData("KX-200/B", "kx 200 b")]
    [InlineData("清風 100", "清風 100")]
    [InlineData("", "")]
    public void What_looks_alike_becomes_one(string text, string folded) => Assert.Equal(folded, TextFolding.Fold(text));

    [Theory]
    [InlineData("p0kem0n", "pokemon")]
    [InlineData("1ego", "lego")]
    [InlineData("pharrnacy", "pharmacy")]
    [InlineData("vvater", "water")]
    public void What_is_misread_becomes_one(string read, string meant) => Assert.Equal(TextFolding.Skeleton(meant), TextFolding.Skeleton(read));

    [Fact]
    public void Different_words_stay_different() => Assert.NotEqual(TextFolding.Skeleton("bugatti"), TextFolding.Skeleton("ducati"));

    /// <summary>Letters that people write in Europe, and their disguises; scripts such as Cherokee and Lisu are out of the table's reach.</summary>
    [Fact]
    public void Nearly_all_confusable_letters_of_living_european_scripts_fold_to_what_they_look_like()
    {
        (int Right, int All) european = (0, 0), every = (0, 0);
        foreach (string line in File.ReadLines(SharedData.Require("web/homoglyphs/generator/source_data/confusables.txt")))
        {
            string[] fields = line.TrimStart('\ufeff').Split('#')[0].Split(';', StringSplitOptions.TrimEntries);
            if (fields.Length < 3 || fields[0].Contains(' ', StringComparison.Ordinal)) continue;
            string target = Characters(fields[1]);
            if (!target.All(char.IsAsciiLetterOrDigit)) continue;
            int code = int.Parse(fields[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            bool right = TextFolding.Skeleton(TextFolding.Fold(char.ConvertFromUtf32(code))) == TextFolding.Skeleton(TextFolding.Fold(target));
            every = (every.Right + (right ? 1 : 0), every.All + 1);
            if (code is < 0x0530 or (>= 0x1E00 and <= 0x214F) or (>= 0xFF00 and <= 0xFF5E) or (>= 0x1D400 and <= 0x1D7FF)) european = (european.Right + (right ? 1 : 0), european.All + 1);
        }
        Assert.True(european.All > 900 && european.Right >= 0.97 * european.All, $"{european.Right} of {european.All} letters of European scripts fold");
        Assert.True(every.Right >= 0.75 * every.All, $"{every.Right} of all {every.All} fold");
    }

    private static string Characters(string codes) => string.Concat(codes.Split(' ').Select(c => char.ConvertFromUtf32(int.Parse(c, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
}
