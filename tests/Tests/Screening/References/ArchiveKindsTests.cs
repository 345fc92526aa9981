using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Touchstone.Screening.References;

namespace Touchstone.Tests.Screening.References;

/// <summary>How registers come packed: with a password, by a method that is not read, with names of other code pages, twice the same name, as tar and gzip, damaged.</summary>
public sealed class ArchiveKindsTests
{
    private const string Table = "id,title,pictures\nA,Drum,p/one.jpg\n";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gzip_and_tar_are_read_with_their_pictures()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        ImportReport alone = await bench.ImportAsync(await bench.WriteAsync("drums.csv.gz", Gzip(Encoding.UTF8.GetBytes("id,title\nA,Drum\n"))), "alone");
        Assert.Equal((1, 1), (alone.Read, alone.Added));
        // What a download without a telling name holds is told from the content.
        ImportReport nameless = await bench.ImportAsync(await bench.WriteAsync("download.gz", Gzip("""[{"id":"A","title":"Drum","brand":"Orlo"}]"""u8.ToArray())), "nameless");
        Assert.Equal(1, nameless.Added);
        foreach (string name in new[] { "drums.tar.gz", "drums.tgz", "drums.tar", "drums.zip" })
        {
            byte[] tar = Tar(("data/r.csv", Encoding.UTF8.GetBytes(Table)), ("data/p/one.jpg", ImportBench.Picture(1)));
            ImportReport report = await bench.ImportAsync(await bench.WriteAsync(name, name.EndsWith(".tar", StringComparison.Ordinal) ? tar : Gzip(tar)), name.Replace(".", "-", StringComparison.Ordinal));
            Assert.Equal((1, 1), (report.Added, report.Pictures.Stored));
        }
    }

    [Fact]
    public async Task A_file_with_a_password_is_named_and_the_others_are_read()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        byte[] zip = Zip(("a.csv", Encoding.UTF8.GetBytes("id,title\nA,Drum\n")), ("b.csv", Encoding.UTF8.GetBytes("id,title\nB,Cup\n")));
        Mark(zip, "b.csv", flag: 1);
        ImportReport report = await bench.ImportAsync(await bench.WriteAsync("two.zip", zip));
        Assert.Equal((1, 1), (report.Added, report.Rejected));
        Assert.Equal(("b.csv", "b.csv is protected by a password in the archive; pack it anew without one."), (report.Rejections[0].Row, report.Rejections[0].Reason));
        Mark(zip, "a.csv", flag: 1);
        string path = await bench.WriteAsync("none.zip", zip);
        Assert.Contains("protected by a password", (await Assert.ThrowsAsync<InvalidDataException>(() => bench.ImportAsync(path))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_is_not_read_and_damage_are_told()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        byte[] zip = Zip(("a.csv", Encoding.UTF8.GetBytes("id,title\nA,Drum\n")), ("b.csv", Encoding.UTF8.GetBytes("id,title\nB,Cup\n")));
        Mark(zip, "b.csv", method: 14);
        ImportReport report = await bench.ImportAsync(await bench.WriteAsync("lzma.zip", zip));
        Assert.Equal((1, 1), (report.Added, report.Rejected));
        Assert.Contains("b.csv is packed by a method that is not read", report.Rejections[0].Reason, StringComparison.Ordinal);
        foreach (byte[] broken in new[] { zip[..(zip.Length / 2)], [], "id,title\n"u8.ToArray() })
        {
            string path = await bench.WriteAsync("broken.zip", broken);
            Assert.StartsWith("The archive broken.zip cannot be read: ", (await Assert.ThrowsAsync<InvalidDataException>(() => bench.ImportAsync(path))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_two_files_with_one_name_both_are_read()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        ImportReport report = await bench.ImportAsync(await bench.WriteAsync("twice.zip", Zip(("r.csv", Encoding.UTF8.GetBytes("id,title\nA,Drum\n")), ("r.csv", Encoding.UTF8.GetBytes("id,title\nA,Cup\nB,Bell\n")))));
        Assert.Equal((3, 2, 1), (report.Read, report.Added, report.Rejected));
    }

    [Theory]
    [InlineData(437)]
    [InlineData(850)]
    [InlineData(1252)]
    [InlineData(65001)]
    public async Task Names_of_other_code_pages_are_found(int codePage)
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        Encoding names = CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.UTF8;
        ImportReport report = await bench.ImportAsync(await bench.WriteAsync("names.zip", Zip(names, ("r.csv", Encoding.UTF8.GetBytes("id,title,pictures\nA,Drum,p/Möwe.jpg\n")), ("p/Möwe.jpg", ImportBench.Picture(1)))));
        Assert.Equal((1, 1), (report.Added, report.Pictures.Stored));
    }

    [Theory]
    [InlineData(932, "写真")]
    [InlineData(949, "사진")]
    [InlineData(866, "фото")]
    public async Task Names_in_other_scripts_are_found(int codePage, string called)
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        ImportReport report = await bench.ImportAsync(await bench.WriteAsync("names.zip", Zip(CodePagesEncodingProvider.Instance.GetEncoding(codePage)!, ("r.csv", Encoding.UTF8.GetBytes($"id,title,pictures\nA,Drum,{called}.jpg\n")), ($"{called}.jpg", ImportBench.Picture(1)))));
        Assert.Equal((1, 1), (report.Added, report.Pictures.Stored));
    }

    [Fact]
    public async Task Pictures_are_found_in_whichever_folder_they_lie_if_one_alone_is_called_so()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        ImportReport report = await bench.ImportAsync(await bench.WriteAsync("folders.zip", Zip(
            ("tables/r.csv", Encoding.UTF8.GetBytes("id,title,pictures\nA,Drum,one.jpg\nB,Cup,two.jpg\nC,Bell,y/two.jpg\n")), ("pics/2026/ONE.JPG", ImportBench.Picture(1)), ("x/two.jpg", ImportBench.Picture(2)), ("y/two.jpg", ImportBench.Picture(3)))));
        Assert.Equal((3, 2, 1), (report.Pictures.Total, report.Pictures.Stored, report.Pictures.Failed));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionMode.Compress)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Tar(params (string Name, byte[] Bytes)[] files)
    {
        using MemoryStream packed = new();
        using (TarWriter tar = new(packed, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in files) tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        }
        return packed.ToArray();
    }

    private static byte[] Zip(params (string Name, byte[] Bytes)[] files) => Zip(null, files);

    private static byte[] Zip(Encoding? names, params (string Name, byte[] Bytes)[] files)
    {
        using MemoryStream packed = new();
        using (ZipArchive zip = new(packed, ZipArchiveMode.Create, leaveOpen: true, names))
        {
            foreach ((string name, byte[] bytes) in files)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }
        byte[] all = packed.ToArray();
        // Programs of other code pages do not say that a name is UTF-8.
        if (names is not null) foreach ((string name, _) in files) Unmark(all, names.GetBytes(name));
        return all;
    }

    private static void Mark(byte[] zip, string name, byte flag = 0, byte method = 0)
    {
        foreach ((int at, int flags) in Heads(zip, Encoding.UTF8.GetBytes(name)))
        {
            zip[at + flags] |= flag;
            if (method > 0) zip[at + flags + 2] = method;
        }
    }

    private static void Unmark(byte[] zip, byte[] name)
    {
        foreach ((int at, int flags) in Heads(zip, name)) zip[at + flags + 1] &= 0xF7;
    }

    /// <summary>Where a name's heads begin, beside its bytes and in the directory, and where in each the flags stand.</summary>
    private static IEnumerable<(int At, int Flags)> Heads(byte[] zip, byte[] name)
    {
        for (int at = 0; at + 46 < zip.Length; at++)
        {
            if (zip.AsSpan(at).StartsWith("PK\u0003\u0004"u8) && zip.AsSpan(at + 30).StartsWith(name)) yield return (at, 6);
            if (zip.AsSpan(at).StartsWith("PK\u0001\u0002"u8) && zip.AsSpan(at + 46).StartsWith(name)) yield return (at, 8);
        }
    }
}
