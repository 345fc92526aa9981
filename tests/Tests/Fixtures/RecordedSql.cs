using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Touchstone.Screening.Storage;

namespace Touchstone.Tests.Fixtures;

/// <summary>Contexts of a test's database that note every statement, in order; one that holds <see cref="Fails"/> is refused. For one test at a time.</summary>
public sealed class RecordedSql : DbCommandInterceptor, IDbContextFactory<TouchstoneDb>
{
    private readonly DbContextOptions<TouchstoneDb> options;
    private readonly List<string> statements = [];

    public RecordedSql(TestDatabase database)
    {
        var builder = new DbContextOptionsBuilder<TouchstoneDb>();
        StorageSetup.Configure(builder, database.Storage);
        builder.AddInterceptors(this);
        options = builder.Options;
    }

    /// <summary>A text of the statement that is to fail; null: none.</summary>
    public string? Fails { get; set; }

    public IReadOnlyList<string> Statements => statements;

    public TouchstoneDb CreateDbContext() => new(options);

    /// <summary>The tables that are written to, in the order of their first statements since <paramref name="from"/>.</summary>
    public IReadOnlyList<string> Written(int from, params string[] tables) =>
        [.. statements.Skip(from).SelectMany(s => s.Split(';')).SelectMany(s => tables.Where(t => s.Contains($"UPDATE \"{t}\"", StringComparison.Ordinal) || s.Contains($"INSERT INTO \"{t}\"", StringComparison.Ordinal)))];

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => Note(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Note(command, result));

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Note(command, result));

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Note(command, result));

    private T Note<T>(DbCommand command, T result)
    {
        statements.Add(command.CommandText);
        return Fails is { } text && command.CommandText.Contains(text, StringComparison.Ordinal) ? throw new InvalidOperationException($"The test refuses {text}.") : result;
    }
}
