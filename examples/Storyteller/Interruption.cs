using System.Runtime.InteropServices;

namespace Intaglio.Examples;

/// <summary>Turns the first Ctrl+C or SIGTERM into a cancellation, so that the run is saved; a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private PosixSignal _signal = PosixSignal.SIGINT;

    public Interruption() => _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];

    /// <summary>Cancelled by the signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>128 and the signal's number, as a shell reports it: 130 for Ctrl+C, 143 for SIGTERM.</summary>
    public int ExitCode => _signal == PosixSignal.SIGTERM ? 143 : 130;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();

        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
            return;

        context.Cancel = true;
        _signal = context.Signal;
        _source.Cancel();
    }
}
