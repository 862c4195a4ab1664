namespace Intaglio.Compiler;

/// <summary>Emits the GPU entry points: named for profilers, each one call of a library loop.</summary>
internal static class KernelsEmitter
{
    public static EmittedFile Emit(LoweredModel model) =>
        ModelFile.Write(model.Spec.Declaration, "Kernels", ["Intaglio.Numerics", "Intaglio.Numerics.Gpu"], "", writer =>
        {
            writer.Summary("GPU entry points, found by their names; a CPU runs none of them.");
            using (writer.WriteBlock("private static class Kernels"))
            {
                writer.Separated(model.Kernels, kernel =>
                {
                    writer.Summary(kernel.Summary);
                    writer.Line($"public static void {kernel.Name}({kernel.Arguments} at) => {kernel.Call}(at);");
                    if (kernel.TiledCall is null)
                        return;

                    writer.Line();
                    writer.Summary($"{kernel.Summary} By tiles in shared memory.");
                    writer.Line($"public static void {kernel.Name}Tiled({kernel.Arguments} at) => {kernel.TiledCall}(at);");
                });
            }
        });
}
