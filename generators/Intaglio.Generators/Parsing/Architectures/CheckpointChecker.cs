using System.Collections.Immutable;
using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Intaglio.Generators.Parsing.Json;
using Microsoft.CodeAnalysis;
using Location = Microsoft.CodeAnalysis.Location;

namespace Intaglio.Generators.Parsing.Architectures;

/// <summary>
/// Compares the tensors of the checkpoint beside a config.json with those of the model that it declares, as the runtime does when it loads them. What analyzers get of a checkpoint is the text that
/// the package's build writes of its header.
/// </summary>
internal sealed class CheckpointChecker
{
    /// <summary>What the names of those texts end in.</summary>
    public const string Extension = ".tensors";

    /// <summary>How many tensors are reported: enough to see the pattern; a model of another depth differs in hundreds.</summary>
    private const int MostReported = 8;

    private const string Layer = "{layer}";

    private readonly ModelSpec _spec;
    private readonly bool _hasOwnHead;
    private readonly Family _family;
    private readonly string _checkpoint;
    private readonly ModelParameters _parameters;
    private readonly Dictionary<string, IndexedTensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<(DiagnosticDescriptor Descriptor, object[] Arguments)> _found = [];

    private CheckpointChecker(ModelSpec spec, bool hasOwnHead, string checkpoint)
    {
        (_spec, _hasOwnHead, _family, _checkpoint) = (spec, hasOwnHead, Family.Of(spec), checkpoint);
        _parameters = _family.Parameters(spec);
    }

    /// <param name="spec">The model.</param>
    /// <param name="configuration">The file that declares it.</param>
    /// <param name="hasOwnHead">Whether an attribute says the head: then the checkpoint, which is to be fine-tuned, need not have it.</param>
    /// <param name="files">The project's additional files.</param>
    /// <param name="location">Where to report.</param>
    /// <param name="problems">Where to add it.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static void Check(ModelSpec spec, string configuration, bool hasOwnHead, ImmutableArray<AdditionalText> files, Location? location, Problems problems, CancellationToken cancellation)
    {
        var folder = ArchitectureFile.Normalize(configuration + "/..");
        var indexes = files.Where(file => file.Path.EndsWith(Extension, StringComparison.Ordinal)).Select(file => CheckpointIndex.Read(file, cancellation)).OfType<CheckpointIndex>()
            .Where(index => ArchitectureFile.Normalize(index.Checkpoint + "/..") == folder).ToList();
        if (indexes.Count == 0)
            return;

        var checker = new CheckpointChecker(spec, hasOwnHead, indexes[0].Checkpoint);
        checker.Compare(indexes);
        foreach (var (descriptor, arguments) in checker._found.Take(MostReported))
            problems.Add(descriptor, location, arguments);

        if (checker._found.Count > MostReported)
            problems.Add(Descriptors.CheckpointDoesNotFit, location, indexes[0].Checkpoint, $"{Words.Number(checker._found.Count - MostReported)} more tensors do not fit either");
    }

    private void Compare(IReadOnlyList<CheckpointIndex> indexes)
    {
        foreach (var index in indexes)
        {
            if (index.Fault is not null)
                _found.Add((Descriptors.CheckpointUnreadable, [index.Checkpoint, index.Fault]));

            foreach (var tensor in index.Tensors)
                _tensors[tensor.Name] = tensor;
        }

        // Of a file without a header there is nothing else to say.
        if (_found.Count > 0)
            return;

        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (stored, name) in _parameters.All.SelectMany(Stored))
            Compare(stored, name, used);

