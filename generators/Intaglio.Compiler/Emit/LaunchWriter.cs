namespace Intaglio.Compiler;

/// <summary>Prints launches, each under a line that says what it computes and its shape.</summary>
internal static class LaunchWriter
{
    private const int ShapeColumn = 96;
    private const int LongestLine = 160;

    public static void Write(SourceWriter writer, IEnumerable<Launch> launches) => writer.Separated(launches, launch => Write(writer, launch));

    public static void Write(SourceWriter writer, Launch launch)
    {
        writer.Line($"// {launch.Comment}".PadRight(ShapeColumn) + " " + launch.Result);
        var method = $"on.{launch.Method}<{string.Join(", ", launch.TypeArguments)}>(";
        var arguments = $"{string.Join(", ", launch.Arguments)});";
        if (method.Length + arguments.Length <= LongestLine)
        {
            writer.Line(method + arguments);
            return;
        }

        writer.Line(method);
        using (writer.Indent())
            writer.Line(arguments);
    }

    /// <summary>Whether a launch reads what the host sent, such as positions.</summary>
    public static bool ReadsInput(IEnumerable<Launch> launches) => launches.SelectMany(launch => launch.Arguments).Any(argument => argument.StartsWith("input.", StringComparison.Ordinal));

    /// <summary>Declares those of the usual locals that the launches mention.</summary>
    public static void WriteLocals(SourceWriter writer, IEnumerable<Launch> launches, params IEnumerable<(string Name, string Value)> locals)
    {
        var arguments = launches.SelectMany(launch => launch.Arguments).ToList();
        foreach (var (name, value) in locals)
        {
            if (arguments.Any(argument => argument == name || argument.StartsWith(name + ".", StringComparison.Ordinal)))
                writer.Line($"var {name} = {value};");
        }
    }
}
