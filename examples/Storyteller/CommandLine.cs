using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Intaglio.Examples;

/// <summary>What the command line asks for; null where it says nothing.</summary>
internal sealed record Options(
    FileInfo? Text, int? Steps, string? Device, int? Threads, ulong? Seed, string? Preset, DirectoryInfo Out, bool Resume, bool SkipDamaged, int? CheckpointInterval, int? Keep, bool Json);

/// <summary>An option or file that cannot be used. The message names it and what was expected.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The options of this program.</summary>
internal static class CommandLine
{
    private static readonly Option<FileInfo?> Text = new("--text")
    {
        Description = "A UTF-8 text to train on. Default: the English of the .NET SDK's own documentation.",
        HelpName = "FILE",
    };

    private static readonly Option<int?> Steps = Number("--steps", "Optimizer steps in all. Default: the preset's.");

    private static readonly Option<string?> Device = new("--device")
    {
        Description = "best, cpu, cuda[:INDEX], opencl[:INDEX] or simulated. Default: cpu.",
        HelpName = "DEVICE",
    };

    private static readonly Option<int?> Threads = Number("--threads", "Threads of the CPU. Default: all.");

    private static readonly Option<ulong?> Seed = new("--seed")
    {
        Description = "Decides weights, batches and samples; the same seed gives the same run. Default: 1.",
        HelpName = "N",
        CustomParser = result => ulong.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : Fail<ulong?>(result, $"--seed expects a whole number of 0 or more, not '{result.Tokens[0].Value}'."),
    };

    private static readonly Option<string?> Preset = new("--preset")
    {
        Description = $"{string.Join(" or ", Presets.Names)}. Default: default.",
        HelpName = "NAME",
    };

    private static readonly Option<DirectoryInfo> Out = new("--out")
    {
        Description = "Where checkpoints, log.jsonl and loss.svg go. A run that is there already is moved aside.",
        HelpName = "DIRECTORY",
        DefaultValueFactory = _ => new("runs/storyteller"),
    };

    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on with the run in --out; a finished one is trained as long again, at its lowest rate, or up to --steps." };

    private static readonly Option<bool> SkipDamaged = new("--skip-damaged") { Description = "With --resume: where the newest checkpoint is damaged, go on from the newest one that is whole." };

    private static readonly Option<int?> CheckpointInterval = Number("--checkpoint-interval", "Steps from one checkpoint to the next. Default: the preset's.");

    private static readonly Option<int?> Keep = Number("--keep", "How many checkpoints stay, beside the one with the best held-out loss. Default: 2.");

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON lines only: one a step, and one at the end with val_loss and the costs." };

    /// <summary>Reads the command line.</summary>
    /// <returns>Null where it asked for help or the version, which has been printed.</returns>
    /// <exception cref="UsageException">An option is unknown or has a value that it cannot have.</exception>
    public static Options? Parse(string[] args)
    {
        var command = new RootCommand(
            "Trains a small GPT from an attribute-declared class, compares it with an order-3 model, lets it write, and saves it. "
            + "Ctrl+C or SIGTERM saves the run and exits with 130 or 143; bad input exits with 2.")
        {
            Text, Steps, Device, Threads, Seed, Preset, Out, Resume, SkipDamaged, CheckpointInterval, Keep, Json,
        };
        var result = command.Parse(args);
        if (result.Errors is [var error, ..])
            throw new UsageException($"{error.Message} See --help for the options.");

        // Only help and version have an action of their own.
        if (result.Action is not null)
        {
            result.Invoke();
            return null;
        }

        return new(
            result.GetValue(Text),
            result.GetValue(Steps),
            result.GetValue(Device),
            result.GetValue(Threads),
            result.GetValue(Seed),
            result.GetValue(Preset),
            result.GetRequiredValue(Out),
            result.GetValue(Resume),
            result.GetValue(SkipDamaged),
            result.GetValue(CheckpointInterval),
            result.GetValue(Keep),
            result.GetValue(Json));
    }

    private static Option<int?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : Fail<int?>(result, $"{name} expects a whole number of 1 or more, not '{result.Tokens[0].Value}'."),
    };

    private static T? Fail<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
