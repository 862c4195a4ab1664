using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <summary>What parsing one declaration found wrong.</summary>
internal sealed class Problems
{
    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();

    /// <summary>Whether the declaration is invalid, be it through a mistake that is another declaration's to report.</summary>
    public bool AreErrors { get; private set; }

    /// <param name="descriptor">The mistake.</param>
    /// <param name="location">Where it was made; null where it is reported elsewhere, by the compiler or in the declaration that this one is based on.</param>
    /// <param name="arguments">Of the message; numbers as invariant text.</param>
    public void Add(DiagnosticDescriptor descriptor, Location? location, params object[] arguments) => Add(descriptor, location, Remedy.None, arguments);

    /// <param name="descriptor">The mistake.</param>
    /// <param name="location">Where it was made; null where it is reported elsewhere.</param>
    /// <param name="remedy">What code fixes can do.</param>
    /// <param name="arguments">Of the message.</param>
    public void Add(DiagnosticDescriptor descriptor, Location? location, Remedy remedy, params object[] arguments)
    {
        AreErrors |= descriptor.DefaultSeverity == DiagnosticSeverity.Error;
        if (location is not null)
            _diagnostics.Add(Diagnostic.Create(descriptor, location, remedy.Elsewhere is { } elsewhere ? [elsewhere] : null, remedy.ToProperties(), arguments));
    }

    /// <summary>Adds what was found elsewhere.</summary>
    public void Add(Problems others)
    {
        AreErrors |= others.AreErrors;
        _diagnostics.AddRange(others._diagnostics);
    }

    /// <summary>Marks the declaration as invalid for a reason that is reported elsewhere.</summary>
    public void AddReportedElsewhere() => AreErrors = true;

    public ImmutableArray<Diagnostic> ToDiagnostics() => _diagnostics.ToImmutable();
}
