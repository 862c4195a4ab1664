using System.CommandLine;

namespace Intaglio.Mutations;

/// <summary>
/// Makes one mistake at a time in a copy of the repository, and shows that a test fails each time. By hand, since it takes an hour or more:
/// <c>dotnet run -c Release --project tests/Intaglio.Mutations</c>.
/// </summary>
internal static class Program
{
    private static readonly Dictionary<Outcome, string> Words = new()
    {
        [Outcome.Killed] = "killed",
        [Outcome.Survived] = "SURVIVED",
        [Outcome.DoesNotBuild] = "DOES NOT BUILD",
    };

    private static int Main(string[] arguments)
    {
        var first = new Option<int>("--first") { Description = "The number of the first mutant, from 1.", DefaultValueFactory = _ => 1 };
        var count = new Option<int>("--count") { Description = "How many mutants.", DefaultValueFactory = _ => int.MaxValue };
        var only = new Option<string>("--only") { Description = "Only mutants whose file's path has this in it.", DefaultValueFactory = _ => "" };
        var list = new Option<bool>("--list") { Description = "Names the mutants, says which no longer apply, and runs nothing." };
        var command = new RootCommand("Shows that tests notice mistakes.") { first, count, only, list };
        command.SetAction(parsed =>
        {
            (int Number, Mutant Mutant)[] mutants =
            [
                .. AllMutants.All.Select((mutant, index) => (Number: index + 1, mutant))
                    .Skip(parsed.GetValue(first) - 1)
                    .Where(pair => pair.mutant.File.Contains(parsed.GetValue(only)!, StringComparison.Ordinal))
                    .Take(parsed.GetValue(count)),
            ];
            return parsed.GetValue(list) ? List(mutants) : Run(mutants);
        });
        return command.Parse(arguments).Invoke();
    }

    private static int List((int Number, Mutant Mutant)[] mutants)
    {
        foreach (var (number, mutant) in mutants)
            Console.WriteLine($"{number,3} {mutant}");
        return AllApply(mutants) ? 0 : 2;
    }

    private static bool AllApply((int Number, Mutant Mutant)[] mutants)
    {
        var stale = mutants.Where(pair => !pair.Mutant.AppliesIn(RepositoryCopy.Root())).ToArray();
        foreach (var (number, mutant) in stale)
            Console.Error.WriteLine($"{number,3} {mutant.File} does not have exactly one '{mutant.Original}'.");

        return stale.Length == 0;
    }

    private static int Run((int Number, Mutant Mutant)[] mutants)
    {
        if (!AllApply(mutants))
            return 2;

        using var copy = new RepositoryCopy();
        foreach (var tests in mutants.GroupBy(pair => pair.Mutant.Tests.Project, pair => pair.Mutant.Tests.Filter))
        {
            if (copy.Run(new(tests.Key, string.Join('|', tests.Distinct().Select(filter => $"({filter})")))) is not Outcome.Survived)
            {
                Console.Error.WriteLine($"{tests.Key} fails before anything is mutated.\n{copy.Output}");
                return 2;
            }
        }

        var killed = 0;
        foreach (var (number, mutant) in mutants)
        {
            var outcome = copy.Try(mutant);
            killed += outcome == Outcome.Killed ? 1 : 0;
            Console.WriteLine($"{number,3} {Words[outcome],-14} {mutant}");
        }

        Console.WriteLine($"{killed} killed, {mutants.Length - killed} not");
        return killed == mutants.Length ? 0 : 1;
    }
}
