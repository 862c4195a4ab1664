using System.Buffers;
using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>
/// Where the numbers of a tensor in a file come from: a parameter as it is or rearranged, or none. However large the tensor, no more than a few MiB of it are in
/// memory at once.
/// </summary>
internal abstract record TensorSource
{
    private TensorSource()
    {
    }

    /// <summary>The tensor's sides, row-major.</summary>
    public abstract IReadOnlyList<long> Shape { get; }

    /// <summary>Hands all numbers over, row-major, piece by piece.</summary>
    public abstract void Read(LanguageModel model, Action<ReadOnlySpan<float>> write);

    private static long[] ShapeOf(Parameter parameter) => [.. parameter.Entry.Shape.Select(side => (long)side)];

    private static void Read(LanguageModel model, long start, long count, Action<Span<float>> write)
    {
        var buffer = ArrayPool<float>.Shared.Rent(CheckpointDirectory.ChunkElements);
        for (var done = 0L; done < count; done += CheckpointDirectory.ChunkElements)
        {
            var chunk = buffer.AsSpan(0, (int)Math.Min(CheckpointDirectory.ChunkElements, count - done));
            model.LoadWeights(start + done, chunk);
            write(chunk);
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    /// <summary>A parameter as it is.</summary>
    public sealed record Stored(Parameter Parameter) : TensorSource
    {
        public override IReadOnlyList<long> Shape => ShapeOf(Parameter);

        public override void Read(LanguageModel model, Action<ReadOnlySpan<float>> write) =>
            Read(model, Parameter.Offset, Parameter.Entry.Count, chunk => write(chunk));
    }

    /// <summary>A gain g of norms that multiply by 1 + g, as 1 + g.</summary>
    public sealed record OnePlus(Parameter Parameter) : TensorSource
    {
        public override IReadOnlyList<long> Shape => ShapeOf(Parameter);

        public override void Read(LanguageModel model, Action<ReadOnlySpan<float>> write) => Read(model, Parameter.Offset, Parameter.Entry.Count, chunk =>
        {
            foreach (ref var gain in chunk)
                gain += 1;
            write(chunk);
        });
    }

    /// <summary>A parameter with its rows in another order.</summary>
    /// <param name="Parameter">The parameter, [rows, columns] or [rows].</param>
    /// <param name="StoredRow">Which of its rows a row of the file is.</param>
    public sealed record Reordered(Parameter Parameter, Func<long, long> StoredRow) : TensorSource
    {
        public override IReadOnlyList<long> Shape => ShapeOf(Parameter);

        public override void Read(LanguageModel model, Action<ReadOnlySpan<float>> write)
        {
            var (rows, columns) = (Shape[0], Parameter.Entry.Count / Shape[0]);
            var row = 0L;
            while (row < rows)
            {
                // Neighbours that stay neighbours are read together.
                var (first, run) = (StoredRow(row), 1L);
                while (row + run < rows && StoredRow(row + run) == first + run)
                    run++;

                Read(model, Parameter.Offset + (first * columns), run * columns, chunk => write(chunk));
                row += run;
            }
        }
    }

    /// <summary>A parameter [rows, columns] as [columns, rows].</summary>
    public sealed record Transposed(Parameter Parameter) : TensorSource
    {
        // So many that even the narrow slices of a wide matrix are not read number by number.
        private const int BlockElements = 16 * CheckpointDirectory.ChunkElements;

        public override IReadOnlyList<long> Shape => [.. ShapeOf(Parameter).Reverse()];

        public override void Read(LanguageModel model, Action<ReadOnlySpan<float>> write)
        {
            var (rows, columns) = (Parameter.Entry.Shape[0], Parameter.Entry.Shape[1]);
            var width = Math.Clamp(BlockElements / rows, 1, columns);
            var slice = ArrayPool<float>.Shared.Rent(width);
            var block = ArrayPool<float>.Shared.Rent(width * rows);
            for (var first = 0; first < columns; first += width)
            {
                var count = Math.Min(width, columns - first);
                for (var row = 0; row < rows; row++)
                {
                    model.LoadWeights(Parameter.Offset + ((long)row * columns) + first, slice.AsSpan(0, count));
                    for (var column = 0; column < count; column++)
                        block[(column * rows) + row] = slice[column];
                }

                write(block.AsSpan(0, count * rows));
            }

            ArrayPool<float>.Shared.Return(block);
            ArrayPool<float>.Shared.Return(slice);
        }
    }

    /// <summary>Numbers that are no parameter's.</summary>
    public sealed record Constant(float[] Values) : TensorSource
    {
        public override IReadOnlyList<long> Shape => [Values.Length];

        public override void Read(LanguageModel model, Action<ReadOnlySpan<float>> write) => write(Values);
    }

    /// <summary>Zeros, for what a model does without and llama.cpp does not.</summary>
    public sealed record Zeros(params long[] Sides) : TensorSource
    {
        public override IReadOnlyList<long> Shape => Sides;

        public override void Read(LanguageModel model, Action<ReadOnlySpan<float>> write)
        {
            var zeros = new float[Sides[^1]];
            for (var row = Sides.Aggregate(1L, (product, side) => product * side) / zeros.Length; row > 0; row--)
                write(zeros);
        }
    }
}
