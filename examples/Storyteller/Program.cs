using Intaglio.Examples;

// Bad input is one line and exit code 2; anything else that goes wrong is a fault and shows itself as one.
try
{
    return CommandLine.Parse(args) is { } options ? Job.Run(options) : 0;
}
catch (Exception error) when (error is UsageException or Intaglio.IntaglioException)
{
    Console.Error.WriteLine(error.Message.ReplaceLineEndings(" "));
    return 2;
}
