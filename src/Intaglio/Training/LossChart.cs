using System.Globalization;
using System.Security;
using System.Text;

namespace Intaglio;

/// <summary>Draws a run's losses as an SVG picture: steps to the right, nats a token upwards, training as a line, held-out text as a line with dots.</summary>
public static class LossChart
{
    private const int Width = 720;
    private const int Height = 420;
    private const int Left = 64;
    private const int Right = 24;
    private const int Top = 48;
    private const int Bottom = 56;

    // More points than this make a larger file and no clearer line; each is the mean of its share of the steps.
    private const int MostPoints = 400;

    /// <summary>The picture as SVG 1.1 text.</summary>
    /// <param name="history">The losses; with none, the axes alone.</param>
    /// <param name="title">What stands above the picture.</param>
    public static string ToSvg(LossHistory history, string title = "Loss")
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(title);
        var training = Thin(history.Training);
        var all = training.Concat(history.Validation).Where(point => double.IsFinite(point.Loss)).ToArray();
        var steps = AxisTicks.Covering(0, all.Length == 0 ? 1 : all.Max(point => point.Step));
        var losses = AxisTicks.Covering(all.Length == 0 ? 0 : all.Min(point => point.Loss), all.Length == 0 ? 1 : all.Max(point => point.Loss));

        var svg = new SvgText();
        svg.Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.Line($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        svg.Line($"<text x=\"{Left}\" y=\"28\" font-size=\"16\">{Escape(title)}</text>");
        WriteStepAxis(svg, steps);
        WriteLossAxis(svg, losses);
        WriteSeries(svg, "training", "#4c78a8", training, steps, losses, legendRow: 0, hasDots: false);
        WriteSeries(svg, "held-out", "#e45756", history.Validation, steps, losses, legendRow: 1, hasDots: true);
        svg.Line($"</svg>");
        return svg.ToString();
    }

    private static void WriteStepAxis(SvgText svg, AxisTicks steps)
    {
        foreach (var tick in steps.Values())
        {
            var x = X(tick, steps);
            svg.Line($"<line x1=\"{x:F1}\" y1=\"{Height - Bottom}\" x2=\"{x:F1}\" y2=\"{Height - Bottom + 5}\" stroke=\"#444\"/>");
            svg.Line($"<text x=\"{x:F1}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{tick}</text>");
        }

        svg.Line($"<line x1=\"{Left}\" y1=\"{Height - Bottom}\" x2=\"{Width - Right}\" y2=\"{Height - Bottom}\" stroke=\"#444\"/>");
        svg.Line($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 14}\" text-anchor=\"middle\">step</text>");
    }

    private static void WriteLossAxis(SvgText svg, AxisTicks losses)
    {
        foreach (var tick in losses.Values())
        {
            var y = Y(tick, losses);
            svg.Line($"<line x1=\"{Left}\" y1=\"{y:F1}\" x2=\"{Width - Right}\" y2=\"{y:F1}\" stroke=\"#ddd\"/>");
            svg.Line($"<text x=\"{Left - 8}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{tick}</text>");
        }

        var middle = (Top + Height - Bottom) / 2;
        svg.Line($"<line x1=\"{Left}\" y1=\"{Top}\" x2=\"{Left}\" y2=\"{Height - Bottom}\" stroke=\"#444\"/>");
        svg.Line($"<text x=\"16\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 16 {middle})\">nats a token</text>");
    }

    private static void WriteSeries(SvgText svg, string name, string color, IReadOnlyList<LossPoint> points, AxisTicks steps, AxisTicks losses, int legendRow, bool hasDots)
    {
        if (points.Count == 0)
            return;

        var finite = points.Where(point => double.IsFinite(point.Loss)).Select(point => (X: X(point.Step, steps), Y: Y(point.Loss, losses))).ToArray();
        var path = string.Join(' ', finite.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F1},{point.Y:F1}")));
        svg.Line($"<polyline points=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>");
        if (hasDots)
        {
            foreach (var (x, y) in finite)
                svg.Line($"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"3\" fill=\"{color}\"/>");
        }

        var legend = Top + 12 + (legendRow * 18);
        svg.Line($"<line x1=\"{Width - Right - 120}\" y1=\"{legend - 4}\" x2=\"{Width - Right - 96}\" y2=\"{legend - 4}\" stroke=\"{color}\" stroke-width=\"2\"/>");
        svg.Line($"<text x=\"{Width - Right - 88}\" y=\"{legend}\">{Escape(name)}</text>");
    }

    private static LossPoint[] Thin(IReadOnlyList<LossPoint> points)
    {
        var share = (points.Count + MostPoints - 1) / MostPoints;
        return share <= 1 ? [.. points] : [.. points.Chunk(share).Select(chunk => new LossPoint(chunk[^1].Step, chunk.Average(point => point.Loss)))];
    }

    private static double X(double step, AxisTicks steps) => Left + (steps.Fraction(step) * (Width - Left - Right));

    private static double Y(double loss, AxisTicks losses) => Height - Bottom - (losses.Fraction(loss) * (Height - Top - Bottom));

    private static string Escape(string text) => SecurityElement.Escape(text);

    // Numbers are written alike in every culture; control characters, which XML cannot hold, do not pass.
    private sealed class SvgText
    {
        private readonly StringBuilder _text = new();

        public void Line(FormattableString line) => _text.Append(FormattableString.Invariant(line)).Append('\n');

        public override string ToString() => _text.ToString();
    }
}
