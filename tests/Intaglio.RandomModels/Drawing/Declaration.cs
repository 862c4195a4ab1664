namespace Intaglio.RandomModels;

/// <summary>A model as its attributes declare it: the arguments that are written, in the order of writing.</summary>
internal sealed class Declaration(IEnumerable<Argument> arguments)
{
    // What the execution tests have a second time, as formulas.
    private static readonly Dictionary<string, string> OwnActivations = new()
    {
        ["nameof(Mish)"] = "[Pointwise] private static float Mish(float x) => x * MathF.Tanh(MathF.Log(1 + MathF.Exp(x)));",
        ["nameof(OwnSquaredRelu)"] = "[Pointwise] private static float OwnSquaredRelu(float x) => MathF.Pow(MathF.Max(x, 0), 2);",
        ["nameof(Piecewise)"] = "[Pointwise] private static float Piecewise(float x) => x <= -3 ? 0 : x < 0 ? x * (x + 3) / 6 : x < 3 ? x - (x * x / 12) : (0.25f * x) + 1.5f;",
    };

    /// <summary>Methods that can be activations, as an attribute names them.</summary>
    public static IReadOnlyList<string> OwnActivationMethods { get; } = [.. OwnActivations.Keys];

    public IReadOnlyList<Argument> Arguments { get; } = [.. arguments];

    /// <summary>The argument's value; null where it is left out.</summary>
    public string? Value(string key) => Arguments.FirstOrDefault(argument => argument.Key == key)?.Value;

    public Declaration Without(string key) => new(Arguments.Where(argument => argument.Key != key));

    /// <summary>The declaration with an argument changed, or added at the end.</summary>
    public Declaration With(Argument changed) => Value(changed.Key) is null
        ? new(Arguments.Append(changed))
        : new(Arguments.Select(argument => argument.Key == changed.Key ? changed : argument));

    /// <summary>The class, with an attribute for each that has an argument, and the decoder's in any case.</summary>
    public string Source(string name)
    {
        var attributes = Arguments.GroupBy(argument => argument.Attribute).ToDictionary(group => group.Key, group => $"({string.Join(", ", group.OrderBy(argument => argument.Name.Length == 0 ? 0 : 1))})");
        attributes.TryAdd("Decoder", "");
        var body = Value("FeedForward.ActivationMethod") is { } method ? $"\n{{\n    {OwnActivations[method]}\n}}" : ";";
        return $"{string.Concat(attributes.Select(attribute => $"[{attribute.Key}{attribute.Value}]\n"))}internal sealed partial class {name}{body}\n";
    }

    /// <inheritdoc/>
    public override string ToString() => Source("Model");
}
