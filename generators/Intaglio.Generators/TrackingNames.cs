namespace Intaglio.Generators;

/// <summary>The generator's steps, by the names under which tests see whether one ran.</summary>
internal static class TrackingNames
{
    public const string Configurations = nameof(Configurations);
    public const string Parse = nameof(Parse);
    public const string Models = nameof(Models);
    public const string Files = nameof(Files);

    public static readonly string[] All = [Parse, Models, Files];
}
