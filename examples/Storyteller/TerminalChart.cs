using System.Globalization;

namespace Intaglio.Examples;

/// <summary>A run's losses as lines of braille dots, two by four to a character; held-out losses as circles.</summary>
internal static class TerminalChart
{
    private const int Columns = 64;
    private const int Lines = 10;
    private const char Blank = '\u2800';

    // The dots of a braille character, by line and column.
    private static readonly int[,] Dots = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    public static IEnumerable<string> Draw(LossHistory history)
    {
        var points = history.Training.Concat(history.Validation).Where(point => double.IsFinite(point.Loss)).ToArray();
        if (points.Length < 2)
            return [];

        var (least, most, steps) = (points.Min(point => point.Loss), points.Max(point => point.Loss), points.Max(point => point.Step));
        var cells = Enumerable.Range(0, Lines).Select(_ => new string(Blank, Columns).ToCharArray()).ToArray();
        foreach (var point in history.Training)
        {
            var (x, y) = Scale(point, Columns * 2, Lines * 4);
            cells[y / 4][x / 2] |= (char)Dots[y % 4, x % 2];
        }

        foreach (var point in history.Validation)
        {
            var (x, y) = Scale(point, Columns, Lines);
            cells[y][x] = '●';
        }

        return
        [
            .. cells.Select((line, i) => $"{Label(i),7} │{new string(line)}"),
            $"{"",7} └{new string('─', Columns)}",
            $"{"",9}⠶ training  ● held-out, nats a token; {steps} steps",
        ];

        (int X, int Y) Scale(LossPoint point, int width, int height) => (
            (int)Math.Min(width - 1, (point.Step - 1) * width / Math.Max(steps, 1)),
            (int)Math.Clamp((most - point.Loss) / Math.Max(most - least, 1e-9) * height, 0, height - 1));

        string Label(int line) => line % 3 == 0 ? (most - ((most - least) * line / (Lines - 1))).ToString("F2", CultureInfo.InvariantCulture) : "";
    }
}
