using Intaglio.Compiler;

namespace Intaglio.RandomModels;

/// <summary>A model as its attributes declare it: the arguments that are written, in the order of writing, and its own layers.</summary>
internal sealed class Declaration(IEnumerable<Argument> arguments, IReadOnlyDictionary<Compiler.AppliesTo, BlockSpec>? layers = null)
{
    /// <summary>What an attribute of every n-th layer alone says it is.</summary>
    public const string EveryNthLayer = nameof(EveryNthLayer);

    // What the execution tests have a second time, as formulas.
    private static readonly Dictionary<string, string> OwnActivations = new()
    {
        ["Mish"] = "[Pointwise] private static float Mish(float x) => x * MathF.Tanh(MathF.Log(1 + MathF.Exp(x)));",
        ["OwnSquaredRelu"] = "[Pointwise] private static float OwnSquaredRelu(float x) => MathF.Pow(MathF.Max(x, 0), 2);",
        ["Piecewise"] = "[Pointwise] private static float Piecewise(float x) => x <= -3 ? 0 : x < 0 ? x * (x + 3) / 6 : x < 3 ? x - (x * x / 12) : (0.25f * x) + 1.5f;",
        ["Squash"] = "[Pointwise] private static float Squash(float x) => x / (1 + MathF.Abs(x));",
    };

    /// <summary>Methods that can be activations, as an attribute names them.</summary>
    public static IReadOnlyList<string> OwnActivationMethods { get; } = [.. OwnActivations.Keys.Select(name => $"nameof({name})")];

    public IReadOnlyList<Argument> Arguments { get; } = [.. arguments];

    /// <summary>The layers that are methods, by whose they are.</summary>
    public IReadOnlyDictionary<Compiler.AppliesTo, BlockSpec> Layers { get; } = layers ?? new Dictionary<Compiler.AppliesTo, BlockSpec>();

    /// <summary>Members that are written as they are.</summary>
    private IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>The argument's value; null where it is left out.</summary>
    public string? Value(string key) => Arguments.FirstOrDefault(argument => argument.Key == key)?.Value;

    /// <summary>Whether there is an attribute.</summary>
    public bool Has(string attribute) => Arguments.Any(argument => argument.Attribute == attribute);

    public Declaration Without(string key) => new(Arguments.Where(argument => argument.Key != key), Layers);

    /// <summary>The declaration without all that an attribute says.</summary>
    public Declaration WithoutAttribute(string attribute) => new(Arguments.Where(argument => argument.Attribute != attribute), Layers);

    /// <summary>The declaration with an argument changed, or added at the end.</summary>
    public Declaration With(Argument changed) => Value(changed.Key) is null
        ? new(Arguments.Append(changed), Layers)
        : new(Arguments.Select(argument => argument.Key == changed.Key ? changed : argument), Layers);

    /// <summary>The declaration with a member, as it is written.</summary>
    public Declaration WithMember(string member) => new(Arguments, Layers) { Members = [.. Members, member] };

    /// <summary>The declaration with another layer of its own; null for the usual one.</summary>
    public Declaration With(Compiler.AppliesTo part, BlockSpec? layer)
    {
        var others = Layers.Where(pair => pair.Key != part).ToDictionary();
        if (layer is not null)
            others[part] = layer;
        return new(Arguments, others);
    }

    /// <summary>The class, with an attribute for each that has an argument.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="basedOn">The class that it is based on; null for none.</param>
    public string Source(string name, string? basedOn = null)
    {
        string[] attributes = [.. basedOn is null ? Array.Empty<string>() : [$"[BasedOn<{basedOn}>]\n"], .. Arguments.GroupBy(argument => argument.Attribute).Select(Attribute)];
        string[] members = [.. Activations().Distinct().Where(OwnActivations.ContainsKey).Select(activation => OwnActivations[activation]), .. Layers.Select(Method), .. Members];
        var body = members.Length == 0 ? ";" : $"\n{{\n    {string.Join("\n\n    ", members)}\n}}";
        return $"{string.Concat(attributes)}internal sealed partial class {name}{body}\n";
    }

    /// <inheritdoc/>
    public override string ToString() => Source("Model");

    private static string Attribute(IGrouping<string, Argument> arguments)
    {
        var first = arguments.First();
        var type = arguments.FirstOrDefault(argument => argument.Name == Argument.OfType)?.Value;
        string[] applies = first.Part is "" or EveryNthLayer ? [] : [$"AppliesTo = AppliesTo.{first.Part}"];
        string[] all = [.. arguments.Where(argument => argument.Name != Argument.OfType && argument.Value.Length > 0).OrderBy(argument => argument.Name.Length == 0 ? 0 : 1).Select(argument => $"{argument}"), .. applies];
        return $"[{first.Written}{(type is null ? "" : $"<{type}>")}{(all.Length == 0 ? "" : $"({string.Join(", ", all)})")}]\n";
    }

    private IEnumerable<string> Activations() =>
    [
        .. Layers.Values.SelectMany(layer => layer.Functions()).Where(function => function.IsOwn).Select(function => function.Name),
        .. Arguments.Where(argument => argument.Name == "ActivationMethod").Select(argument => argument.Value.Replace("nameof(", "", StringComparison.Ordinal).TrimEnd(')')),
    ];

    private string Method(KeyValuePair<Compiler.AppliesTo, BlockSpec> layer) => new LayerText().Method(layer.Value, Layers.Count > 1 || (Has("Encoder") && Has("Decoder")) ? layer.Key : null);
}
