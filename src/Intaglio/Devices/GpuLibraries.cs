using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace Intaglio;

/// <summary>Which native library stands behind a name that ILGPU imports from: an assembly can have one resolver, and distributions ship other names than ILGPU asks for.</summary>
internal static class GpuLibraries
{
    private static readonly ConcurrentDictionary<string, nint> Found = new(StringComparer.OrdinalIgnoreCase);

    static GpuLibraries()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Find);
        }
        catch (InvalidOperationException)
        {
            // The process has already set a resolver of its own for ILGPU: then finding the libraries is its business.
        }
    }

    /// <summary>Lets imports whose name contains <paramref name="name"/> go to a library; 0 leaves them as they are.</summary>
    public static void Resolve(string name, nint library)
    {
        if (library != 0)
            Found[name] = library;
    }

    private static nint Find(string name, Assembly assembly, DllImportSearchPath? path) =>
        Found.FirstOrDefault(pair => name.Contains(pair.Key, StringComparison.OrdinalIgnoreCase)).Value;
}
