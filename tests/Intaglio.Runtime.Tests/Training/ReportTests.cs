using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Intaglio.Runtime.Tests.Training;

public class ReportTests
{
    [Fact]
    public void The_log_has_one_object_a_line_and_each_is_flushed()
    {
        using var stream = new MemoryStream();
        using var log = new JsonLinesLog(stream);
        log.Report(new(1, 10, 3.5, 3.5, 1e-4, 2, 1000, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9), null));
        var afterOne = stream.Length;
        log.Report(new(2, 10, 3.25, 3.4, 2e-4, 1, 1000, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8), 3.75));

        var lines = System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(afterOne > 0);
        Assert.Equal(2, lines.Length);
        using var first = JsonDocument.Parse(lines[0]);
        using var second = JsonDocument.Parse(lines[1]);
        Assert.False(first.RootElement.TryGetProperty("val_loss", out _));
        Assert.Equal(3.75, second.RootElement.GetProperty("val_loss").GetDouble());
        Assert.Equal(2, second.RootElement.GetProperty("step").GetInt32());
        Assert.Equal(8, second.RootElement.GetProperty("seconds_left").GetDouble());
    }

    [Fact]
    public void Progress_in_a_file_is_a_line_for_each_twentieth_measurement_and_checkpoint()
    {
        using var output = new StringWriter();
        var progress = new ConsoleProgress(output, isTerminal: false);
        for (var step = 1; step <= 100; step++)
            progress.Report(Progress(step, step == 12 ? 2.5 : null) with { Checkpoint = step == 17 ? Path.Combine("runs", "checkpoint-17") : null });

        string[] lines = [.. output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(22, lines.Length);
        Assert.Equal("step 5/100  loss 3.000  12,345 tokens/s  1:35 left", lines[0]);
        Assert.Equal("step 12/100  loss 3.000  held-out 2.500  12,345 tokens/s  1:28 left", lines[2]);
        Assert.Equal("step 17/100  loss 3.000  held-out 2.500  12,345 tokens/s  1:23 left  saved checkpoint-17", lines[4]);
        Assert.Equal("step 100/100  loss 3.000  held-out 2.500  12,345 tokens/s  0:00 left", lines[^1]);
    }

    [Fact]
    public void Progress_on_a_terminal_rewrites_its_line_five_times_a_second()
    {
        using var output = new StringWriter();
        var progress = new ConsoleProgress(output, isTerminal: true);
        for (var step = 1; step <= 100; step++)
            progress.Report(Progress(step, null) with { Elapsed = TimeSpan.FromMilliseconds(10 * step) });

        string[] lines = [.. output.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(["step 20/100", "step 40/100", "step 60/100", "step 80/100", "step 100/100"], lines.Select(line => string.Join(' ', line.Split(' ')[..2])));
        Assert.EndsWith(Environment.NewLine, lines[^1], StringComparison.Ordinal);
    }

    private static TrainingProgress Progress(long step, double? validationLoss) =>
        new(step, 100, 3.1, 3, 1e-4, 1, 12345, TimeSpan.FromSeconds(step), TimeSpan.FromSeconds(100 - step), validationLoss);

    [Fact]
    public void The_chart_is_the_same_valid_XML_in_every_culture()
    {
        var history = new LossHistory(1000);
        for (var step = 1; step <= 1000; step++)
            history.AddTraining(new(step, 1.5 + (4.0 / step)));
        history.AddValidation(new(500, 1.625));
        history.AddValidation(new(1000, 1.5));
        var expected = LossChart.ToSvg(history, "<Loss> & more");

        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "−";
        CultureInfo.CurrentCulture = culture;
        var svg = LossChart.ToSvg(history, "<Loss> & more");

        Assert.Equal(expected, svg);
        var root = XDocument.Parse(svg).Root!;
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal(2, root.Elements(ns + "polyline").Count());
        Assert.Equal(2, root.Elements(ns + "circle").Count());
        Assert.Contains(root.Elements(ns + "text"), text => text.Value == "<Loss> & more");

        // Losses up, so that the last point, the least loss, is the lowest on the picture.
        var ys = root.Elements(ns + "polyline").First().Attribute("points")!.Value.Split(' ').Select(point => double.Parse(point.Split(',')[1], CultureInfo.InvariantCulture)).ToArray();
        Assert.True(ys[0] < ys[^1]);
        Assert.All(ys, y => Assert.InRange(y, 0, 420));
    }

    [Fact]
    public void A_chart_of_nothing_has_axes() => Assert.NotEmpty(XDocument.Parse(LossChart.ToSvg(new(0))).Root!.Elements());

    [Theory]
    [InlineData(1.2, 5.6, new[] { 1.0, 2, 3, 4, 5, 6 })]
    [InlineData(0, 2000, new[] { 0.0, 500, 1000, 1500, 2000 })]
    [InlineData(1.51, 1.58, new[] { 1.5, 1.52, 1.54, 1.56, 1.58 })]
    [InlineData(2, 2, new[] { 2, 2.5 })]
    public void Ticks_are_round_and_cover_the_values(double least, double most, double[] expected) => Assert.Equal(expected, AxisTicks.Covering(least, most).Values());

    [Fact]
    public void The_smoothed_loss_starts_at_the_first_loss_and_moves_slowly()
    {
        var history = new LossHistory(2);
        history.AddTraining(new(1, 4));
        Assert.Equal(4, history.Smoothed);
        history.AddTraining(new(2, 2));
        Assert.Equal(((0.98 * 4) + 2) / 1.98, history.Smoothed, 1e-12);
    }
}
