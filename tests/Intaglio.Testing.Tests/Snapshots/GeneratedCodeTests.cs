using System.Reflection;
using System.Runtime.Loader;
using Xunit;

namespace Intaglio.Testing.Tests;

/// <summary>The code of a model, read from what it was compiled into.</summary>
public sealed class GeneratedCodeTests
{
    [Fact]
    public void Code_is_what_the_generator_added_to_the_compilation()
    {
        var folder = Path.Combine(
            typeof(GeneratedCodeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "GeneratedFiles").Value!,
            "Intaglio.Generators", "Intaglio.Generators.ModelGenerator");
        var written = Directory.GetFiles(folder, "Intaglio.Testing.Tests.Gpt.*").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllText(file)));

        Assert.Equal(written, GeneratedCode.Of<Gpt>());
    }

    [Fact]
    public void Models_inside_of_each_other_have_each_their_own()
    {
        var outer = GeneratedCode.Of<Nesting.Outer>();
        var inner = GeneratedCode.Of<Nesting.Outer.Inner>();

        Assert.Equal(outer.Count, inner.Count);
        Assert.All(outer, file => Assert.Contains("partial class Outer", file.Text, StringComparison.Ordinal));
        Assert.All(outer, file => Assert.DoesNotContain("partial class Inner", file.Text, StringComparison.Ordinal));
        Assert.All(inner, file => Assert.Contains("partial class Inner", file.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Intaglio.Testing.Tests.Gpt.g.cs", true)]
    [InlineData("Intaglio.Testing.Tests.Gpt.Forward.g.cs", true)]
    [InlineData("Intaglio.Testing.Tests.Gpt.0123abcd.Forward.g.cs", true)]
    [InlineData("Intaglio.Testing.Tests.Gpt.0123abcd.g.cs", true)]
    [InlineData("Intaglio.Testing.Tests.Gpt2.g.cs", false)]
    [InlineData("Intaglio.Testing.Tests.Gpt+Other.Forward.g.cs", false)]
    [InlineData("Intaglio.Testing.Tests.Gpt.Other.Forward.g.cs", false)]
    [InlineData("Other.Intaglio.Testing.Tests.Gpt.g.cs", false)]
    public void Files_belong_to_the_class_that_they_are_named_after(string file, bool expected) => Assert.Equal(expected, GeneratedCode.IsOf(typeof(Gpt), file));

    [Fact]
    public void Class_without_generated_code_is_an_error() =>
        Assert.Contains("code that was generated for", Assert.Throws<SnapshotException>(() => GeneratedCode.Of<Mistaken<NoMistake>>()).Message, StringComparison.Ordinal);

    [Fact]
    public void Assembly_without_a_pdb_is_an_error_that_says_what_to_set()
    {
        var folder = Directory.CreateTempSubdirectory("intaglio-pdb-").FullName;
        var context = new AssemblyLoadContext("Without a PDB", isCollectible: true);
        try
        {
            var copy = Path.Combine(folder, "Intaglio.Testing.Tests.dll");
            File.Copy(typeof(Gpt).Assembly.Location, copy);

            Assert.Contains("set DebugType", FailureOf(context.LoadFromAssemblyPath(copy)), StringComparison.Ordinal);
        }
        finally
        {
            context.Unload();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Assembly_that_is_no_file_is_an_error()
    {
        var context = new AssemblyLoadContext("From memory", isCollectible: true);
        using var image = new MemoryStream(File.ReadAllBytes(typeof(Gpt).Assembly.Location));

        Assert.Contains("not loaded from a file", FailureOf(context.LoadFromStream(image)), StringComparison.Ordinal);
        context.Unload();
    }

    private static string FailureOf(Assembly assembly)
    {
        var read = typeof(GeneratedCode).GetMethod(nameof(GeneratedCode.Of))!.MakeGenericMethod(assembly.GetType(typeof(Gpt).FullName!)!);
        return Assert.IsType<SnapshotException>(Assert.Throws<TargetInvocationException>(() => read.Invoke(null, null)).InnerException).Message;
    }
}
