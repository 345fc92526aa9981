using Microsoft.Data.Sqlite;

namespace Touchstone.Screening.Storage;

/// <summary>Why the installation's storage cannot be used, where a person can mend it.</summary>
public enum StorageFault
{
    /// <summary>The disk, or the share of it that is allowed, is full.</summary>
    DiskFull,

    /// <summary>Its files or its folder may not be written.</summary>
    ReadOnly,

    /// <summary>The database file is damaged, or is no database.</summary>
    Damaged,
}

/// <summary>Recognises storage faults and says what to do. Pure; thread-safe.</summary>
public static class StorageFaults
{
    // Of https://sqlite.org/rescode.html.
    private const int ReadOnlyDatabase = 8, Corrupt = 11, Full = 13, CannotOpen = 14, NoDatabase = 26;

    // Error numbers of Linux; of Windows, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.
    private const int NoSpace = 28, ReadOnlyFileSystem = 30, OverQuota = 122, WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>The fault behind an exception; null: another matter.</summary>
    public static StorageFault? Of(Exception exception)
    {
        for (Exception? at = exception; at is not null; at = at.InnerException)
        {
            StorageFault? fault = at switch
            {
                SqliteException { SqliteErrorCode: Full } => StorageFault.DiskFull,
                SqliteException { SqliteErrorCode: ReadOnlyDatabase or CannotOpen } => StorageFault.ReadOnly,
                SqliteException { SqliteErrorCode: Corrupt or NoDatabase } => StorageFault.Damaged,
                IOException { HResult: NoSpace or OverQuota or WindowsDiskFull or WindowsHandleDiskFull } => StorageFault.DiskFull,
                IOException { HResult: ReadOnlyFileSystem } => StorageFault.ReadOnly,
                UnauthorizedAccessException => StorageFault.ReadOnly,
                _ => null,
            };
            if (fault is not null) return fault;
        }
        return null;
    }

    /// <summary>What is wrong and what to do, in sentences for people.</summary>
    /// <param name="where">How they know the storage, such as its folder.</param>
    public static string Say(StorageFault fault, string where) => fault switch
    {
        StorageFault.DiskFull => $"The disk of {where} is full, so nothing more can be stored. Free space, or move the installation to a larger disk, and try again; what was acknowledged is kept.",
        StorageFault.ReadOnly => $"The account of this program may not write in {where}. Give it the right to, or name another folder.",
        _ => $"The database of {where} is damaged, or is no database of this program. Restore it from a backup, or name another folder; leave the file as it is until then.",
    };
}
