using Intaglio.Tokenizers;

namespace Intaglio;

/// <summary>What a trainer lets others see of the weights between two steps.</summary>
public static class TrainerSessions
{
    extension<TModel>(Trainer<TModel> trainer)
        where TModel : LanguageModel, ITrainable<TModel>, ILanguageModel<TModel>
    {
        /// <summary>Opens a session that may read the weights between two steps; use it on the trainer's thread.</summary>
        /// <param name="options">The session's sizes; null for one sequence of the model's context length.</param>
        public GenerationSession<TModel> OpenSession(SessionOptions? options = null) => new(trainer.Model, options ?? new(), trainer);

        /// <summary>Joins the model and a tokenizer, for sampling text between two steps.</summary>
        /// <exception cref="ArgumentException">They have different vocabularies.</exception>
        public TextModel<TModel> OpenTextModel(ITokenizer tokenizer) => new(trainer.Model, tokenizer, trainer);
    }
}
