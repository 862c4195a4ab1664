using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Positions;

public sealed class RelativePositionBucketsTests
{
    // With 16 buckets a side, 8 exact ones and a maximum of 128, bucket 8 + k begins at the least distance of 8 · 2^(k/2) or more: 8, 12, 16, 23, 32, 46, 64, 91.
    private static readonly int[] BothSides = [8, 12, 16, 23, 32, 46, 64, 91];

    // With 32 buckets, 16 exact ones and a maximum of 128, bucket 16 + k begins at the least distance of 16 · 8^(k/16) or more.
    private static readonly int[] OneSide = [16, 19, 21, 24, 27, 31, 35, 40, 46, 52, 59, 67, 77, 87, 99, 113];

    [Fact]
    public void Encoder_has_a_half_of_the_buckets_for_each_side()
    {
        for (var distance = 0; distance < 300; distance++)
        {
            var expected = distance < 8 ? distance : 7 + BothSides.Count(first => first <= distance);
            Assert.Equal(expected, RelativePositionBuckets.Bucket(-distance, bidirectional: true));
            Assert.Equal(distance == 0 ? 0 : 16 + expected, RelativePositionBuckets.Bucket(distance, bidirectional: true));
        }
    }

    [Fact]
    public void Decoder_has_all_buckets_for_what_is_before()
    {
        for (var distance = 0; distance < 300; distance++)
        {
            Assert.Equal(distance < 16 ? distance : 15 + OneSide.Count(first => first <= distance), RelativePositionBuckets.Bucket(-distance, bidirectional: false));
            Assert.Equal(0, RelativePositionBuckets.Bucket(distance, bidirectional: false));
        }
    }

    [Theory]
    [InlineData(8, 20, true)]
    [InlineData(8, 20, false)]
    [InlineData(64, 256, true)]
    [InlineData(13, 50, false)]
    [InlineData(2, 7, false)]
    [InlineData(4, 2, true)]
    public void Other_sizes_agree_with_the_formula_in_double_away_from_borders(int buckets, int maximum, bool bidirectional)
    {
        var count = bidirectional ? buckets / 2 : buckets;
        var exact = count / 2;
        var seen = 0;
        for (var distance = exact; distance < 2 * maximum; distance++)
        {
            var step = Math.Log((double)distance / exact) / Math.Log((double)maximum / exact) * (count - exact);

            // Four operations in single precision, each right to 6e-8, on values up to 64.
            if (step < count - exact && Math.Abs(step - Math.Round(step)) < 2e-5)
                continue;

            seen++;
            Assert.Equal(Math.Min(count - 1, exact + (int)Math.Floor(step)), RelativePositionBuckets.Bucket(-distance, bidirectional, buckets, maximum));
        }

        Assert.True(seen > maximum / 2, $"only {seen} distances lie away from borders");
    }

    [Fact]
    public void Table_has_the_bucket_of_every_distance_around_its_origin()
    {
        var table = RelativePositionBuckets.Table(200, bidirectional: true);

        Assert.Equal(399, table.Length);
        for (var distance = -199; distance <= 199; distance++)
            Assert.Equal(RelativePositionBuckets.Bucket(distance, bidirectional: true), table[199 + distance]);
        Assert.Equal([3, 2, 1, 0, 0, 0, 0], RelativePositionBuckets.Table(4, bidirectional: false));
        Assert.Equal([0], RelativePositionBuckets.Table(1, bidirectional: true));
    }

    [Theory]
    [InlineData(3, 128, true)]
    [InlineData(1, 128, false)]
    [InlineData(32, 8, true)]
    [InlineData(32, 16, false)]
    public void Sizes_without_room_for_exact_buckets_are_refused(int buckets, int maximum, bool bidirectional)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RelativePositionBuckets.Table(8, bidirectional, buckets, maximum));
        Assert.Throws<ArgumentOutOfRangeException>(() => RelativePositionBuckets.Table(0, bidirectional));
    }
}
