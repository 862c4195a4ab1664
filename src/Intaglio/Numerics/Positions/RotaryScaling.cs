namespace Intaglio.Numerics;

/// <summary>
/// How rotary positions are stretched beyond the context that a model was trained on: what becomes of each pair's inverse frequency
/// f = θ^(-2i / RotatedSize), and by how much cosines and sines are scaled. Each kind is transformers' <c>rope_type</c> of that name
/// (<c>modeling_rope_utils.py</c>), computed in double.
/// </summary>
public abstract record RotaryScaling
{
    private RotaryScaling()
    {
    }

    /// <summary>What cosines and sines are multiplied by, so that scores grow by its square. 1 where the kind has none.</summary>
    public virtual double AttentionScale => 1;

    /// <summary>The scaled inverse frequency of one pair, in radians a position.</summary>
    /// <param name="angles">The angles that are scaled.</param>
    /// <param name="pair">The pair, from 0.</param>
    /// <param name="positions">The sequence's length, of which only <see cref="DynamicNtk"/> depends.</param>
    internal abstract double InverseFrequency(RotaryAngles angles, int pair, int positions);

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the message names it and says what it may be.</exception>
    internal abstract void Validate();

    // Between f / factor (interpolated) at share 0 and f (kept) at share 1.
    private static double Mix(double frequency, double factor, double share) => (frequency / factor * (1 - share)) + (frequency * share);

    private static void AtLeastOne(double factor, string name) => Require(factor >= 1 && double.IsFinite(factor), factor, "1 or more", name);

