using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Xunit;

namespace Intaglio.Generators.Tests.Fixes;

/// <summary>A project's settings and pragmas hold for these diagnostics as for any others.</summary>
public sealed class SeverityTests
{
    private const string DropoutInService = "[Decoder, Precision(BF16), Attention(Dropout = 0.1f)] partial class Story;";
    private const string RaggedVocabulary = "[Transformer(VocabularySize = 50257), Decoder] partial class Story;";

    private static readonly Dictionary<string, DiagnosticSeverity> Severities = new()
    {
        ["suggestion"] = DiagnosticSeverity.Info,
        ["warning"] = DiagnosticSeverity.Warning,
        ["error"] = DiagnosticSeverity.Error,
    };

    [Theory]
    [InlineData("INTG011", DropoutInService, "none")]
    [InlineData("INTG040", RaggedVocabulary, "none")]
    public Task Setting_turns_a_diagnostic_off(string id, string source, string severity) => WithSeverity(source, id, severity).RunAsync();

    [Theory]
    [InlineData("INTG011", "[Decoder, Precision(BF16), Attention({|#0:Dropout = 0.1f|})] partial class Story;", "suggestion")]
    [InlineData("INTG040", "[Transformer({|#0:VocabularySize = 50257|}), Decoder] partial class Story;", "warning")]
    [InlineData("INTG040", "[Transformer({|#0:VocabularySize = 50257|}), Decoder] partial class Story;", "error")]
    public Task Setting_changes_the_severity(string id, string source, string severity)
    {
        var analysis = WithSeverity(source, id, severity);
        analysis.ExpectedDiagnostics.Add(new DiagnosticResult(id, Severities[severity]).WithLocation(0));
        return analysis.RunAsync();
    }

    [Theory]
    [InlineData("INTG011", "[Decoder, Precision(BF16), Attention({|INTG011:Dropout = 0.1f|})] partial class Loud;", "[Decoder, Precision(BF16), Attention(Dropout = 0.1f)] partial class Silent;")]
    [InlineData("INTG024", "[Decoder, PositionEncoding(PositionEncodingKind.None, {|INTG024:RotaryTheta = 9|})] partial class Loud;", "[Decoder, PositionEncoding(PositionEncodingKind.None, RotaryTheta = 9)] partial class Silent;")]
    [InlineData("INTG040", "[Transformer({|INTG040:VocabularySize = 50257|}), Decoder] partial class Loud;", "[Transformer(VocabularySize = 50257), Decoder] partial class Silent;")]
    [InlineData("INTG044", "[Decoder, Attention({|INTG044:SlidingWindow = 1|})] partial class Loud;", "[Decoder, Attention(SlidingWindow = 1)] partial class Silent;")]
    public Task Pragma_turns_a_diagnostic_off_where_it_stands(string id, string loud, string silent) =>
        new Analysis($"#pragma warning disable {id}\n{silent}\n#pragma warning restore {id}\n{loud}") { TestBehaviors = TestBehaviors.SkipSuppressionCheck }.RunAsync();

    private static Analysis WithSeverity(string source, string id, string severity) => new(source)
    {
        TestState = { AnalyzerConfigFiles = { ("/.editorconfig", $"root = true\n\n[*.cs]\ndotnet_diagnostic.{id}.severity = {severity}\n") } },
    };
}
