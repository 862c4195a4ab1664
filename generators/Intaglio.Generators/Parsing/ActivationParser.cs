using System.Text.RegularExpressions;
using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Location = Microsoft.CodeAnalysis.Location;

namespace Intaglio.Generators.Parsing;

/// <summary>The activation that a declaration sets: a built-in one by value, or an own one by the name of its method.</summary>
internal static class ActivationParser
{
    /// <summary>Whether a part's is set apart from all others'.</summary>
    public static bool IsSetFor(Settings settings, AppliesTo part) => settings.IsSet(Keys.In(Keys.Activation, part)) || settings.IsSet(Keys.In(Keys.ActivationMethod, part));

    public static ActivationSpec Parse(Settings settings, AppliesTo part, Compilation compilation, Problems problems, CancellationToken cancellation)
    {
        var (builtIn, own) = (Keys.In(Keys.Activation, part), Keys.In(Keys.ActivationMethod, part));
        if (settings.OwnerOf(own) is not { } owner)
            return BuiltIn(settings, builtIn);

        var name = settings.Get(own, "");
        var location = settings.LocationOf(cancellation, own);
        if (settings.OwnerOf(builtIn) is not null)
            problems.Add(Descriptors.TwoActivations, location, settings.Remove(own, builtIn), name);

        var candidates = Candidates(owner, name).ToList();
        if (candidates.Count == 0)
        {
            problems.Add(Descriptors.ActivationMethodNotFound, location, name, owner.Name);
            return BuiltIn(settings, builtIn);
        }

        var method = candidates.FirstOrDefault(candidate => candidate.Parameters.Length == 1 && PointwiseParser.Misdeclared(candidate) is null) ?? candidates[0];
        if ((PointwiseParser.Misdeclared(method) ?? (method.Parameters.Length > 1 ? "has more than one parameter" : null)) is { } reason)
            problems.Add(Descriptors.ActivationMethodUnusable, location, PointwiseParser.RemedyOf(method), name, reason);
        else if (method.DeclaringSyntaxReferences.IsEmpty)
            problems.Add(Descriptors.PointwiseWithoutSource, location, name);
        else
            return Own(method, location, compilation, problems, cancellation);

        return BuiltIn(settings, builtIn);
    }

    // An unknown value is reported by its number; the model is not compiled then.
    public static ActivationSpec BuiltIn(Settings settings, string key)
    {
        var activation = (Activation)settings.Get(key, (int)Activation.GeluTanh);
        return Activations.Of(Enum.IsDefined(typeof(Activation), activation) ? activation : Activation.GeluTanh);
    }

    private static ActivationSpec Own(IMethodSymbol method, Location? location, Compilation compilation, Problems problems, CancellationToken cancellation)
    {
        // What is wrong with the body is reported where the method is analyzed, once for all models.
        var found = new Problems();
        var formula = new PointwiseParser(compilation, found, cancellation).Parse(method, [Expression.X]);
        if (found.AreErrors)
            problems.AddReportedElsewhere();
        else if (formula.Derivative(Operand.X) is Constant { Value: 0 })
            problems.Add(Descriptors.ActivationConstant, location, method.Name);

        var name = Names.Pascal(method.Name);
        return new(name, Regex.Replace(name, "(?<=[a-z0-9])(?=[A-Z])", "_").ToLowerInvariant(), formula) { IsOwn = true };
    }

    /// <summary>The methods that a simple name can mean where the class stands.</summary>
    private static IEnumerable<IMethodSymbol> Candidates(INamedTypeSymbol owner, string name)
    {
        for (var type = owner; type is not null; type = type.ContainingType)
        {
            var methods = type.GetMembers(name).OfType<IMethodSymbol>().ToList();
            if (methods.Count > 0)
                return methods;
        }

        return [];
    }
}
