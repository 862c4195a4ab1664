using System.Globalization;
using CsCheck;

namespace Intaglio.RandomModels;

/// <summary>What draws of arguments are made of.</summary>
internal static class Gens
{
    private static readonly int[] Primes = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127];

    public static Gen<bool> Booleans { get; } = Gen.Bool;

    public static Gen<string> Rates { get; } = Gen.OneOf("0", "0.1f", "0.25f", "0.5f", "0.9f");

    public static Gen<Argument[]> Nothing { get; } = Gen.Const(Array.Empty<Argument>());

    /// <summary>A size, extremes, primes and powers of two on purpose.</summary>
    public static Gen<int> Size(int largest, bool isEven = false) => isEven
        ? Gen.Int[1, largest / 2].Select(half => 2 * half)
        : Gen.Frequency((1, Gen.Const(1)), (3, Gen.OneOf([.. Primes.Where(prime => prime <= largest).DefaultIfEmpty(1)])), (1, Gen.OneOf([.. new[] { 2, 4, 8, 16, 32, 64, 128 }.Where(power => power <= largest).DefaultIfEmpty(1)])), (5, Gen.Int[1, largest]));

    /// <summary>A divisor.</summary>
    public static Gen<int> Divisor(int number) => Gen.OneOf([.. Enumerable.Range(1, number).Where(divisor => number % divisor == 0)]);

    /// <summary>An attribute without arguments.</summary>
    public static Gen<Argument[]> Alone(string attribute) => One(attribute, "", Gen.Const(""));

    public static Gen<Argument[]> One(string attribute, string name, Gen<string> value) => value.Select(text => new[] { new Argument(attribute, name, text) });

    /// <summary>Written in two of three draws.</summary>
    public static Gen<Argument[]> Optional(string attribute, string name, Gen<string> value) => Gen.Frequency((2, One(attribute, name, value)), (1, Nothing));

    /// <summary>Written in one of four draws.</summary>
    public static Gen<Argument[]> Rarely(string attribute, string name, Gen<string> value) => Gen.Frequency((1, One(attribute, name, value)), (3, Nothing));

    public static Gen<Argument[]> Together(params Gen<Argument[]>[] parts) => parts.Aggregate((left, right) => Gen.Select(left, right, (a, b) => (Argument[])[.. a, .. b]));

    /// <summary>The names of an enum's members, as code.</summary>
    public static Gen<string> Members<T>()
        where T : struct, Enum => Gen.OneOf([.. Enum.GetNames<T>().Select(name => $"{typeof(T).Name}.{name}")]);

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static Gen<string> Text(Gen<int> numbers) => numbers.Select(Text);

    public static Gen<string> Text(Gen<bool> booleans) => booleans.Select(value => value ? "true" : "false");
}
