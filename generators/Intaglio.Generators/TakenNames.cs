using System.Collections.Concurrent;
using Intaglio.Compiler;
using Intaglio.Generators.Parsing;

namespace Intaglio.Generators;

/// <summary>
/// Which of an author's names collide with what is emitted. An editor asks after each key for every model, and has most of them compiled for nothing: the last
/// answer for each class is kept for as long as the class stays as it is.
/// </summary>
internal sealed class TakenNames
{
    private readonly ConcurrentDictionary<DeclarationSpec, (ParsedModel Model, EquatableArray<string> Names)> _last = new();

    /// <summary>The names, as <see cref="MemberSignatures"/> writes them.</summary>
    public EquatableArray<string> In(ParsedModel model, CancellationToken cancellation)
    {
        if (_last.TryGetValue(model.Declaration, out var last) && last.Model == model)
            return last.Names;

        var names = ModelFiles.Of(model, cancellation).Taken;
        _last[model.Declaration] = (model, names);
        return names;
    }
}
