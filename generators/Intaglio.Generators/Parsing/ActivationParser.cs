using System.Text.RegularExpressions;
using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Location = Microsoft.CodeAnalysis.Location;

namespace Intaglio.Generators.Parsing;

/// <summary>The activation that a declaration sets: a built-in one by value, or an own one by the name of its method.</summary>
internal static class ActivationParser
{
    public static ActivationSpec Parse(Settings settings, Compilation compilation, Problems problems, CancellationToken cancellation)
    {
        if (settings.OwnerOf(Keys.ActivationMethod) is not { } owner)
            return BuiltIn(settings);

        var name = settings.Get(Keys.ActivationMethod, "");
        var location = settings.LocationOf(cancellation, Keys.ActivationMethod);
        if (settings.IsSet(Keys.Activation))
            problems.Add(Descriptors.TwoActivations, location, settings.Remove(Keys.ActivationMethod, Keys.Activation), name);

        var candidates = Candidates(owner, name).ToList();
        if (candidates.Count == 0)
        {
            problems.Add(Descriptors.ActivationMethodNotFound, location, name, owner.Name);
            return BuiltIn(settings);
        }

        var method = candidates.FirstOrDefault(candidate => candidate.Parameters.Length == 1 && PointwiseParser.Misdeclared(candidate) is null) ?? candidates[0];
        if ((PointwiseParser.Misdeclared(method) ?? (method.Parameters.Length > 1 ? "has more than one parameter" : null)) is { } reason)
            problems.Add(Descriptors.ActivationMethodUnusable, location, PointwiseParser.RemedyOf(method), name, reason);
        else if (method.DeclaringSyntaxReferences.IsEmpty)
            problems.Add(Descriptors.PointwiseWithoutSource, location, name);
        else
            return Own(method, location, compilation, problems, cancellation);

        return BuiltIn(settings);
    }

    // An unknown value is reported by its number; the model is not compiled then.
    private static ActivationSpec BuiltIn(Settings settings)
    {
        var activation = (Activation)settings.Get(Keys.Activation, (int)Activation.GeluTanh);
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

        var name = char.ToUpperInvariant(method.Name[0]) + method.Name.Substring(1);
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
