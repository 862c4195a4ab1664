using System.Text.Json;
using System.Text.Json.Serialization;

namespace Intaglio.Benchmarks;

/// <summary>One JSON object a line for each case, as soon as it is measured.</summary>
internal sealed class JsonReport(TextWriter output) : IReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public void Add(Case measured)
    {
        output.WriteLine(JsonSerializer.Serialize(measured, Options));
        output.Flush();
    }

    public void End()
    {
    }
}
