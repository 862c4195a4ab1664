using Xunit;

namespace Intaglio.Compiler.Tests.Passes;

/// <summary>Every dropout of every layer draws random numbers of its own.</summary>
public sealed class DropoutTests
{
    public static TheoryData<string> Models => [.. ModelCases.Trained.Where(item => Drawn(item).Count > 0).Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void No_random_number_is_drawn_twice_in_a_forward_pass(string model)
    {
        var drawn = Drawn(ModelCases.ByName[model]);

        Assert.Equal(drawn.Count, drawn.Distinct().Count());
        Assert.All(drawn, number => Assert.InRange(number.Site, 0, int.MaxValue));
    }

    private static List<(int Site, long Element)> Drawn(ModelCase item)
    {
        var drawn = new List<(int, long)>();
        GraphInterpreter.Run(item.Training(), item.Call() with { Keep = Record });
        return drawn;

        double Record(int site, long element, double rate)
        {
            if (rate > 0)
                drawn.Add((site, element));

            return 1;
        }
    }
}
