namespace Intaglio;

/// <summary>
/// Linear warm-up, then half a cosine down to a minimum (Loshchilov and Hutter, arXiv:1608.03983), step for step nanoGPT's <c>get_lr</c>.
/// </summary>
/// <param name="Peak">The rate after the warm-up.</param>
/// <param name="Minimum">The rate at <paramref name="DecaySteps"/> and after.</param>
/// <param name="WarmupSteps">Steps of the warm-up; 0 for none.</param>
/// <param name="DecaySteps">The step at which the cosine has come down to the minimum; not below <paramref name="WarmupSteps"/>.</param>
public readonly record struct LearningRateSchedule(double Peak, double Minimum, int WarmupSteps, int DecaySteps)
{
    /// <summary>
    /// The rate of one step: peak · (s + 1) / (warm-up + 1) while s &lt; warm-up, then minimum + ½ (1 + cos π r) (peak - minimum) with
    /// r = (s - warm-up) / (decay - warm-up), and the minimum once r is above 1.
    /// </summary>
    /// <param name="step">The step, from 0.</param>
    public double At(long step)
    {
        if (step < WarmupSteps)
            return Peak * (step + 1) / (WarmupSteps + 1);

        if (step >= DecaySteps)
            return Minimum;

        var ratio = (double)(step - WarmupSteps) / (DecaySteps - WarmupSteps);
        return Minimum + (0.5 * (1 + Math.Cos(Math.PI * ratio)) * (Peak - Minimum));
    }
}