        foreach (var tensor in _tensors.Values.Where(tensor => !used.Contains(tensor.Name)))
            CompareOther(tensor);
    }

    private void Compare(StoredTensor stored, string name, HashSet<string> used)
    {
        var found = new[] { _family.Prefix + name, name }.Distinct().Where(_tensors.ContainsKey).Select(own => _tensors[own]).ToList();
        used.UnionWith(found.Select(tensor => tensor.Name));
        var saved = _family.IsOutsidePrefix(name) ? name : _family.Prefix + name;
        if (found.Count == 0 && !(_hasOwnHead && IsOfHead(stored)))
            Add(saved, "missing", Shape(stored));
        else if (found.Count > 1)
            Add(saved, $"there twice, as {found[0].Name} and as {found[1].Name}", "one of them");
        else if (found.Count == 1 && !(_hasOwnHead && IsOfHead(stored)))
            Compare(found[0], stored.Shape);
    }

    private void Compare(IndexedTensor tensor, IReadOnlyList<int> shape)
    {
        if (!tensor.Shape.SequenceEqual(shape.Select(side => (long)side)))
            Add(tensor.Name, Shape(tensor.Shape), Shape(shape.Select(side => (long)side)));
        if (tensor.Type is not ("F32" or "F16" or "BF16"))
            Add(tensor.Name, tensor.Type, "F32, F16 or BF16");
    }

    // Copies of a tied head have the embedding's shape; whatever else other writers store is none of the model's.
    private void CompareOther(IndexedTensor tensor)
    {
        var bare = tensor.Name.StartsWith(_family.Prefix, StringComparison.Ordinal) ? tensor.Name.Substring(_family.Prefix.Length) : tensor.Name;
        if (_family.IgnoredTensors(_spec).Any(pattern => Matches(pattern, bare)))
        {
            if (bare == "lm_head.weight")
                Compare(tensor, _parameters.TokenEmbedding.Shape);
        }
        else if (!_hasOwnHead || !(_family.IsOutsidePrefix(bare) || bare.StartsWith("pooler.", StringComparison.Ordinal)))
        {
            Add(tensor.Name, $"{tensor.Type} {Shape(tensor.Shape)}", "no place for it");
        }
    }

    private void Add(string name, string found, string expected)
    {
        var checkpoint = _tensors.TryGetValue(name, out var tensor) ? tensor.Checkpoint : _checkpoint;
        _found.Add((Descriptors.CheckpointDoesNotFit, [checkpoint, $"{name} is {found}; the model has {expected}"]));
    }

    private bool IsOfHead(StoredTensor stored)
    {
        var head = _parameters.Head;
        return new[] { head.Transform?.Weight, head.Transform?.Bias, head.TransformNorm?.Gain, head.TransformNorm?.Bias, head.Weight, head.Bias }.Any(parameter => parameter?.Stored.Contains(stored) == true);
    }

    /// <summary>The tensors that a parameter is made of, of each layer.</summary>
    private IEnumerable<(StoredTensor Stored, string Name)> Stored(ParameterSpec parameter)
    {
        var layers = parameter.Segment switch
        {
            Segment.EncoderLayer => _spec.Encoder!.Layers,
            Segment.Layer => _spec.Main.Layers,
            _ => 1,
        };
        return Enumerable.Range(0, layers).SelectMany(layer => parameter.Stored.Select(stored => (stored, stored.Name.Replace(Layer, Words.Number(layer)))));
    }

    // The pattern's one {layer} stands for digits.
    private static bool Matches(string pattern, string name)
    {
        var at = pattern.IndexOf(Layer, StringComparison.Ordinal);
        if (at < 0)
            return pattern == name;

        var (before, after) = (pattern.Substring(0, at), pattern.Substring(at + Layer.Length));
        return name.Length > before.Length + after.Length && name.StartsWith(before, StringComparison.Ordinal) && name.EndsWith(after, StringComparison.Ordinal)
            && name.Substring(before.Length, name.Length - before.Length - after.Length).All(digit => digit is >= '0' and <= '9');
    }

    private static string Shape(StoredTensor stored) => Shape(stored.Shape.Select(side => (long)side));

    private static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape.Select(side => Words.Number(side)))}]";
}
