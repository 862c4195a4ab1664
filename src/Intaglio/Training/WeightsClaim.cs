namespace Intaglio;

/// <summary>Who may write a model's weights.</summary>
internal static class WeightsClaim
{
    private static readonly Lock Gate = new();

    /// <summary>Makes <paramref name="writer"/> the model's only writer; does nothing where it is already.</summary>
    /// <exception cref="InvalidOperationException">Another one is.</exception>
    public static void Take(LanguageModel model, object writer)
    {
        lock (Gate)
        {
            if (model.Writer is { } other && other != writer)
                throw new InvalidOperationException($"{model.Description.Name} is being trained by another Trainer; dispose that one first.");

            model.Writer = writer;
        }
    }

    /// <summary>Ends the claim, if <paramref name="writer"/> holds it.</summary>
    public static void Release(LanguageModel model, object writer)
    {
        lock (Gate)
        {
            if (model.Writer == writer)
                model.Writer = null;
        }
    }

    /// <summary>Checks that a session may read the weights.</summary>
    /// <param name="model">The model.</param>
    /// <param name="trainer">The trainer that opened the session, if one did.</param>
    /// <exception cref="InvalidOperationException">Someone else writes them.</exception>
    public static void RequireReadable(LanguageModel model, object? trainer)
    {
        if (model.Writer is { } writer && writer != trainer)
        {
            throw new InvalidOperationException(
                $"{model.Description.Name} is being trained, so its weights are changing; open the session with the Trainer's OpenSession, or dispose the Trainer first.");
        }
    }
}
