using Intaglio;
using Intaglio.Examples;

// Bad input is one line and exit code 2, a run that diverged one line and 1; anything else is a fault and shows itself as one.
try
{
    return CommandLine.Parse(args) is { } options ? Job.Run(options) : 0;
}
catch (Exception error) when (error is UsageException or IntaglioException)
{
    Console.Error.WriteLine(error.Message.ReplaceLineEndings(" "));
    return error is UsageException or DataException or CheckpointException or DeviceException ? 2 : 1;
}
