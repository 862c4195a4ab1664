using System.Text.RegularExpressions;

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
        if (launch.Variant is not { } variant)
        {
            WriteCall(writer, launch, launch.TypeArguments);
            return;
        }

        writer.Line($"if ({variant.Condition})");
        using (writer.Indent())
            WriteCall(writer, launch, variant.TypeArguments);

        writer.Line("else");
        using (writer.Indent())
            WriteCall(writer, launch, launch.TypeArguments);
    }

    /// <summary>Whether launches mention a name.</summary>
    public static bool Mention(IEnumerable<Launch> launches, string name)
    {
        var pattern = new Regex($@"(?<![\w.]){name}(?!\w)", RegexOptions.CultureInvariant);
        return launches.Any(launch => launch.Arguments.Append(launch.Variant?.Condition ?? "").Any(argument => pattern.IsMatch(argument)));
    }

    /// <summary>Declares those of the usual locals that the launches mention.</summary>
    public static void WriteLocals(SourceWriter writer, IReadOnlyList<Launch> launches, params IEnumerable<(string Name, string Value)> locals)
    {
        foreach (var (name, value) in locals.Where(local => Mention(launches, local.Name)))
            writer.Line($"var {name} = {value};");
    }

    private static void WriteCall(SourceWriter writer, Launch launch, IReadOnlyList<string> types)
    {
        var method = $"on.{launch.Method}{(types.Count == 0 ? "" : $"<{string.Join(", ", types)}>")}(";
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
}
