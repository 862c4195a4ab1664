namespace Intaglio.Compiler.Tests.Gradients;

/// <summary>Derivatives along a line, from values alone.</summary>
internal static class FiniteDifferences
{
    /// <summary>
    /// (f(-2h) - 8 f(-h) + 8 f(h) - f(2h)) / 12h, with an error of h⁴ f⁽⁵⁾ / 30 by truncation and about 1.5 ε |f| / h by rounding (ε = 1.1e-16): at h = 2e-4
    /// 5e-17 f⁽⁵⁾ and 1e-12 |f|. Norms of small rows bend strongly, so that f⁽⁵⁾ can be 1e6.
    /// </summary>
    public static double Smooth(Func<double, double> f, double h = 2e-4) => (f(-2 * h) - (8 * f(-h)) + (8 * f(h)) - f(2 * h)) / (12 * h);

    /// <summary>(f(h) - f(-h)) / 2h with so small a step that no kink, such as ReLU's at 0, lies within it; rounding leaves about ε |f| / h = 1e-10.</summary>
    public static double Kinked(Func<double, double> f, double h = 1e-6) => (f(h) - f(-h)) / (2 * h);
}
