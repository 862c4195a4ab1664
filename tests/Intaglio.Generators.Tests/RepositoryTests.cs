using Xunit;

namespace Intaglio.Generators.Tests;

public sealed class RepositoryTests
{
    [Fact]
    public void Solution_lists_every_project()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Dsl.sln"));
        var projects = new[] { "src", "generators", "tests", "examples" }
            .Select(folder => Path.Combine(Repository.Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('/', '\\'));

        Assert.All(projects, project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }
}
