using System.Runtime.InteropServices;

namespace Intaglio;

/// <summary>
/// Turns the first Ctrl+C or SIGTERM that the process gets into a cancellation, so that <c>Trainer.Fit</c> saves and returns; a second one ends
/// the process at once. Disposed, it leaves signals as they were.
/// </summary>
public sealed class Interruption : IDisposable
{
    private const int SignalExit = 128;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    /// <summary>Begins to listen.</summary>
    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, SignalExit + 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, SignalExit + 15)),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>With what the process should exit: 128 and the signal's number, as shells have it, 130 for Ctrl+C and 143 for SIGTERM; 0 where none came.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();

        _source.Dispose();
    }

    private void Handle(PosixSignalContext context, int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
            return;

        context.Cancel = true;
        _source.Cancel();
    }
}