    private static void Require(bool holds, double value, string expected, string name)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} of a rotary scaling must be {expected}.");
    }

    /// <summary>Positions divided by a factor, f / factor (Chen et al., arXiv:2306.15595); <c>linear</c>.</summary>
    /// <param name="Factor">By how much the context is longer, 1 or more.</param>
    public sealed record Linear(double Factor) : RotaryScaling
    {
        internal override double InverseFrequency(RotaryAngles angles, int pair, int positions) => angles.UnscaledFrequency(pair) / Factor;

        internal override void Validate() => AtLeastOne(Factor, nameof(Factor));
    }

    /// <summary>
    /// θ raised with the length n of the sequence, θ · (factor · n / original - (factor - 1))^(RotatedSize / (RotatedSize - 2)), and left alone up to the
    /// original context; <c>dynamic</c>. A table of a fixed context length has n = max(context length, original), so it equals what transformers computes for
    /// a sequence that fills the context.
    /// </summary>
    /// <param name="Factor">By how much the context is longer, 1 or more.</param>
    /// <param name="OriginalContextLength">The context of training, <c>max_position_embeddings</c>.</param>
    public sealed record DynamicNtk(double Factor, int OriginalContextLength) : RotaryScaling
    {
        internal override double InverseFrequency(RotaryAngles angles, int pair, int positions)
        {
            var length = Math.Max(positions, OriginalContextLength);
            var growth = (Factor * length / OriginalContextLength) - (Factor - 1);

            // Of a single pair the exponent is infinite, and its frequency 1 whatever θ is: IEEE powers have ∞⁰ = 1.
            var theta = angles.Theta * Math.Pow(growth, angles.RotatedSize / (angles.RotatedSize - 2.0));
            return Math.Pow(theta, -2.0 * pair / angles.RotatedSize);
        }

        internal override void Validate()
        {
            AtLeastOne(Factor, nameof(Factor));
            Require(OriginalContextLength >= 1, OriginalContextLength, "1 or more", nameof(OriginalContextLength));
        }
    }

    /// <summary>
    /// YaRN (Peng et al., arXiv:2309.00071): pairs that turn more than <see cref="BetaFast"/> times in the original context keep f, those that turn less than
    /// <see cref="BetaSlow"/> times get f / factor, with a linear ramp over the pairs between; <c>yarn</c>.
    /// </summary>
    /// <param name="Factor">By how much the context is longer, 1 or more.</param>
    /// <param name="OriginalContextLength">The context of training, <c>original_max_position_embeddings</c>.</param>
    public sealed record Yarn(double Factor, int OriginalContextLength) : RotaryScaling
    {
        /// <summary>Turns in the original context from which on a pair keeps its frequency. Default 32.</summary>
        public double BetaFast { get; init; } = 32;

        /// <summary>Turns in the original context up to which a pair is interpolated. Default 1.</summary>
        public double BetaSlow { get; init; } = 1;

        /// <summary>What cosines and sines are multiplied by; null, the default, for what <see cref="AttentionScale"/> says.</summary>
        public double? AttentionFactor { get; init; }

        /// <summary><c>mscale</c>; has an effect only together with <see cref="MscaleAllDimensions"/>. Default 0, unset.</summary>
        public double Mscale { get; init; }

        /// <summary><c>mscale_all_dim</c>; has an effect only together with <see cref="Mscale"/>. Default 0, unset.</summary>
        public double MscaleAllDimensions { get; init; }

        /// <summary>Whether the ramp's ends are rounded outwards to whole pairs, <c>truncate</c>. Default true.</summary>
        public bool Truncate { get; init; } = true;

        /// <summary>
        /// <see cref="AttentionFactor"/> where it is set; else, with m(s) = 0.1 · s · ln(factor) + 1, m(<see cref="Mscale"/>) / m(<see cref="MscaleAllDimensions"/>)
        /// where both are set; else m(1).
        /// </summary>
        public override double AttentionScale =>
            AttentionFactor ?? (Mscale != 0 && MscaleAllDimensions != 0 ? Magnitude(Mscale) / Magnitude(MscaleAllDimensions) : Magnitude(1));

        internal override double InverseFrequency(RotaryAngles angles, int pair, int positions)
        {
            var (low, high) = (PairOf(BetaFast, angles), PairOf(BetaSlow, angles));
            if (Truncate)
                (low, high) = (Math.Floor(low), Math.Ceiling(high));
            (low, high) = (Math.Max(low, 0), Math.Min(high, angles.RotatedSize - 1));

            // As transformers has it, so that ends that meet are a step and no division by zero.
            if (low == high)
                high += 0.001;
            return Mix(angles.UnscaledFrequency(pair), Factor, 1 - Math.Clamp((pair - low) / (high - low), 0, 1));
        }

        internal override void Validate()
        {
            AtLeastOne(Factor, nameof(Factor));
            Require(OriginalContextLength >= 1, OriginalContextLength, "1 or more", nameof(OriginalContextLength));
            Require(BetaSlow > 0, BetaSlow, "above 0", nameof(BetaSlow));
            Require(BetaFast > BetaSlow && double.IsFinite(BetaFast), BetaFast, $"above BetaSlow, {BetaSlow}", nameof(BetaFast));
            Require(AttentionFactor is null or > 0, AttentionFactor ?? 0, "above 0", nameof(AttentionFactor));
            Require(Mscale >= 0, Mscale, "0 or more", nameof(Mscale));
            Require(MscaleAllDimensions >= 0, MscaleAllDimensions, "0 or more", nameof(MscaleAllDimensions));
        }

        private double Magnitude(double scale) => (0.1 * scale * Math.Log(Factor)) + 1;

        // The pair, as a real number, that turns so often in the original context: f · original = 2π · turns solved for i.
        private double PairOf(double turns, RotaryAngles angles) =>
            angles.RotatedSize * Math.Log(OriginalContextLength / (turns * 2 * Math.PI)) / (2 * Math.Log(angles.Theta));
    }

    /// <summary>
    /// Llama 3.1's: pairs that turn more than <paramref name="HighFrequencyFactor"/> times in the original context keep f, those that turn less than
    /// <paramref name="LowFrequencyFactor"/> times get f / factor, with a ramp linear in the number of turns between; <c>llama3</c>.
    /// </summary>
    /// <param name="Factor"><c>factor</c>, 1 or more; 8 in Llama 3.1.</param>
    /// <param name="LowFrequencyFactor"><c>low_freq_factor</c>; 1 in Llama 3.1.</param>
    /// <param name="HighFrequencyFactor"><c>high_freq_factor</c>; 4 in Llama 3.1.</param>
    /// <param name="OriginalContextLength"><c>original_max_position_embeddings</c>; 8192 in Llama 3.1.</param>
    public sealed record Llama3(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContextLength) : RotaryScaling
    {
        internal override double InverseFrequency(RotaryAngles angles, int pair, int positions)
        {
            var frequency = angles.UnscaledFrequency(pair);
            var turns = OriginalContextLength * frequency / (2 * Math.PI);
            return Mix(frequency, Factor, Math.Clamp((turns - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor), 0, 1));
        }

        internal override void Validate()
        {
            AtLeastOne(Factor, nameof(Factor));
            Require(LowFrequencyFactor > 0, LowFrequencyFactor, "above 0", nameof(LowFrequencyFactor));
            Require(
                HighFrequencyFactor > LowFrequencyFactor && double.IsFinite(HighFrequencyFactor), HighFrequencyFactor,
                $"above LowFrequencyFactor, {LowFrequencyFactor}", nameof(HighFrequencyFactor));
            Require(OriginalContextLength >= 1, OriginalContextLength, "1 or more", nameof(OriginalContextLength));
        }
    }
}
