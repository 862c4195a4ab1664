using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Intaglio.Benchmarks;

/// <summary>
/// llama.cpp with a model in a process of its own, on the processor alone: node-llama-cpp's prebuilt library, which npm installs beside <c>peer.mjs</c> when it is not there.
/// What is not said here is llama.cpp's own default: keys and values in F16, flash attention where the model allows it.
/// </summary>
internal sealed class LlamaCpp : IDisposable
{
    // Once: without a network npm tries for a minute or more before it fails, and what it said the first time is thrown again.
    private static readonly Lazy<bool> Installed = new(Install);

    private readonly Process _process;

    /// <summary>Loads a model.</summary>
    /// <param name="model">A GGUF file.</param>
    /// <param name="vocabulary">How many tokens it has.</param>
    /// <param name="threads">How many threads compute.</param>
    /// <param name="context">How many tokens a sequence may have.</param>
    /// <exception cref="PeerException">npm or node is missing, npm cannot install the library, or llama.cpp cannot load the model; the message says which.</exception>
    public LlamaCpp(string model, int vocabulary, int threads, int context)
    {
        _ = Installed.Value;
        _process = Start(
            "node", redirectInput: true,
            "peer.mjs", "--model", Path.GetFullPath(model), "--vocabulary", Plain(vocabulary), "--threads", Plain(threads), "--context", Plain(context));
        try
        {
            using var greeting = Answer();
            Version = greeting.RootElement.GetProperty("version").GetString()!;
            Instructions = greeting.RootElement.GetProperty("system").GetString()!;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Of llama.cpp and of the package that it comes in.</summary>
    public string Version { get; }

    /// <summary>The instruction sets that it uses, in llama.cpp's words.</summary>
    public string Instructions { get; }

    /// <summary>The time of <paramref name="tokens"/> tokens one after the other, behind a first one whose time is not counted, each with the logits of the next; ms.</summary>
    public double Decode(int tokens) => Milliseconds($"decode {Plain(tokens)}");

    /// <summary>The time of a prompt of <paramref name="tokens"/> tokens, with the logits of the next; ms.</summary>
    public double Prefill(int tokens) => Milliseconds($"prefill {Plain(tokens)}");

    /// <summary>The most probable token after others, and the probability of each.</summary>
    public (int Token, double[] Probabilities) Next(IEnumerable<int> tokens)
    {
        using var answer = Ask($"next {string.Join(' ', tokens.Select(Plain))}");
        return (answer.RootElement.GetProperty("token").GetInt32(), [.. answer.RootElement.GetProperty("probabilities").EnumerateArray().Select(item => item.GetDouble())]);
    }

    /// <summary>The most probable continuation.</summary>
    /// <param name="prompt">What is continued.</param>
    /// <param name="count">By how many tokens.</param>
    public int[] Greedy(IReadOnlyList<int> prompt, int count)
    {
        List<int> tokens = [.. prompt];
        while (tokens.Count < prompt.Count + count)
            tokens.Add(Next(tokens).Token);
        return [.. tokens.Skip(prompt.Count)];
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.WriteLine("quit");
        }
        catch (IOException)
        {
            // It has ended by itself, and said why.
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private static bool Install()
    {
        if (Directory.Exists(Path.Combine(Here(), "node_modules")))
            return true;

        Console.Error.WriteLine("npm ci");
        using var npm = Start("npm", redirectInput: false, "ci");

        // npm tells of success on standard output, which is this program's own.
        Console.Error.Write(npm.StandardOutput.ReadToEnd());
        npm.WaitForExit();
        return npm.ExitCode == 0
            ? true
            : throw new PeerException($"npm ci in {Here()} ended with {npm.ExitCode}: llama.cpp, with which speed is compared, could not be installed.");
    }

    private static Process Start(string program, bool redirectInput, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Here(), RedirectStandardInput = redirectInput, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception fault)
        {
            throw new PeerException($"{program} cannot be started ({fault.Message}): llama.cpp, with which speed is compared, is installed by npm and run by Node.js 20 or later. Install Node.js.", fault);
        }
    }

    private double Milliseconds(string command)
    {
        using var answer = Ask(command);
        return answer.RootElement.GetProperty("milliseconds").GetDouble();
    }

    private JsonDocument Ask(string command)
    {
        try
        {
            _process.StandardInput.WriteLine(command);
        }
        catch (IOException)
        {
            // It has ended, and the answer that is not there says so.
        }

        return Answer();
    }

    private JsonDocument Answer()
    {
        var line = _process.StandardOutput.ReadLine() ?? throw new PeerException("llama.cpp has ended; what it wrote above says why.");
        var answer = JsonDocument.Parse(line);
        return answer.RootElement.TryGetProperty("error", out var error) ? throw new PeerException($"llama.cpp: {error.GetString()}") : answer;
    }

    private static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
