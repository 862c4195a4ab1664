namespace Intaglio.Checkpoints;

/// <summary>
/// Saves a model so that at every moment its directory holds a whole checkpoint or none. All files are complete on the disk before one gets its name.
/// </summary>
/// <remarks>
/// <para>
/// Where the directory's present configuration describes the same model, giving the weights their name is the whole change, and either configuration fits
/// either weights. Where it describes another one, it is removed first and the new one comes last: weights without a configuration are refused when read.
/// </para>
/// <para>
/// model.safetensors goes before an index. So one file takes the place of any checkpoint by its renaming; and files of an index take the place of one file by
/// its removal, of another index by the renaming of theirs. Only where files of the old index have the names of new ones is that index removed first, and
/// there is no checkpoint until the new one stands.
/// </para>
/// </remarks>
internal static class CheckpointSaver
{
    public static void Save(LanguageModel model, string directory, SaveOptions options)
    {
        try
        {
            if (CheckpointManifest.IsIn(directory))
                throw new CheckpointException(directory, null, "a directory that is no run's checkpoint", CheckpointManifest.FileName, "this is a run's checkpoint, whose hashes would no longer hold; save the model in another directory");

            var isNew = !Directory.Exists(directory);
            Directory.CreateDirectory(directory);
            try
            {
                SaveFiles(model, directory, options);
            }
            catch when (isNew)
            {
                Directory.Delete(directory);
                throw;
            }
        }
        catch (Exception fault) when (FileFault.IsOfWriting(fault))
        {
            throw new CheckpointException(directory, null, "a directory that can be written", fault.Message, $"the model cannot be saved here: {fault.Message}", fault);
        }
    }

    /// <summary>Writes model.safetensors as a run's checkpoint has it: the file that <see cref="Save"/> writes, without its care for the name.</summary>
    public static void WriteWeights(LanguageModel model, Stream stream)
    {
        var weights = new WeightWriter(model, model.StorageType);
        using var writer = new SafetensorsWriter(stream, weights.Entries(model.Description.Parameters.Parameters()));
        weights.Write(model.Description.Parameters.Parameters(), writer, CheckpointDirectory.WeightsName);
        writer.Complete();
    }

    private static void SaveFiles(LanguageModel model, string directory, SaveOptions options)
    {
        var configurationPath = CheckpointDirectory.Configuration(directory);
        using var configuration = AtomicFile.Completed(configurationPath, ConfigurationFile.Content(model.Description.Configuration));
        using var weights = new CompleteWeights(model, directory, options);

        if (!ConfigurationFile.Agrees(configurationPath, model.Description.Configuration))
            AtomicFile.Remove(configurationPath);

        weights.Commit();
        configuration.Commit();
        weights.RemoveOthers();
    }
}
