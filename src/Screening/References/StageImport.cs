using System.Text.Json;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.References;

/// <summary>Keeps a file that somebody gave and looks at it: nothing is taken in before <see cref="StartImport"/>.</summary>
/// <param name="FileName">What the file is called; its ending says what it is.</param>
/// <param name="Kind">What the records are; null: what the format or the record says.</param>
public sealed record StageImport(string Register, string FileName, ReadOnlyMemory<byte> Bytes, ReferenceKind? Kind)
{
    public async Task<VerbOutcome<ImportRow>> RunAsync(VerbContext context, ReferenceImport import, IBlobStore blobs, CancellationToken cancellationToken)
    {
        if (ReferenceImport.ProblemOfName(Register) is { } problem) return VerbOutcome.Refused<ImportRow>(Refusal.Invalid, problem);
        if (Bytes.Length == 0) return VerbOutcome.Refused<ImportRow>(Refusal.Invalid, "The file is empty; choose another one.");
        if (Kind == ReferenceKind.SearchedPicture) return VerbOutcome.Refused<ImportRow>(Refusal.Invalid, "References of registers are alerts, designs, marks, genuine products or known fakes.");
        ImportPreview preview;
        try
        {
            using ImportCopy copy = await ImportCopy.MakeAsync(FileName, Bytes, tells: true, cancellationToken);
            preview = await import.PreviewAsync(new ImportRequest { Path = copy.Path, Register = Register, Kind = Kind }, cancellationToken);
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException)
        {
            return VerbOutcome.Refused<ImportRow>(Refusal.Invalid, ImportJobs.WithoutParameter(e));
        }
        var row = new ImportRow
        {
            Register = Register,
            FileName = ImportCopy.NameOf(FileName),
            FileSha256 = await blobs.PutAsync(Bytes, cancellationToken),
            Kind = Kind,
            State = ImportState.Previewed,
            CreatedBy = context.Actor,
            CreatedAt = context.Clock.GetUtcNow(),
            Preview = JsonSerializer.Serialize(preview),
        };
        context.Db.Imports.Add(row);
        await AuditLog.SaveAsync(context, "import.staged", _ => $"import/{row.Id}", $"{row.FileName} for {Register}", cancellationToken);
        return VerbOutcome.Done(row);
    }
}
