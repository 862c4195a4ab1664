namespace Intaglio.ExecutionTests;

internal static class Probe
{
    private static void Main()
    {
    }
}
