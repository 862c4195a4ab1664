using System.Globalization;
using System.Text.RegularExpressions;
using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>A file of weights that is to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">What it holds, in order.</param>
internal sealed partial record Shard(string Name, IReadOnlyList<Parameter> Parameters)
{
    /// <summary>Whether a file has the name of one of several.</summary>
    public static bool IsName(string name) => Names().IsMatch(name);

    /// <summary>
    /// Divides a model as transformers does (huggingface_hub, <c>split_state_dict_into_shards_factory</c>): tensors in order, as many to a file as fit; one
    /// that is too large for any has a file of its own.
    /// </summary>
    /// <param name="parameters">The tensors.</param>
    /// <param name="bytesPerElement">Bytes an element.</param>
    /// <param name="maximumBytes">The most bytes of tensors in one file.</param>
    public static Shard[] Divide(IEnumerable<Parameter> parameters, int bytesPerElement, long maximumBytes)
    {
        var files = new List<List<Parameter>>();
        var current = new List<Parameter>();
        var currentBytes = 0L;
        foreach (var parameter in parameters)
        {
            var bytes = parameter.Entry.Count * bytesPerElement;
            if (bytes > maximumBytes)
            {
                files.Add([parameter]);
                continue;
            }

            if (currentBytes + bytes > maximumBytes)
            {
                files.Add(current);
                (current, currentBytes) = ([], 0);
            }

            current.Add(parameter);
            currentBytes += bytes;
        }

        if (current.Count > 0)
            files.Add(current);
        return [.. files.Select((held, file) => new Shard(NameOf(file, files.Count), held))];
    }

    private static string NameOf(int file, int count) => count == 1
        ? CheckpointDirectory.WeightsName
        : string.Create(CultureInfo.InvariantCulture, $"model-{file + 1:00000}-of-{count:00000}.safetensors");

    [GeneratedRegex(@"^model-[0-9]{5}-of-[0-9]{5}\.safetensors\z", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
