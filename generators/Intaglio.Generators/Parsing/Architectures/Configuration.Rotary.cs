using Intaglio.Compiler;
using Intaglio.Generators.Parsing.Json;

namespace Intaglio.Generators.Parsing.Architectures;

/// <content>Rotary positions.</content>
internal sealed partial class Configuration
{
    private static readonly Dictionary<string, RotaryScalingKind> RotaryScalings = new(StringComparer.Ordinal)
    {
        ["default"] = RotaryScalingKind.None,
        ["linear"] = RotaryScalingKind.Linear,
        ["dynamic"] = RotaryScalingKind.DynamicNtk,
        ["yarn"] = RotaryScalingKind.Yarn,
        ["llama3"] = RotaryScalingKind.Llama3,
    };

    /// <summary>
    /// θ and the scaling: <c>rope_theta</c> with <c>rope_scaling</c>, whose kind was called <c>type</c> before <c>rope_type</c>, or all of it in <c>rope_parameters</c>, as transformers writes it from
    /// version 5 on.
    /// </summary>
    /// <param name="context">The model's own context, which that of pre-training is unless the file says another.</param>
    public void Rotary(int context)
    {
        Number("rope_theta", 10_000, Keys.RotaryTheta);
        foreach (var key in new[] { "rope_scaling", "rope_parameters" })
        {
            if (Inside(key) is { } inside)
            {
                inside.ReadRotary(context);
                inside.ReportUnknown(key);
                Add(inside);
            }
        }
    }

    private void ReadRotary(int context)
    {
        if (!IsNull("rope_theta"))
            Number("rope_theta", 10_000, Keys.RotaryTheta);

        Alias("rope_type", "type");
        if (Find("rope_type") is not { } member)
            return;

        if (member.Value is not JsonString name || !RotaryScalings.TryGetValue(name.Value, out var kind))
        {
            NotSupported(member, Words.Or([.. RotaryScalings.Keys.Select(type => $"\"{type}\"")]));
            Ignore([.. root.Members.Select(other => other.Key)]);
            return;
        }

        Set(Keys.Scaling, (int)kind, member);
        if (kind == RotaryScalingKind.None)
            return;

        Number("factor", 1, Keys.ScalingFactor);
        if (OptionalSize("original_max_position_embeddings", Keys.OriginalContextLength) is null)
            Set(Keys.OriginalContextLength, context);

        if (kind == RotaryScalingKind.Llama3)
        {
            Number("low_freq_factor", 1, Keys.LowFrequencyFactor);
            Number("high_freq_factor", 4, Keys.HighFrequencyFactor);
        }
        else if (kind == RotaryScalingKind.Yarn)
        {
            // Those of the paper (Peng et al., arXiv:2309.00071).
            Only("beta_fast", null, 32);
            Only("beta_slow", null, 1);
            Only("attention_factor", null);
            Only("mscale", null);
            Only("mscale_all_dim", null);
            Only("truncate", true);
        }
    }
}
