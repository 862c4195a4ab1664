namespace Intaglio.Benchmarks;

/// <summary>What is compared with cannot be had, or has failed; the message says why, and what to do.</summary>
internal sealed class PeerException(string message, Exception? inner = null) : Exception(message, inner);
