namespace Intaglio.Compiler;

/// <summary>Emits the structs whose constants specialise the library's algorithms.</summary>
internal static class ShapesEmitter
{
    /// <summary>What each constant counts or says, in whichever shape it stands.</summary>
    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["BackwardKernel"] = "Name of the backward pass's GPU entry point; empty without one.",
        ["Buckets"] = "Ranges of distances that share a number.",
        ["Centers"] = "Whether a row's mean is subtracted.",
        ["ChunkRows"] = "Rows whose logits are held at once.",
        ["Columns"] = "Columns of the result.",
        ["DropoutRate"] = "Probability that an attention weight is dropped.",
        ["Epsilon"] = "Added to the variance, or to the mean square.",
        ["GainOffset"] = "Added to the gain.",
        ["GroupStride"] = "Columns from one group of a row to the next.",
        ["Groups"] = "Groups of a row, each normalized by itself.",
        ["HasBias"] = "Whether a bias is added.",
        ["HeadSize"] = "Columns of a head.",
        ["HeadStride"] = "Columns from one head to the next.",
        ["Heads"] = "Heads of the queries.",
        ["Inner"] = "Length of the sums.",
        ["InputStride"] = "Columns from one row of the input to the next.",
        ["Interleaved"] = "Whether neighbouring columns turn together, rather than the halves of a head.",
        ["Kernel"] = "Name of the GPU entry point; empty without one.",
        ["KeyStride"] = "Columns from one row's key to the next row's.",
        ["KeyValueHeads"] = "Heads of keys and values.",
        ["LogitSoftCap"] = "c where logits are c · tanh(z / c); 0 where they are z.",
        ["PaddingToken"] = "The token that gets no gradient; -1 without one.",
        ["Positions"] = "Rows of the table of positions; 0 without one.",
        ["QueryStride"] = "Columns from one row's query to the next row's.",
        ["RotatedSize"] = "Columns of a head that turn.",
        ["Transposed"] = "Whether the weight is stored [columns, inner] rather than [inner, columns].",
        ["ValueStride"] = "Columns from one row's value to the next row's.",
        ["Vocabulary"] = "Tokens.",
        ["Width"] = "Columns of a row.",
    };

    public static EmittedFile Emit(LoweredModel model) =>
        ModelFile.Write(model.Spec.Declaration, "Shapes", ["System.Runtime.CompilerServices", "Intaglio.Numerics"], "", writer =>
            writer.Separated(model.Definitions.Where(named => named.Definition is not (FusionDefinition or GateDefinition)), named =>
            {
                writer.Summary(named.Definition.Summary);
                if (named.Definition is ShapeDefinition shape)
                    WriteShape(writer, named.Name, shape);
                else if (named.Definition is ScoreDefinition score)
                    WriteScore(writer, named.Name, score);
                else if (named.Definition is WindowDefinition window)
                    WriteWindow(writer, named.Name, window);
            }));

    private static void WriteShape(SourceWriter writer, string name, ShapeDefinition shape)
    {
        using (writer.WriteBlock($"private readonly struct {name} : {shape.Interface}"))
            writer.Separated(shape.Members, member =>
            {
                writer.Summary(Meanings[member.Name]);
                writer.Line($"public static {member.Type} {member.Name} => {member.Value};");
            });
    }

    private static void WriteScore(SourceWriter writer, string name, ScoreDefinition score)
    {
        using (writer.WriteBlock($"private readonly struct {name} : IScoreModifier"))
        {
            writer.Summary($"{score.Summary} Of each product q · k, [queries, keys].");
            ExpressionPrinter.WriteFunction(writer, "public static T Invoke<T>(T product)", score.Formula, _ => "product");
            writer.Line();
            writer.Summary("∂ score / ∂ (q · k), [queries, keys].");
            ExpressionPrinter.WriteFunction(writer, "public static T Derivative<T>(T product)", score.Formula.Derivative(Operand.X), _ => "product");
        }
    }

    private static void WriteWindow(SourceWriter writer, string name, WindowDefinition window)
    {
        using (writer.WriteBlock($"private readonly struct {name} : IMask"))
        {
            writer.Lines($"""
                /// <summary>Positions that a query sees, its own included.</summary>
                private const int Positions = {Literal.Integer(window.Positions)};

                /// <summary>The first key that a query sees.</summary>
                public static int First(int query) => query < Positions ? 0 : query - Positions + 1;

                /// <summary>The key after the last that a query sees.</summary>
                public static int End(int query, int keys) => query < keys ? query + 1 : keys;

                /// <summary>The first query that sees a key.</summary>
                public static int FirstQuery(int key) => key;

                /// <summary>The query after the last that sees a key.</summary>
                public static int EndQuery(int key, int queries) => queries - key < Positions ? queries : key + Positions;
                """);
        }
    }
}
