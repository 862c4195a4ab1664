using System.Globalization;
using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>A tensor of a GGUF file.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Source">Where its numbers come from.</param>
/// <param name="IsFloat">Whether it is F32 whatever the type of the others.</param>
internal sealed record GgufTensor(string Name, TensorSource Source, bool IsFloat);

/// <summary>Something that a model declares and llama.cpp's architecture cannot express.</summary>
/// <param name="Key">The key of the model's config.json.</param>
/// <param name="Declared">Its value.</param>
/// <param name="Needed">What the architecture has instead.</param>
internal sealed record Obstacle(string Key, string Declared, string Needed);

/// <summary>One of llama.cpp's architectures (<c>src/models</c>, <c>gguf-py/gguf/constants.py</c>), filled by a model.</summary>
internal abstract class GgufArchitecture(ModelDescription description)
{
    private const string Layer = "{layer}";

    private static readonly Dictionary<string, Func<ModelDescription, GgufArchitecture>> ByModelType = new(StringComparer.Ordinal)
    {
        ["llama"] = static description => new GgufLlama(description),
        ["mistral"] = static description => new GgufLlama(description),
        ["intaglio"] = static description => new GgufOwn(description),
        ["qwen2"] = static description => new GgufQwen2(description),
        ["gemma2"] = static description => new GgufGemma2(description),
        ["gpt2"] = static description => new GgufGpt2(description),
        ["bloom"] = static description => new GgufBloom(description),
    };

    /// <summary>What llama.cpp calls it, <c>general.architecture</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the model declares.</summary>
    protected DeclaredConfiguration Declared { get; } = new(description);

    /// <summary>The model.</summary>
    protected ModelDescription Description => description;

    /// <summary>llama.cpp's name of each of the model's tensors, both without what names the layer: <c>blk.3.</c> there, <c>h.3.</c> or <c>layers.3.</c> here.</summary>
    protected abstract IReadOnlyDictionary<string, string> Names { get; }

    /// <summary>The architecture that a model can be.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public static GgufArchitecture Of(ModelDescription description, string path)
    {
        var type = new DeclaredConfiguration(description)["model_type"] as string ?? "";
        if (!ByModelType.TryGetValue(type, out var create) || description.HasSource)
        {
            var families = string.Join(", ", ByModelType.Keys.Where(key => key != "intaglio"));
            var what = description.HasSource ? "an encoder-decoder" : $"model_type {type}";
            throw new CheckpointException(path, "model_type", families, what, $"{description.Name} is {what}, and GGUF files are written of decoders of {families}; {nameof(LanguageModel.Save)} writes any model as safetensors");
        }

        var architecture = create(description);
        Obstacle[] obstacles = [.. architecture.Obstacles()];
        if (obstacles is [var first, ..])
        {
            var says = string.Join("; ", obstacles.Select(obstacle => $"{obstacle.Key} is {obstacle.Declared}, and {architecture.Name} has {obstacle.Needed}"));
            throw new CheckpointException(path, first.Key, first.Needed, first.Declared, $"{description.Name} cannot be llama.cpp's {architecture.Name}: {says}");
        }

        return architecture;
    }

    /// <summary>Sizes and numbers, by their keys without the architecture's name.</summary>
    public abstract IEnumerable<GgufPair> Sizes();

    /// <summary>All tensors, in the order of the model's.</summary>
    public virtual IEnumerable<GgufTensor> Tensors() => Description.Parameters.Parameters().Select(parameter =>
    {
        var (layer, own) = Split(parameter);
        var name = Names[own];
        return Tensor(layer is null ? name : $"blk.{layer}.{name}", SourceOf(parameter, name));
    });

    /// <summary>What the model declares and the architecture cannot express.</summary>
    protected abstract IEnumerable<Obstacle> Obstacles();

    /// <summary>Where a tensor's numbers come from.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="name">The tensor's name, without the layer.</param>
    protected virtual TensorSource SourceOf(Parameter parameter, string name) => new TensorSource.Stored(parameter);

    /// <summary>A tensor, in F32 if llama.cpp's kernels want it so: vectors, and positions.</summary>
    protected static GgufTensor Tensor(string name, TensorSource source) => new(name, source, IsFloat: source.Shape.Count == 1 || name == "position_embd.weight");

    /// <summary>An obstacle unless a condition holds.</summary>
    protected IEnumerable<Obstacle> Require(bool holds, string key, string needed) => holds ? [] : [new(key, Declared.Text(key), needed)];

    protected static uint Count(long value) => checked((uint)value);

    // A layer's tensors are named by what stands behind its index.
    private static (int? Layer, string Name) Split(Parameter parameter)
    {
        var at = parameter.Entry.Name.IndexOf(Layer, StringComparison.Ordinal);
        if (at < 0)
            return (null, parameter.Name);

        var rest = parameter.Entry.Name[(at + Layer.Length + 1)..];
        return (int.Parse(parameter.Name.AsSpan(at..^(rest.Length + 1)), CultureInfo.InvariantCulture), rest);
    }
}
